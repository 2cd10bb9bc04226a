import "../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import { LOADER_NAMES, measureLoader } from "../../bench/loader/loader.ts";

const effort = { rounds: 1, seconds: 0, smoke: true, all: false };

Deno.test("measureLoader() measures what was asked for, with few pictures where it is brief", async () => {
  const said: string[] = [];
  const report = await measureLoader(/^JPEG|listing/, effort, (what) => said.push(what));
  assertEquals(said, ["JPEG decoders", "JPEG workers", "folder listing"]);
  assertEquals(
    report.decoders.map(({ size }) => size).sort(),
    Array.from({ length: 6 }, (_, i) => i < 3 ? "178x218" : "32x32"),
  );
  assert(report.decoders.every(({ milliseconds }) => milliseconds.median > 0));
  assert(report.workers.every(({ ratio }) => ratio.median > 0));
  assertEquals(report.training, []);
  assertEquals(report.folders.map(({ folder }) => folder), ["1000 empty files"]);
  assert(report.folders[0]!.peakBytes.max > 0);
  assertEquals(JSON.parse(JSON.stringify(report)), report);
});

Deno.test("measureLoader() measures nothing that was not asked for", async () => {
  const report = await measureLoader(/matmul/, effort, () => {
    throw new Error("nothing was asked for");
  });
  assertEquals(report, { decoders: [], workers: [], training: [], folders: [] });
  assertEquals(new Set(LOADER_NAMES).size, LOADER_NAMES.length);
});
