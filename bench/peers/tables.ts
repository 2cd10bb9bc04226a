import { alignColumns, bytes, figure } from "../../src/cli/terminal/text.ts";
import type { Spread } from "../spread.ts";
import type { Comparison, Profile } from "./compare.ts";
import type { Race } from "./race.ts";

/** The comparison for people. */
export function formatComparison(comparison: Comparison): string {
  return [heading(comparison), ...comparison.races.map(raceTable), profileTable(comparison.profiles)].join(
    "\n",
  );
}

function heading({ adapter, deno, system, processors, date, rounds }: Comparison): string {
  return [
    adapter,
    `Deno ${deno}, ${system}, ${processors} processors, ${date.slice(0, 16).replace("T", " ")} UTC`,
    rounds === 1
      ? "One round."
      : `Medians of ${rounds} rounds in turns, with least and greatest in brackets.`,
  ].join("\n") + "\n";
}

function raceTable({ name, images, placings }: Race): string {
  const titles = [`${name}, batch ${images}`, "images/s", "ours is faster by"];
  return alignColumns([
    titles,
    ...placings.map(({ contender, imagesPerSecond, oursIsFasterBy }) => [
      contender,
      spread(imagesPerSecond),
      oursIsFasterBy ? spread(oursIsFasterBy) : "",
    ]),
  ]);
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
