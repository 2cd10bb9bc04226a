import { alignColumns } from "../../src/cli/terminal/text.ts";
import { median } from "../../src/gpu/timing/median.ts";
import { modelStep, type Network, type StepPieces } from "./model.ts";
import type { RankResult } from "./ranks.ts";

/** What was trained. */
export interface Trained {
  readonly batch: number;
  readonly size: number;
  readonly ngf: number;
  readonly shards: number;
  readonly bn: string;
  readonly ranks: number;
}

/** The step of one and of several ranks beside each other. */
export function formatRanks(trained: Trained, one: RankResult, several: RankResult): string {
  const { batch, size, ngf, shards, bn, ranks } = trained;
  const row = (count: number, result: RankResult): string[] => {
    const step = median(result.milliseconds);
    const ideal = median(one.milliseconds) / count;
    return [
      `${count} ${count === 1 ? "rank" : "ranks"}`,
      step.toFixed(0),
      (batch / step * 1000).toFixed(1),
      (step - result.waiting - result.transferring).toFixed(0),
      result.waiting.toFixed(0),
      result.transferring.toFixed(0),
      `${(100 * ideal / step).toFixed(0)} %`,
    ];
  };
  const heads = ["", "ms a step", "images/s", "computing", "waiting", "transfer", "of ideal"];
  const megabytes = (several.bytes / 1e6).toFixed(1);
  return [
    `${several.adapter}, ${several.library}: batch ${batch} of ${size}x${size}, ngf ${ngf}, ${shards} shards, bn ${bn}.`,
    `A rank meets the others ${several.meetings.toFixed(0)} times a step, and gives them ${megabytes} MB.`,
    "",
    alignColumns([heads, row(1, one), row(ranks, several)]),
  ].join("\n");
}

/** Networks that ranks are usually connected by, with usual figures. */
const USUAL: readonly Network[] = [
  { name: "10 Gb/s Ethernet", latency: 25e-6, perMessage: 2e-6, bandwidth: 1.1e9 },
  { name: "100 Gb/s InfiniBand", latency: 2e-6, perMessage: 0.5e-6, bandwidth: 11e9 },
];

/** Bytes of statistics that a shard gives in a step of the networks of PyTorch's example, for each map of their width. */
const STATISTICS_PER_MAP = 480;

/** What is measured for the model: seconds of a step of one rank, with all images and with few of them. */
export interface Measured {
  readonly batch: number;
  /** Images of the smaller batch. */
  readonly few: number;
  readonly ngf: number;
  readonly whole: number;
  readonly part: number;
  readonly ranks: number;
  readonly several: RankResult;
}

/** The pieces of a step. */
export function piecesOf({ batch, few, ngf, whole, part, ranks, several }: Measured): StepPieces {
  const fixed = Math.max(0, (batch * part - few * whole) / (batch - few));
  const computing = (median(several.milliseconds) - several.waiting - several.transferring) / 1000;
  const own = (whole - fixed) / ranks + fixed;
  const statistics = ngf * STATISTICS_PER_MAP;
  return {
    perImage: (whole - fixed) / batch,
    fixed,
    meetings: several.meetings,
    perMeeting: Math.max(0, computing - own) / several.meetings,
    gradients: Math.max(0, several.bytes - statistics) * ranks / (2 * (ranks - 1)),
    statistics,
  };
}

/** What the model says of more ranks: those that share a batch, and those that have eight images each. */
export function formatModel(measured: Measured): string {
  const pieces = piecesOf(measured);
  const { batch } = measured;
  const ms = (seconds: number) => (1000 * seconds).toFixed(seconds < 0.01 ? 1 : 0);
  const rows = USUAL.flatMap((network) =>
    [2, 8, 64, 512].flatMap((ranks) =>
      [...new Set([batch, 8 * ranks])].flatMap((images) => {
        if (ranks > images) return [];
        const { computing, statistics, gradients, all, efficiency } = modelStep(
          pieces,
          network,
          ranks,
          images,
        );
        return [[
          `${network.name}, ${ranks} ranks, batch ${images}`,
          ...[all, computing, statistics, gradients].map(ms),
          (images / all).toFixed(0),
          `${(100 * efficiency).toFixed(0)} %`,
        ]];
      })
    )
  );
  const heads = ["", "ms a step", "computing", "statistics", "gradients", "images/s", "efficiency"];
  return [
    `Measured: ${ms(pieces.perImage)} ms an image, ${
      ms(pieces.fixed)
    } ms that each rank spends whatever its images are, ` +
    `${ms(pieces.perMeeting)} ms a meeting on the host, ${
      (pieces.gradients / 1e6).toFixed(1)
    } MB of gradients.`,
    "Modeled from these, with usual figures of networks:",
    "",
    alignColumns([heads, ...rows]),
  ].join("\n");
}
