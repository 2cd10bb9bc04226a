import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { COMPILERS } from "../../../scripts/gpus/compile/compilers.ts";
import { CARDS } from "../../../scripts/gpus/record/cards.ts";
import { formatMarkdown } from "../../../scripts/gpus/table/markdown.ts";
import { formatTable, PAGE, readTable, withTables } from "../../../scripts/gpus/table/table_file.ts";

/** Without the spaces and dashes by which the formatter aligns columns. */
const plain = (markdown: string) => markdown.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");

Deno.test("readTable() has every card and every compiler", async () => {
  const table = await readTable();
  assertEquals(Object.keys(table.cards).sort(), CARDS.map(({ name }) => name).sort());
  for (const part of [table.drivers, table.kernels, table.variants]) {
    assertEquals(Object.keys(part).sort(), COMPILERS.map(({ name }) => name).sort());
  }
});

Deno.test("formatTable() writes a line for each row, and the same table", async () => {
  const table = await readTable();
  const text = formatTable(table);
  assertEquals(JSON.parse(text), table);
  assertStringIncludes(
    formatTable({ ...table, cards: { A: { S: { launches: 1, underfilled: 2 } } } }),
    [
      '    "A": {',
      '      "S": { "launches": 1, "underfilled": 2 }',
      "    }",
    ].join("\n"),
  );
});

Deno.test("the page of the bench shows the table", async () => {
  const page = plain(await Deno.readTextFile(PAGE));
  for (const line of formatMarkdown(await readTable()).trim().split("\n")) {
    assert(page.includes(plain(line)), `bench/README.md must have the line ${line}`);
  }
});

Deno.test("withTables() replaces what stands between its comments, or says that they are missing", () => {
  assertEquals(
    withTables("before <!-- check:gpus --> old <!-- /check:gpus --> after", "new\n"),
    "before <!-- check:gpus -->\n\nnew\n\n<!-- /check:gpus --> after",
  );
  assertThrows(() => withTables("nothing", "new"), Error, "must have");
});
