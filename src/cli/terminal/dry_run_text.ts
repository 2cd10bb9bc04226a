import type { DryRun, ResumedDryRun } from "../../dcgan/run/dry_run.ts";
import type { LayerRow } from "../../dcgan/networks/layer_table.ts";
import { formatConfig } from "../../dcgan/options/config.ts";
import { sizeText } from "../../dcgan/options/table/image_size.ts";
import { flagOf } from "../arguments/flags.ts";
import type { OptionName } from "../../dcgan/options/options.ts";
import { printable } from "./printable.ts";
import { startedFromText } from "./started_from_text.ts";
import { bytes, count, counted, duration, figure, table } from "./text.ts";

/** Bytes that a snapshot takes for each parameter: two averages in 16 bits. */
const SNAPSHOT_BYTES = 4;

/** What a run would be and take, as a page of text. */
export function dryRunText(found: DryRun): string {
  const { config, images, adapter, layers, flop, gpuBytes, temporaryBytes, secondsPerStep, resumed } = found;
  const { data, size, channels, batch, steps, dSteps, emaSnapshots } = config;
  const perStep = `${dSteps === 1 ? "" : `${dSteps} times `}${counted(batch, "image")}`;
  const left = steps - (resumed?.step ?? 0);
  const rows = [
    ...resumed ? resumedRows(resumed) : [],
    ...resumed || !config.startedFrom ? [] : [["starts from", startedFromText(config.startedFrom)]],
    ["data", `${printable(data)}, ${counted(images, "image")} of ${sizeText(size)}x${channels}`],
    ["a step", `${perStep}: ${operations(flop)}, ${figure(secondsPerStep)} s on ${adapter}`],
    [
      "memory",
      `${bytes(gpuBytes)}, of it ${bytes(temporaryBytes)} for temporaries; the dataset comes on top`,
    ],
    ...emaSnapshots === 0 ? [] : [[
      "snapshots",
      `${emaSnapshots} of averages, ${
        bytes(emaSnapshots * SNAPSHOT_BYTES * parametersOf(layers.generator))
      } on disk`,
    ]],
    [
      "the run",
      `${resumed ? `${left} more of ` : ""}${counted(steps, "step")}: about ${
        duration(left * secondsPerStep)
      }, and scores and samples`,
    ],
  ];
  return [
    formatConfig(config).trimEnd(),
    "",
    ...section("generator", layers.generator),
    ...section("discriminator", layers.discriminator),
    table(rows, "").trimEnd(),
    "Nothing was written.",
  ].join("\n");
}

/** What becomes of a run that is resumed. */
function resumedRows({ run, step, changes, setAside }: ResumedDryRun): string[][] {
  const text = (value: unknown) => value === undefined ? "none" : JSON.stringify(value);
  const from = step === 0 ? "from its first step" : `from the checkpoint of step ${step}`;
  return [
    ["resumes", `${run}, ${from}`],
    ...changes.length === 0 ? [["changes", "nothing"]] : changes.map(({ option, from, to }, at) => [
      at === 0 ? "changes" : "",
      `${flagOf(option as OptionName)} from ${text(from)} to ${text(to)}`,
    ]),
    ...setAside.length === 0 ? [] : [["set aside", `the checkpoints of steps ${setAside.join(", ")}`]],
  ];
}

function parametersOf(layers: readonly LayerRow[]): number {
  return layers.reduce((all, { parameters }) => all + parameters, 0);
}

/** The layers of a network under its name. */
function section(name: string, layers: readonly LayerRow[]): string[] {
  const sum = (of: (layer: LayerRow) => number) => layers.reduce((all, layer) => all + of(layer), 0);
  const rows = [
    [name, "", "output", "parameters", "FLOP an image"],
    ...layers.map((layer) => [
      `  ${layer.name}`,
      layer.kind,
      layer.output.join("x"),
      count(layer.parameters),
      layer.flop === 0 ? "" : operations(layer.flop),
    ]),
    ["  all", "", "", count(parametersOf(layers)), operations(sum((layer) => layer.flop))],
  ];
  return [table(rows, "")];
}

/** Floating-point operations: `12.3 GFLOP`. */
function operations(flop: number): string {
  const units = ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP"];
  let unit = 0;
  for (; flop >= 1000 && unit < units.length - 1; unit++) flop /= 1000;
  return `${unit === 0 ? flop : figure(flop)} ${units[unit]}`;
}
