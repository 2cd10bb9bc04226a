/** Runs that the page saved, and their checkpoints. */
import { assertEquals } from "@std/assert";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { basename, dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { readSafetensors, type TensorData } from "../../../src/files/safetensors.ts";

/** Files of a checkpoint that hold tensors. */
const PARTS = ["generator", "discriminator", "training"] as const;

/** Saves the run of a page by a button, and unpacks it. Gives its folder. */
export async function savedRun(
  page: Page,
  folder: string,
  button = "Save the run",
): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  const zip = new ZipReader(new Uint8ArrayReader(await Deno.readFile(await download.path())));
  for (const entry of await zip.getEntries()) {
    if (entry.directory) continue;
    const path = join(folder, entry.filename);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(path, await entry.getData(new Uint8ArrayWriter()));
  }
  return join(folder, basename(download.suggestedFilename(), ".zip"));
}

/** Tensors by name. */
export type Tensors = ReadonlyMap<string, TensorData>;

/** All tensors of a checkpoint. */
export async function checkpoint(run: string, step: number): Promise<Tensors> {
  const place = `${run}/checkpoints/step-${String(step).padStart(6, "0")}`;
  const parts = await Promise.all(PARTS.map(async (part) => {
    const { tensors } = await readSafetensors(`${place}/${part}.safetensors`);
    return [...tensors].map(([name, tensor]) => [`${part}.${name}`, tensor] as const);
  }));
  return new Map(parts.flat());
}

/** Names of tensors whose bytes are not equal. */
export function differing(some: Tensors, others: Tensors): string[] {
  assertEquals([...some.keys()], [...others.keys()]);
  return [...some].filter(([name, { data }]) => {
    const [bytes, other] = [bytesOf(data), bytesOf(others.get(name)!.data)];
    return bytes.length !== other.length || bytes.some((byte, at) => byte !== other[at]);
  }).map(([name]) => name);
}

function bytesOf({ buffer, byteOffset, byteLength }: TensorData["data"]): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
