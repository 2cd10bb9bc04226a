/**
 * Folders of golden cases: a `manifest.json` that describes them, and one safetensors file for each.
 *
 * @module
 */
import { decodeSafetensors, type TensorData } from "../../src/files/safetensors.ts";
import { sha256 } from "./sha256.ts";

/** A folder of cases, wherever it lies: on a disk, or behind a server. */
export interface CaseFolder {
  /** Its path, for messages. */
  readonly path: string;
  /** The bytes of one of its files. */
  read(name: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** A folder on this machine, read by Deno. */
export function folderOnDisk(path: string): CaseFolder {
  return { path, read: (name) => Deno.readFile(`${path}/${name}`) };
}

/** What the manifest says about one case. */
export interface CaseDescription {
  /** Names the case in reports. */
  readonly id: string;
  /** What is computed. */
  readonly op: string;
  /** Its file, in the manifest's folder. */
  readonly file: string;
  /** How it is computed. */
  readonly params: Readonly<Record<string, unknown>>;
  /** How close results must come, by name or pattern; see `tolerances.ts`. */
  readonly tolerance: Readonly<Record<string, unknown>>;
  /** What the file holds. */
  readonly tensors: Readonly<Record<string, { readonly dtype: string; readonly shape: readonly number[] }>>;
  /** Checksum of the file, in hexadecimal. */
  readonly sha256: string;
}

/** What a folder holds. */
export interface Manifest {
  /** The folder. */
  readonly folder: CaseFolder;
  /** Its cases. */
  readonly cases: readonly CaseDescription[];
}

/**
 * Reads a folder's manifest.
 *
 * @throws {SyntaxError} if it is not JSON, or not a manifest.
 */
export async function readManifest(folder: CaseFolder): Promise<Manifest> {
  const path = `${folder.path}/manifest.json`;
  const text = new TextDecoder().decode(await folder.read("manifest.json"));
  let manifest: { format?: unknown; cases?: unknown };
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`Cannot read ${path}: it is not JSON`, { cause });
  }
  if (manifest?.format !== 1 || !Array.isArray(manifest.cases)) {
    throw new SyntaxError(`Cannot read ${path}: expected "format": 1 and a list of "cases"`);
  }
  for (const [position, value] of manifest.cases.entries()) {
    for (const field of ["id", "op", "file", "sha256"]) {
      if (typeof value?.[field] !== "string") {
        throw new SyntaxError(`Cannot read ${path}: case ${position} has no text as its '${field}'`);
      }
    }
    for (const field of ["params", "tolerance", "tensors"]) {
      if (typeof value[field] !== "object" || value[field] === null) {
        throw new SyntaxError(`Cannot read ${path}: case ${position} has no object as its '${field}'`);
      }
    }
  }
  return { folder, cases: manifest.cases };
}

/**
 * Reads the tensors of a case.
 *
 * @throws {Error} if the file is missing, is not the one the manifest was made with, or holds other tensors.
 */
export async function readCase(
  folder: CaseFolder,
  description: CaseDescription,
): Promise<Map<string, TensorData>> {
  const path = `${folder.path}/${description.file}`;
  const bytes = await folder.read(description.file).catch((cause) => {
    throw new Error(`Cannot read ${path}: ${cause.message}`, { cause });
  });
  const digest = await sha256([bytes]);
  if (digest !== description.sha256.toLowerCase()) {
    throw new Error(`${path} has SHA-256 ${digest}, the manifest says ${description.sha256}`);
  }
  const { tensors } = decodeSafetensors(bytes, path);
  const found = [...tensors].map(([name, { dtype, shape }]) => `${name} ${dtype} [${shape}]`).sort();
  const expected = Object.entries(description.tensors).map(([name, { dtype, shape }]) =>
    `${name} ${dtype} [${shape}]`
  ).sort();
  const extra = found.find((text) => !expected.includes(text));
  const missing = expected.find((text) => !found.includes(text));
  if (missing) throw new Error(`${path} does not hold ${missing}, which the manifest names`);
  if (extra) throw new Error(`${path} holds ${extra}, which the manifest does not name`);
  return new Map(tensors);
}
