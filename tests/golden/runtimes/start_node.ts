/** Runs the bundle in Node with Dawn. Arguments: the bundle, what to run as JSON, and the package `webgpu`. */
import { readFile } from "node:fs/promises";
import process from "node:process";

const [bundle = "", task = "", webgpu = ""] = process.argv.slice(2);
const { create, globals } = await import(webgpu);
Object.assign(globalThis, globals);
Object.defineProperty(navigator, "gpu", { value: create([]) });
const { path, ids } = JSON.parse(task);
const { runGolden } = await import(bundle);
await runGolden(
  { path, ids },
  async (name: string) => new Uint8Array(await readFile(`${path}/${name}`)),
  (line: unknown) => console.log(JSON.stringify(line)),
);
// Dawn's threads would hold the process
process.exit();
