import { run } from "../drivers/run.ts";
import { formatMarkdown } from "./markdown.ts";
import { EMPTY_TABLE, type Table } from "./table.ts";

const TABLE = new URL("./table.json", import.meta.url);

/** The page that shows the table, between two comments. */
export const PAGE: URL = new URL("../../../bench/README.md", import.meta.url);

/** Reads the table of the repository. */
export async function readTable(): Promise<Table> {
  try {
    return JSON.parse(await Deno.readTextFile(TABLE));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return EMPTY_TABLE;
    throw error;
  }
}

/** Writes the table of the repository, and shows it on its page. */
export async function writeTable(table: Table): Promise<void> {
  await Deno.writeTextFile(TABLE, formatTable(table));
  await Deno.writeTextFile(PAGE, withTables(await Deno.readTextFile(PAGE), formatMarkdown(table)));
  await run(Deno.execPath(), ["fmt", "--quiet", TABLE.pathname, PAGE.pathname]);
}

/** A table as JSON, with a line for each row. */
export function formatTable(table: Table): string {
  const row = /\{\s+("[^"]+": \d+(?:,\s+"[^"]+": \d+)*)\s+\}/g;
  return JSON.stringify(table, undefined, 2)
    .replaceAll(row, (_, numbers: string) => `{ ${numbers.replaceAll(/\s+/g, " ")} }`) + "\n";
}

/**
 * A page with other tables between the comments that mark where they belong.
 *
 * @throws {Error} if it has no such comments.
 */
export function withTables(page: string, tables: string): string {
  const [start, end] = ["<!-- check:gpus -->", "<!-- /check:gpus -->"];
  const [before, rest] = [page.indexOf(start), page.indexOf(end)];
  if (before < 0 || rest < before) {
    throw new Error(`bench/README.md must have ${start} and ${end}, found none`);
  }
  return `${page.slice(0, before)}${start}\n\n${tables}\n${page.slice(rest)}`;
}
