/**
 * Remembers which kernel variants are fastest on an adapter: a file for each adapter in the user's cache.
 *
 * @module
 */
import { host } from "../../host/host.ts";
import { dirname } from "../../host/paths.ts";
import * as v from "valibot";
import { contractionChecksum, type Device } from "../../gpu/mod.ts";
import { writeFileAtomic } from "../../files/atomic_write.ts";
import { checkOwnFolder, makeOwnFolder } from "../../files/own_folder.ts";
import { cacheAdvice, userCache } from "../../files/user_cache.ts";

const FORMAT = 1;

const fileSchema = v.object({
  format: v.literal(FORMAT),
  adapter: v.string(),
  deno: v.string(),
  kernels: v.string(),
  variants: v.record(v.string(), v.string()),
});

type File = v.InferOutput<typeof fileSchema>;

/** Variants that were found in this process and could not be written to a file. */
const unwritten = new WeakMap<Device, ReadonlyMap<string, string>>();

/** What is remembered of an adapter. */
export interface Recalled {
  /** The fastest variants that were found. */
  readonly table: ReadonlyMap<string, string>;
  /** Why a file that is there counts for nothing. */
  readonly warning?: string;
}

/** File for the variants of a device's adapter; undefined if the user's cache folder is unknown. */
export function kernelMemoryPath(
  device: Device,
  folder: string | undefined = userCache("kernels"),
): string | undefined {
  if (folder === undefined) return undefined;
  const name = device.adapter.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
  return `${folder}/${name}.json`;
}

/**
 * Recalls the variants of a device's adapter. A file that is damaged, of another adapter, Deno version or
 * version of the kernels counts for nothing, with a warning; so does one that may not be read, without.
 */
export async function recallKernels(
  device: Device,
  path: string | undefined = kernelMemoryPath(device),
): Promise<Recalled> {
  const table = new Map<string, string>(unwritten.get(device));
  if (path === undefined || !host().may("read", path)) {
    return { table };
  }
  let text: string;
  try {
    text = await host().readTextFile(path);
  } catch {
    return { table };
  }
  const foreign = await checkOwnFolder(dirname(path)).catch((error: Error) => error.message);
  const problem = foreign ?? problemOf(text, device);
  if (problem === undefined) {
    return { table: new Map([...Object.entries((JSON.parse(text) as File).variants), ...table]) };
  }
  const advice = foreign === undefined ? ". --tune finds new ones" : "";
  return { table, warning: `Tuned kernels in ${path} are ignored: ${problem}${advice}` };
}

/**
 * Remembers variants for a device's adapter, beside those that are there and still count.
 *
 * @returns the file.
 * @throws {Error} if they cannot be remembered.
 */
export async function rememberKernels(
  device: Device,
  found: ReadonlyMap<string, string>,
  path: string | undefined = kernelMemoryPath(device),
): Promise<string> {
  if (path === undefined) {
    throw new Error(`Cannot save tuned kernels: the user's cache folder is unknown: ${cacheAdvice()}`);
  }
  const { table } = await recallKernels(device, path);
  const file: File = {
    ...identityOf(device),
    variants: Object.fromEntries([...new Map([...table, ...found])].sort(([a], [b]) => a < b ? -1 : 1)),
  };
  await makeOwnFolder(dirname(path));
  await writeFileAtomic(path, new TextEncoder().encode(`${JSON.stringify(file, undefined, 2)}\n`));
  return path;
}

/** Remembers variants for as long as this process and the device are there. */
export function keepKernels(device: Device, found: ReadonlyMap<string, string>): void {
  unwritten.set(device, found);
}

function identityOf(device: Device): Omit<File, "variants"> {
  return {
    format: FORMAT,
    adapter: device.adapter.name,
    deno: host().runtime.replace(/^Deno /, ""),
    kernels: contractionChecksum(),
  };
}

/** Why the text of a file counts for nothing, if it does. */
function problemOf(text: string, device: Device): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "the file is damaged";
  }
  const parsed = v.safeParse(fileSchema, value);
  if (!parsed.success) return "the file is damaged, or from another version";
  const [file, own] = [parsed.output, identityOf(device)];
  if (file.adapter !== own.adapter) return `they are for ${file.adapter}`;
  if (file.deno !== own.deno) return `they were found with Deno ${file.deno}`;
  return file.kernels === own.kernels ? undefined : "the kernels have changed since";
}
