import { decode as decodeImagescript } from "imagescript";
import process from "node:process";
import { decodeBuiltIn } from "../../src/pictures/built_in.ts";
import { decodeMozjpeg } from "../../src/pictures/mozjpeg.ts";
import { type Spread, spreadOf } from "../spread.ts";

/** What one decoder takes for a picture. */
export interface DecoderResult {
  /** Name of the decoder. */
  readonly decoder: string;
  /** Size of the pictures. */
  readonly size: string;
  /** Milliseconds of processor time for one picture, to its pixels in memory. */
  readonly milliseconds: Spread;
}

const DECODERS: readonly { name: string; decode: (file: Uint8Array) => Promise<unknown> }[] = [
  { name: "mozjpeg (@jsquash/jpeg)", decode: decodeMozjpeg },
  { name: "imagescript", decode: (file) => decodeImagescript(file) },
  { name: "Deno's createImageBitmap", decode: decodeBuiltIn },
];

/**
 * Times all decoders in turns, one thread each, by processor time, which other programs on the machine disturb less than
 * the clock.
 */
export async function measureDecoders(
  folder: string,
  size: string,
  rounds: number,
): Promise<DecoderResult[]> {
  const files: Uint8Array[] = [];
  for await (const { name } of Deno.readDir(folder)) files.push(await Deno.readFile(`${folder}/${name}`));
  const times = DECODERS.map((): number[] => []);
  // The first round loads and compiles the decoders
  for (let round = -1; round < rounds; round++) {
    for (const [i, { decode }] of DECODERS.entries()) {
      const before = process.cpuUsage();
      for (const file of files) await decode(file);
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) times[i]!.push((user + system) / 1000 / files.length);
    }
  }
  return DECODERS.map(({ name }, i) => ({ decoder: name, size, milliseconds: spreadOf(times[i]!) }));
}
