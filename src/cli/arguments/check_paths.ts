import { dirname } from "node:path";
import type { TrainOptions } from "../../dcgan/options/options.ts";
import { UsageError } from "../errors.ts";

/**
 * Refuses data that is not there, and a run folder that is in use, before the GPU is touched.
 *
 * @throws {UsageError} if nothing is at `--data-root`, `--from` or `--resume`, or `--out` is not new or empty; it names
 * the flag.
 */
export async function checkPlaces(options: TrainOptions): Promise<void> {
  const { dataRoot, out, resume, from } = options;
  await checkDataRoot(dataRoot);
  if (from !== undefined && !from.startsWith("hf:") && await kindOf(from) === undefined) {
    throw new UsageError(
      `--from must be a run folder, or a file of weights (.safetensors, .pt, .pth), found nothing at "${from}"`,
    );
  }
  if (resume !== undefined) return await checkRun(resume);
  if (out === undefined) return;
  const kind = await kindOf(out);
  if (kind === undefined || kind === "empty folder") return;
  // A run that was ended before its first checkpoint gives way
  const { isUnstarted } = await import("../../dcgan/run/folder/new_run.ts");
  if (kind === "folder with files" && await isUnstarted(out)) return;
  throw new UsageError(`--out must be a new or empty folder, found "${out}", a ${kind}`);
}

/** Refuses a run that is not there. */
async function checkRun(run: string): Promise<void> {
  const kind = await kindOf(run);
  if (kind === "folder with files") return;
  const found = kind === undefined
    ? `nothing at "${run}"`
    : `"${run}", an ${kind}`.replace("an file", "a file");
  const { runsBeside } = await import("../../dcgan/run/folder/runs_in.ts");
  throw new UsageError(`--resume must be a run folder, found ${found}${await runsBeside(run)}`);
}

/**
 * Refuses data that is not there.
 *
 * @throws {UsageError} if nothing is at `--data-root`; it names the flag.
 */
export async function checkDataRoot(dataRoot: string | undefined): Promise<void> {
  // Shards named with braces, and sets on a hub, are for the dataset to find
  if (dataRoot === undefined || /[{]|^hf:/.test(dataRoot) || await kindOf(dataRoot) !== undefined) return;
  throw new UsageError(`--data-root must be the path of the dataset's files, found nothing at "${dataRoot}"`);
}

/**
 * Refuses a file whose folder is not there, before it is known what to write. Without permission to read,
 * only writing can find out.
 *
 * @param flag The flag that names it.
 * @throws {UsageError} if its folder is not there; it names the flag.
 */
export async function checkOutFolder(out: string, flag = "--out"): Promise<void> {
  const folder = dirname(out);
  const { state } = await Deno.permissions.query({ name: "read", path: folder });
  if (state !== "granted") return;
  const kind = await kindOf(folder);
  if (kind === "empty folder" || kind === "folder with files") return;
  throw new UsageError(
    `${flag} must be in an existing folder, found ${kind ? "a file" : "nothing"} at "${folder}"`,
  );
}

/**
 * Refuses to write samples over what is there, before the GPU is touched.
 *
 * @param format What is to be written: a file, or a folder of images.
 * @param overwrite Whether a file that is there may go.
 * @param flag The flag that names the path.
 * @throws {UsageError} if it is taken, of the wrong kind, or in a folder that is not there; it names the
 * flag.
 */
export async function checkSamplesOut(
  out: string,
  format: "file" | "images",
  overwrite: boolean,
  flag = "--out",
): Promise<void> {
  const kind = await kindOf(out);
  if (format === "images") {
    if (kind === undefined || kind === "empty folder") return;
    throw new UsageError(
      `${flag} must be a new or empty folder for images, found "${out}", a ${kind}. Name another one, or empty it`,
    );
  }
  if (kind === undefined) return await checkOutFolder(out, flag);
  if (kind !== "file") throw new UsageError(`${flag} must be a file, found "${out}", a folder`);
  if (overwrite) return;
  throw new UsageError(
    `${flag} must be a new file, found "${out}", which already exists. Name another one, or add --overwrite to replace it`,
  );
}

/**
 * Refuses to write an export over what is there, before anything is read.
 *
 * @throws {UsageError} as {@linkcode checkSamplesOut} does. A folder may be written into with `overwrite`.
 */
export async function checkExportOut(out: string, isFolder: boolean, overwrite: boolean): Promise<void> {
  if (!isFolder) return await checkSamplesOut(out, "file", overwrite);
  const kind = await kindOf(out);
  if (kind === undefined) return await checkOutFolder(out);
  if (kind === "empty folder" || kind === "folder with files" && overwrite) return;
  const advice = kind === "file"
    ? "Name another one"
    : "Name another one, or add --overwrite to replace its files";
  throw new UsageError(`--out must be a new or empty folder, found "${out}", a ${kind}. ${advice}`);
}

/** The first free one of paths such as `samples-1.png`, `samples-1-2.png`, ... */
export async function freePath(name: string, ending: string): Promise<string> {
  for (let n = 1;; n++) {
    const path = `${name}${n === 1 ? "" : `-${n}`}${ending}`;
    const kind = await kindOf(path);
    if (kind === undefined || ending === "" && kind === "empty folder") return path;
  }
}

async function kindOf(path: string): Promise<"file" | "empty folder" | "folder with files" | undefined> {
  try {
    if (!(await Deno.stat(path)).isDirectory) return "file";
    for await (const _ of Deno.readDir(path)) return "folder with files";
    return "empty folder";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}
