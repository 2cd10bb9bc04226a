import { decode as decodeImagescript } from "imagescript";
import { decodeBuiltIn } from "../../src/pictures/built_in.ts";
import { decodeMozjpeg } from "../../src/pictures/jpeg/mozjpeg.ts";
import { type Spread, spreadOf } from "../spread.ts";
import { type Decoder, readFolder, timeDecoders } from "./decoder.ts";
import { OtherDecoders } from "./other_decoders.ts";

/** What one decoder takes for a picture. */
export interface DecoderResult {
  /** Name of the decoder. */
  readonly decoder: string;
  /** Size of the pictures. */
  readonly size: string;
  /** Milliseconds of processor time for one picture, to its pixels in memory. */
  readonly milliseconds: Spread;
}

/** The decoders that are used: for JPEG, for JPEG in CMYK, and where that one cannot run. */
const USED: readonly Decoder[] = [
  { name: "mozjpeg (@jsquash/jpeg)", decode: decodeMozjpeg },
  { name: "imagescript", decode: (file) => decodeImagescript(file) },
  { name: "Deno's createImageBitmap", decode: decodeBuiltIn },
];

/** Times all decoders in turns; with `others`, those as well that are not used. */
export async function measureDecoders(
  folder: string,
  size: string,
  { rounds, others }: { readonly rounds: number; readonly others: boolean },
): Promise<DecoderResult[]> {
  const files = await readFolder(folder);
  await using unused = others ? new OtherDecoders(folder) : undefined;
  const times = new Map<string, number[]>();
  // The first round loads and compiles the decoders
  for (let round = -1; round < rounds; round++) {
    const used = await timeDecoders(USED, files);
    const found = [...USED.map(({ name }, i) => [name, used[i]!] as const), ...await unused?.time() ?? []];
    if (round < 0) continue;
    for (const [name, milliseconds] of found) times.set(name, [...times.get(name) ?? [], milliseconds]);
  }
  return [...times].map(([decoder, each]) => ({ decoder, size, milliseconds: spreadOf(each) }));
}
