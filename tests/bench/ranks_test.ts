import { assertAlmostEquals, assertEquals } from "@std/assert";
import { modelStep } from "../../bench/ranks/model.ts";
import { formatRanks, piecesOf } from "../../bench/ranks/report.ts";

const result = {
  milliseconds: [600, 580, 620],
  processor: [500, 500, 500],
  ...{
    waiting: 20,
    transferring: 30,
    meetings: 24,
    bytes: 25_000_000,
    adapter: "llvmpipe",
    library: "Open MPI 4.1.4",
  },
};

Deno.test("piecesOf() takes a step apart into what images cost and what each rank does again", () => {
  const pieces = piecesOf({ batch: 64, few: 32, ngf: 0, whole: 1.04, part: 0.54, ranks: 2, several: result });
  // Half of the images take half of 1.00 s less
  assertAlmostEquals(pieces.fixed, 0.04);
  assertAlmostEquals(pieces.perImage, 1 / 64);
  // Computing took 0.55 s, of which 0.5 + 0.04 are its own images and its own work
  assertAlmostEquals(pieces.perMeeting, 0.01 / 24);
  assertEquals(pieces.gradients, 25_000_000);
});

Deno.test("modelStep() shares images, repeats fixed work, and counts what is passed", () => {
  const pieces = {
    perImage: 0.01,
    fixed: 0.04,
    meetings: 10,
    perMeeting: 0.001,
    gradients: 1e8,
    statistics: 0,
  };
  const network = { name: "", latency: 0.001, perMessage: 0.0001, bandwidth: 1e9 };
  const one = modelStep(pieces, network, 1, 64);
  assertAlmostEquals(one.all, 0.68);
  assertAlmostEquals(one.efficiency, 1);
  const four = modelStep(pieces, network, 4, 64);
  assertAlmostEquals(four.computing, 0.16 + 0.04);
  assertAlmostEquals(four.statistics, 10 * (0.001 + 0.001 + 3 * 0.0001));
  assertAlmostEquals(four.gradients, 2 * 3 / 4 * 0.1);
  assertAlmostEquals(four.efficiency, 0.17 / (0.2 + 0.023 + 0.15));
});

Deno.test("formatRanks() shows the share of what so many ranks could be at best", () => {
  const one = { ...result, milliseconds: [1000], waiting: 0, transferring: 0 };
  const text = formatRanks({ batch: 64, size: 64, ngf: 64, shards: 2, bn: "sync", ranks: 2 }, one, result);
  assertEquals(/2 ranks.*83 %/.test(text), true, text);
});
