import createDecoder from "@jsquash/jpeg/codec/dec/mozjpeg_dec.js";
import { compileText } from "../wasm_text.ts";
import { type Picture, PictureError } from "../picture.ts";

/**
 * A decoder whose memory has grown beyond this is replaced by a new one: memory of WebAssembly never shrinks.
 */
const MOST_MEMORY = 128 * 2 ** 20;

/** What is used here of the module that Emscripten makes. */
interface Decoder {
  readonly HEAPU8: Uint8Array;
  decode(file: Uint8Array, upright: boolean): { width: number; height: number; data: Uint8ClampedArray };
}

/** A decoder, and its warnings since they were last read. */
interface Listened {
  readonly decoder: Decoder;
  readonly complaints: string[];
}

let current: Promise<Listened> | undefined;

/**
 * Decodes a JPEG, gray or color, with mozjpeg (through `@jsquash/jpeg`); it needs no permission. EXIF's
 * orientation is not applied.
 *
 * @returns The picture with 4 channels.
 * @throws {PictureError} if the file is corrupt, cut short or in CMYK.
 */
export async function decodeMozjpeg(bytes: Uint8Array): Promise<Picture> {
  const { decoder, complaints } = await (current ??= start());
  complaints.length = 0;
  try {
    const { width, height, data } = decoder.decode(bytes, false);
    const damage = complaints.find(isDamage);
    if (damage !== undefined) throw new PictureError(inPlainWords(damage), { cause: damage });
    return { width, height, channels: 4, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
  } catch (cause) {
    // libjpeg leaves by exit(), and what it had allocated stays
    current = undefined;
    if (cause instanceof PictureError) throw cause;
    const last = complaints.at(-1) ?? String(cause);
    throw new PictureError(inPlainWords(last), { cause: last });
  } finally {
    if (decoder.HEAPU8.length > MOST_MEMORY) current = undefined;
  }
}

/**
 * Whether a warning says that pixels are missing or made up. libjpeg continues after it; bytes between two
 * segments and odd headers, of which it warns as well, do no harm.
 */
function isDamage(warning: string): boolean {
  return /^(Corrupt JPEG data|Premature end)/.test(warning) && !warning.includes("extraneous bytes");
}

/** libjpeg's messages in plain words. */
function inPlainWords(said: string): string {
  if (/premature end/i.test(said)) return "its pixels end early";
  if (/memory|OOM/i.test(said)) return "its pixels do not fit memory; make it smaller first";
  return "its pixels or the tables for them are damaged";
}

async function start(): Promise<Listened> {
  const { MOZJPEG } = await import("./mozjpeg_text.ts");
  const module = await compileText(MOZJPEG);
  const complaints: string[] = [];
  const decoder = await createDecoder(
    {
      noInitialRun: true,
      instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void) {
        const instance = new WebAssembly.Instance(module, imports);
        receive(instance);
        return instance.exports;
      },
      print: (text: string) => complaints.push(text),
      printErr: (text: string) => complaints.push(text),
    } as Parameters<typeof createDecoder>[0],
  );
  return { decoder: decoder as unknown as Decoder, complaints };
}
