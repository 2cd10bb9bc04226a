import { host } from "../../host/host.ts";

/**
 * Refuses to write over what is there.
 *
 * @param isFolder Whether a folder is to be written.
 * @param overwrite Whether a file may be replaced, or files of a folder.
 * @throws {RangeError} if something is in the way.
 */
export async function expectFree(out: string, isFolder: boolean, overwrite: boolean): Promise<void> {
  const kind = await kindOf(out);
  if (kind === "nothing" || kind === "an empty folder" && isFolder) return;
  const isReplaced = isFolder ? kind === "a folder with files" : kind === "a file";
  if (isReplaced && overwrite) return;
  const wanted = isFolder ? "a new or empty folder" : "a new file";
  const advice = isReplaced ? "Name another one, or replace it with overwrite" : "Name another one";
  throw new RangeError(`Cannot export to ${out}: it must be ${wanted}, found ${kind}. ${advice}`);
}

async function kindOf(
  path: string,
): Promise<"nothing" | "a file" | "an empty folder" | "a folder with files"> {
  try {
    if (!(await host().stat(path)).isDirectory) return "a file";
    for await (const _ of host().readDir(path)) return "a folder with files";
    return "an empty folder";
  } catch (error) {
    const problem = host().problemOf(error);
    if (problem === "NotFound" || problem === "NotADirectory") return "nothing";
    throw error;
  }
}
