import { latin1 } from "./bytes.ts";

/** Compiles WebAssembly that is kept as a text: packed by gzip, in base64. */
export async function compileText(text: string): Promise<WebAssembly.Module> {
  const packed = new Blob([latin1(atob(text))]).stream();
  const wasm = new Response(packed.pipeThrough(new DecompressionStream("gzip")));
  return await WebAssembly.compile(await wasm.arrayBuffer());
}
