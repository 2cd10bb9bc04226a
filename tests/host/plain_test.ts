import "../../src/host/on_plain.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { crc32 } from "node:zlib";
import { host, offerHost, offerLast, setHost } from "../../src/host/host.ts";
import { createDenoHost } from "../../src/host/deno.ts";
import { plainHost } from "../../src/host/plain.ts";

Deno.test("plainHost() has WebGPU, and says what it lacks", async () => {
  const plain = plainHost();
  assertEquals([plain.kind, await plain.gpu(), plain.env("HOME")], ["deno", navigator.gpu, undefined]);
  const bytes = Uint8Array.of(1, 2, 3);
  assertEquals([plain.crc32(bytes), plain.crc32(bytes, 7)], [crc32(bytes), crc32(bytes, 7)]);
  assertThrows(() => plain.readFile("a"), Error, "Cannot use readFile here");
});

Deno.test("offerLast() gives way to every other host, before and after", () => {
  const [plain, deno] = [plainHost(), createDenoHost()];
  offerLast(plain);
  assertThrows(() => host().cwd, Error, "only WebGPU is there");
  offerHost(deno);
  offerLast(plain);
  assertEquals(host().cwd(), Deno.cwd());
  setHost(deno);
});
