import type { Kernel } from "../../../src/gpu/kernel/kernel.ts";
import { orMissing } from "../drivers/missing.ts";
import { run } from "../drivers/run.ts";

/** A kernel that no compiler of WGSL may take. */
const WRONG: Kernel = {
  label: "wrong",
  code: "@compute @workgroup_size(1, 1, 1)\nfn main() { let x: u32 = 1.5; }",
  bindings: [],
  uniforms: [],
  subgroups: false,
};

/**
 * What Tint says of each kernel: nothing, if it is fine. It runs in a process with a configuration of its own.
 *
 * @throws {MissingError} if its package cannot be had.
 * @throws {Error} if it says nothing of a kernel that is wrong.
 */
export async function messagesOfTint(kernels: readonly Kernel[], folder: string): Promise<string[][]> {
  const [given, found] = [`${folder}/texts.json`, `${folder}/messages.json`];
  await Deno.writeTextFile(given, JSON.stringify([...kernels, WRONG]));
  const [config, child] = ["deno.json", "tint_child.ts"].map((name) =>
    new URL(`../tint/${name}`, import.meta.url).pathname
  ) as [string, string];
  await orMissing(
    "npm's package webgpu cannot be had",
    () => run(Deno.execPath(), ["cache", "--config", config, child]),
  );
  await run(Deno.execPath(), ["run", "-A", "--config", config, child, given, found]);
  const messages: string[][] = JSON.parse(await Deno.readTextFile(found));
  if (!messages.pop()?.length) {
    throw new Error("Tint takes a kernel that is wrong, so it says nothing of the others");
  }
  return messages;
}
