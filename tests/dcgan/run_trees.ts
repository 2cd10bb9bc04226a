/** What a run leaves on disk, to be compared with what another one leaves. */
import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { parseConfig } from "../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import { train } from "../../src/dcgan/train.ts";
import type { Device } from "../../src/gpu/mod.ts";

/** Every file below a folder with its bytes, temporary names without what is random in them. */
export async function treeOf(folder: string): Promise<Map<string, string>> {
  const tree = new Map<string, string>();
  const visit = async (path: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      const inner = `${path}/${name}`;
      const key = inner.slice(folder.length + 1).replaceAll(/\.[0-9a-f]{8}\.tmp/g, ".*.tmp");
      if (isDirectory) tree.set(`${key}/`, "");
      if (isDirectory) await visit(inner);
      else tree.set(key, new TextDecoder("latin1").decode(await Deno.readFile(inner)));
    }
  };
  await visit(folder);
  // Where the run lies is all that its config says of the place
  const config = tree.get("config.json");
  if (config) tree.set("config.json", JSON.stringify({ ...parseConfig(config), out: "" }));
  return new Map([...tree].sort(([a], [b]) => a < b ? -1 : 1));
}

/** Throws unless two trees have the same files with the same bytes. */
export function assertSame(found: Map<string, string>, expected: Map<string, string>, message: string): void {
  assertEquals([...found.keys()], [...expected.keys()], message);
  for (const [name, bytes] of expected) assert(found.get(name) === bytes, `${message}: ${name} differs`);
}

/** What tells one tree from another. */
export function checksumOf(tree: Map<string, string>): string {
  return createHash("sha256").update(JSON.stringify([...tree])).digest("hex");
}

/** Copies a folder over another. */
export async function copy(from: string, to: string): Promise<void> {
  await Deno.remove(to, { recursive: true }).catch(() => {});
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copy(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

/** Trains to the end, without a report, which tells when it was made. Returns its warnings, and what ended it, if something did. */
export async function trainAll(
  device: Device,
  options: TrainOptions,
): Promise<{ warnings: string[]; error: Error | undefined }> {
  const warnings: string[] = [];
  try {
    for await (const event of train(device, { report: false, ...options })) {
      if (event.type === "warning") warnings.push(event.message);
    }
  } catch (error) {
    return { warnings, error: error as Error };
  }
  return { warnings, error: undefined };
}
