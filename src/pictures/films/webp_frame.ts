import createEncoder from "@jsquash/webp/codec/enc/webp_enc.js";
import { defaultOptions } from "@jsquash/webp/meta.js";
import { compileText } from "../wasm_text.ts";
import type { Picture } from "../picture.ts";
import { toRgba } from "../convert.ts";

/** What is used here of the module that Emscripten makes. */
interface Encoder {
  encode(data: Uint8Array, width: number, height: number, options: object): Uint8Array | undefined;
}

let current: Promise<Encoder> | undefined;

/**
 * Encodes a picture as WebP with libwebp (through `@jsquash/webp`), with some loss; it needs no permission.
 *
 * @param quality From 0 to 100.
 * @throws {RangeError} if it does not fit memory, or a side is above 16383.
 */
export async function encodeWebp(picture: Picture, quality: number): Promise<Uint8Array> {
  const { width, height, data } = toRgba(picture);
  const encoder = await (current ??= start());
  // Sharp conversion keeps the edges of saturated colors, which a chroma of half the size would smear
  const encoded = encoder.encode(data, width, height, {
    ...defaultOptions,
    quality,
    method: 2,
    use_sharp_yuv: 1,
  });
  if (encoded) return encoded;
  throw new RangeError(
    `Cannot write a WebP of ${width}x${height}: it must fit memory, with sides up to 16383`,
  );
}

async function start(): Promise<Encoder> {
  const { WEBP } = await import("./webp_text.ts");
  const module = await compileText(WEBP);
  const encoder = await createEncoder(
    {
      noInitialRun: true,
      instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void) {
        const instance = new WebAssembly.Instance(module, imports);
        receive(instance);
        return instance.exports;
      },
    } as Parameters<typeof createEncoder>[0],
  );
  return encoder as unknown as Encoder;
}
