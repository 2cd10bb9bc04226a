/**
 * Writes decoders and encoders in WebAssembly as texts into modules, so that every runtime and every bundler has
 * them: `deno run -A scripts/wasm_texts.ts`, after another version of their packages was chosen.
 */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** A module, and what it holds. */
export interface WasmText {
  /** Where it is, from the root of this package. */
  readonly path: string;
  /** Name of its constant. */
  readonly name: string;
  /** The file in its package. */
  readonly wasm: string;
  /** What it is. */
  readonly what: string;
}

/** All of them. */
export const WASM_TEXTS: readonly WasmText[] = [
  {
    path: "src/pictures/jpeg/mozjpeg_text.ts",
    name: "MOZJPEG",
    wasm: "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm",
    what: "mozjpeg's decoder",
  },
  {
    path: "src/pictures/films/webp_text.ts",
    name: "WEBP",
    wasm: "@jsquash/webp/codec/enc/webp_enc.wasm",
    what: "libwebp's encoder",
  },
];

/** Reads a file of a package. */
export async function readWasm({ wasm }: WasmText): Promise<Uint8Array<ArrayBuffer>> {
  return await Deno.readFile(fileURLToPath(import.meta.resolve(wasm)));
}

if (import.meta.main) {
  for (const text of WASM_TEXTS) {
    const packed = gzipSync(await readWasm(text), { level: 9 }) as Uint8Array<ArrayBuffer>;
    await Deno.writeTextFile(
      new URL(`../${text.path}`, import.meta.url),
      `/** ${text.what}, WebAssembly packed by gzip in base64: made by scripts/wasm_texts.ts. */\n` +
        `// deno-fmt-ignore\nexport const ${text.name} = "${packed.toBase64()}";\n`,
    );
  }
}
