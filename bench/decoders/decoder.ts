import process from "node:process";

/** A library that decodes JPEG. */
export interface Decoder {
  /** Its name. */
  readonly name: string;
  /** Decodes a file to pixels in memory. */
  decode(file: Uint8Array): unknown;
}

/**
 * Milliseconds of processor time that each decoder takes for a picture, one after the other in this thread. Other programs
 * on the machine disturb that less than the clock.
 */
export async function timeDecoders(
  decoders: readonly Decoder[],
  files: readonly Uint8Array[],
): Promise<number[]> {
  const times: number[] = [];
  for (const { decode } of decoders) {
    const before = process.cpuUsage();
    for (const file of files) await decode(file);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000 / files.length);
  }
  return times;
}

/** The files of a folder, in no order. */
export async function readFolder(folder: string): Promise<Uint8Array[]> {
  const files: Uint8Array[] = [];
  for await (const { name } of Deno.readDir(folder)) files.push(await Deno.readFile(`${folder}/${name}`));
  return files;
}
