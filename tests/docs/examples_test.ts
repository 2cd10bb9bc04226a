/** Examples in the documentation claim something, and assert it. */
import { assert, assertEquals } from "@std/assert";
import { readSource, sources } from "../support/source_files.ts";

/**
 * What counts as asserting: the conformance kit throws if a dataset is wrong, and an example that is a whole plugin claims
 * that it meets the contract, which its type holds it to.
 */
const ASSERTS = /\bassert\w*\(|\bcheckDataset\(|^export default /m;

/** Texts of the examples of a source, which `deno test --doc` runs; those marked `ignore` are not. */
function examplesOf(text: string): string[] {
  const blocks = text.matchAll(/^( \* |)```ts\n([\s\S]*?)^\1```$/gm);
  return [...blocks].map(([, , code = ""]) => code);
}

Deno.test("every example in the documentation asserts something", async () => {
  const paths = ["mod.ts", "gpu.ts", "nn.ts", "scores.ts", "README.md"];
  for (const folder of ["src/", "plugins/"]) for await (const path of sources(folder)) paths.push(path);
  for await (const { name } of Deno.readDir(new URL("../../docs/", import.meta.url))) {
    if (name.endsWith(".md")) paths.push(`docs/${name}`);
  }
  const silent: string[] = [];
  let count = 0;
  for (const path of paths) {
    for (const example of examplesOf(await readSource(path))) {
      count++;
      if (!ASSERTS.test(example)) silent.push(`${path}: ${example.trim().split("\n")[0]}`);
    }
  }
  assert(count > 100, `found ${count} examples`);
  assertEquals(silent, []);
});
