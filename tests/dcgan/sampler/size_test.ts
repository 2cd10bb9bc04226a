import { assert } from "@std/assert";
import { bundle } from "../../../scripts/runtimes/bundle.ts";

/** Bytes, 60 KB, that the sampler's bundle may have, packed by gzip. */
const MOST = 60 * 1024;

Deno.test("the sampler alone is less than 60 KB, packed, and needs nothing besides", async () => {
  const text = await bundle(new URL("../../../sampler.ts", import.meta.url), { minify: true });
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  const { byteLength } = await new Response(packed).arrayBuffer();
  assert(byteLength <= MOST, `${byteLength} bytes`);
  assert(!/\bfrom\s*"|\bimport\s*[("]/.test(text), "it imports something");
  assert(!/\bDeno\.(?!customInspect)/.test(text), "it uses something of Deno");
});
