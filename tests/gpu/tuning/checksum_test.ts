import "../../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import { contractionChecksum } from "../../../src/gpu/tuning/checksum.ts";

Deno.test("contractionChecksum() is the same each time", () => {
  assertEquals(contractionChecksum(), contractionChecksum());
  assert(/^[0-9a-f]{16}$/.test(contractionChecksum()));
});
