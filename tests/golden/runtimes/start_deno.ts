/** Runs the bundle in Deno. Arguments: the bundle, and what to run as JSON. */
import { readFile } from "node:fs/promises";

const [bundle = "", task = ""] = Deno.args;
const { path, ids } = JSON.parse(task);
const { runGolden } = await import(bundle);
await runGolden(
  { path, ids },
  async (name: string) => new Uint8Array(await readFile(`${path}/${name}`)),
  (line: unknown) => console.log(JSON.stringify(line)),
);
