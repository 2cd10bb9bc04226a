import "../../../src/host/on_native.ts";
import { decodeTorchFile } from "../../../src/files/torch/torch_file.ts";
import { bytesInMemory } from "../../../src/files/zip/byte_source.ts";
import { readPickle } from "../../../src/files/pickle/pickle.ts";
import { fuzzTest } from "../../datasets/fuzz/fuzz.ts";
import { repairZip } from "../../datasets/fuzz/repair.ts";

const read = (file: Uint8Array) => decodeTorchFile(bytesInMemory(file), "netG.pth");

const saved = (...names: readonly string[]) => async () =>
  await Promise.all(names.map((name) => Deno.readFile(new URL(`./saved/${name}`, import.meta.url))));

fuzzTest(
  "torch zip",
  saved("zip.pth", "layouts.pt", "checkpoint.pt", "protocol4.pth"),
  read,
  [SyntaxError],
  repairZip,
);

fuzzTest("torch pickles", saved("legacy.pth", "legacy4.pth", "legacy_layouts.pt"), read, [SyntaxError]);

fuzzTest("pickle", saved("legacy.pth", "legacy4.pth", "legacy_layouts.pt"), (file) => {
  for (let at = 0, count = 0; count < 5; count++) at = readPickle(file, at).end;
}, [SyntaxError]);
