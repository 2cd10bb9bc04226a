import { assertEquals } from "@std/assert";
import { base64, concatBytes, indexOfBytes, latin1 } from "../../src/pictures/bytes.ts";

Deno.test("concatBytes() puts bytes one after the other", () => {
  assertEquals(concatBytes([Uint8Array.of(1, 2), Uint8Array.of(), Uint8Array.of(3)]), Uint8Array.of(1, 2, 3));
  assertEquals(concatBytes([]), new Uint8Array());
});

Deno.test("latin1() has a byte for each character", () => {
  assertEquals(latin1("a\0\xff"), Uint8Array.of(97, 0, 255));
});

Deno.test("indexOfBytes() finds bytes from a place on", () => {
  const bytes = latin1("abababc");
  assertEquals(indexOfBytes(bytes, latin1("abc")), 4);
  assertEquals(indexOfBytes(bytes, latin1("ab"), 1), 2);
  assertEquals([indexOfBytes(bytes, latin1("bcd")), indexOfBytes(bytes, latin1("x"))], [-1, -1]);
});

Deno.test("base64() is that of the standard, for any length", () => {
  for (const length of [0, 1, 2, 3, 20_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 7);
    assertEquals(base64(bytes), bytes.toBase64());
  }
});
