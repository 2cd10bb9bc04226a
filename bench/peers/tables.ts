import { alignColumns, bytes, figure } from "../../src/cli/terminal/text.ts";
import type { Spread } from "../spread.ts";
import type { Comparison, Profile } from "./compare.ts";
import type { Race } from "./race.ts";

/** The comparison for people. */
export function formatComparison(comparison: Comparison): string {
  const { races, profiles } = comparison;
  return [heading(comparison), ...races.map(raceTable), lossesText(races), profileTable(profiles)]
    .filter((part) => part !== "").join("\n");
}

function heading({ adapter, deno, pytorch, system, processors, date, rounds }: Comparison): string {
  return [
    adapter,
    ...(pytorch ? [pytorchText(pytorch)] : []),
    `Deno ${deno}, ${system}, ${processors} processors, ${date.slice(0, 16).replace("T", " ")} UTC`,
    rounds === 1
      ? "One round."
      : `Medians of ${rounds} rounds in turns, with least and greatest in brackets.`,
  ].join("\n") + "\n";
}

function pytorchText(pytorch: NonNullable<Comparison["pytorch"]>): string {
  if ("skipped" in pytorch) return pytorch.skipped;
  const { version, onednn } = pytorch;
  return `PyTorch ${version} on the processor, with${onednn ? "" : "out"} oneDNN (MKLDNN)`;
}

/** A race for people: how fast everyone was, and how many times ours is faster. */
export function raceTable({ name, images, placings }: Race): string {
  const titles = [`${name}, batch ${images}`, "images/s", "ours is faster by"];
  return alignColumns([
    titles,
    ...placings.filter(({ slowerWay }) => !slowerWay).map((
      { contender, imagesPerSecond, oursIsFasterBy },
    ) => [
      contender,
      spread(imagesPerSecond),
      oursIsFasterBy ? `${spread(oursIsFasterBy)}${oursIsFasterBy.median < 1 ? ", slower" : ""}` : "",
    ]),
  ]);
}

/** Where ours is the slower one, in words. */
function lossesText(races: readonly Race[]): string {
  const lines = races.flatMap(({ name, placings }) =>
    placings.flatMap(({ contender, oursIsFasterBy, slowerWay }) =>
      slowerWay || !oursIsFasterBy || oursIsFasterBy.median >= 1 ? [] : [
        `Ours is slower in ${name}: it takes ${
          figure(1 / oursIsFasterBy.median)
        } times as long as ${contender}.`,
      ]
    )
  );
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function profileTable(profiles: readonly Profile[]): string {
  const cold = profiles.some(({ coldFirstStep }) => coldFirstStep !== undefined);
  return alignColumns([
    [
      "process",
      "first step, s",
      ...(cold ? ["no kernel cached, s"] : []),
      "peak memory",
      "losses off",
      "pictures off",
    ],
    ...profiles.map((profile) => [
      `${profile.workload} ${profile.contender}`,
      figure(profile.firstStep),
      ...(cold ? [profile.coldFirstStep ? spread(profile.coldFirstStep) : ""] : []),
      profile.peakBytes === undefined ? "" : bytes(profile.peakBytes),
      share(profile.lossesOff),
      profile.picturesOff === undefined ? "" : share(profile.picturesOff),
    ]),
  ]);
}

function spread({ median, min, max }: Spread): string {
  return min === max ? figure(median) : `${figure(median)} [${figure(min)}-${figure(max)}]`;
}

function share(value: number): string {
  return value === 0 ? "0" : value.toExponential(0);
}
