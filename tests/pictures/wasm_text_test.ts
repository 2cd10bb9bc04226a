import { assertEquals } from "@std/assert";
import { readWasm, WASM_TEXTS } from "../../scripts/wasm_texts.ts";
import { compileText } from "../../src/pictures/wasm_text.ts";

for (const text of WASM_TEXTS) {
  Deno.test(`compileText() makes of ${text.path} what its package has`, async () => {
    const { [text.name]: base64 } = await import(`../../${text.path}`);
    const packed = new Blob([Uint8Array.fromBase64(base64)]).stream();
    const bytes = await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).bytes();
    const expected = await readWasm(text);
    assertEquals([bytes.length, bytes.every((byte, i) => byte === expected[i])], [expected.length, true]);
    const names = (module: WebAssembly.Module) => WebAssembly.Module.exports(module).map(({ name }) => name);
    assertEquals(names(await compileText(base64)), names(await WebAssembly.compile(expected)));
  });
}
