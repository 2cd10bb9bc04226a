/**
 * `deno task bench:ranks`: how much faster several ranks of MPI train than one, each on a core of its own, where the rest of
 * the time goes, and what a model of these pieces says of more ranks.
 */
import "../../src/host/on_native.ts";
import { Command } from "@commander-js/extra-typings";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import { median } from "../../src/gpu/timing/median.ts";
import { toWhole, USAGE_EXIT_CODE } from "../options.ts";
import { formatModel, formatRanks } from "./report.ts";
import { joined, type RankResult, runRanks } from "./ranks.ts";

/** The share of a batch by which one tells what does not become less with fewer images. */
const FEW = 4;

const { launcher, ranks, threads, batch, size, ngf, shards, bn, steps, rounds } = new Command(
  "deno task bench:ranks",
)
  .description("Trains on one and on several ranks in turns, and compares their times.")
  .option("--launcher <program>", "launcher of MPI", "mpirun")
  .option("--ranks <count>", "ranks (default: 2)", toWhole, 2)
  .option("--threads <count>", "threads of a rank on Mesa's software driver (default: 1)", toWhole, 1)
  .option("--batch <images>", "images of a batch, of all ranks together (default: 64)", toWhole, 64)
  .option("--size <pixels>", "edge of the images (default: 64)", toWhole, 64)
  .option("--ngf <maps>", "width of both networks (default: 64)", toWhole, 64)
  .option("--shards <count>", "shards of a batch (default: as many as ranks)", toWhole)
  .option("--bn <statistics>", "sync or local", "sync")
  .option("--steps <count>", "steps of each round (default: 4)", toWhole, 4)
  .option("--rounds <count>", "rounds, in each of which all take their turn (default: 3)", toWhole, 3)
  .exitOverride(({ exitCode }) => Deno.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE))
  .parse([...Deno.args], { from: "user" }).opts();

const options = { size, channels: 3, ngf, ndf: ngf, batch, shards: shards ?? ranks, bn } as TrainOptions;
const few = { ...options, batch: Math.ceil(batch / FEW), shards: 1 };
const orders = [
  { name: "one", ranks: 1, options },
  { name: "several", ranks, options },
  // What does not become less with fewer images
  { name: "few", ranks: 1, options: few },
] as const;
const found: Record<string, RankResult[]> = { one: [], several: [], few: [] };
for (let round = 1; round <= rounds; round++) {
  for (const order of orders) {
    console.error(
      `Round ${round} of ${rounds}: ${
        order.ranks === 1 ? "one rank" : `${ranks} ranks`
      }, batch ${order.options.batch}`,
    );
    const { ranks: count, options } = order;
    found[order.name]!.push(await runRanks({ launcher, ranks: count, threads }, { options, steps }));
  }
}
const [one, several, fewer] = ["one", "several", "few"].map((name) => joined(found[name]!)) as [
  RankResult,
  RankResult,
  RankResult,
];
console.log(`\n${formatRanks({ batch, size, ngf, shards: options.shards!, bn, ranks }, one, several)}`);
const whole = median(one.milliseconds) / 1000;
const part = median(fewer.milliseconds) / 1000;
console.log(`\n${formatModel({ batch, few: few.batch, ngf, whole, part, ranks, several })}`);
