/** The page that follows a step names lines of code; they must be there. */
import { assert, assertEquals } from "@std/assert";
import { readSource } from "../support/source_files.ts";

Deno.test("docs/how-it-works.md names lines that exist in the files it links to", async () => {
  const page = await readSource("docs/how-it-works.md");
  // The formatter wraps long lines
  const quotes = page.replaceAll(/\n> (?!\[)/g, " ").split("\n").filter((line) => line.startsWith("> "));
  assert(quotes.length >= 20, `found ${quotes.length} places`);
  for (const quote of quotes) {
    const [, path, link, , code] = quote.match(/^> \[`(.+?)`\]\((.+?)\): (`+)(.+)\3$/) ?? [];
    assert(
      path !== undefined && link !== undefined && code !== undefined,
      `cannot read the place in: ${quote}`,
    );
    assertEquals(link, `../${path}`);
    assert((await readSource(path)).includes(code), `${path} has no line ${code}`);
  }
});
