import type { Row, Table } from "./table.ts";

/** Something to be reached, and what is. */
export interface Goal {
  readonly what: string;
  /** The worst that was found. */
  readonly found: number;
  /** The most that it should be. */
  readonly goal: number;
}

/** Launches of a training step at most, by workload. */
const LAUNCHES: Readonly<Record<string, number>> = { S: 60, M8: 75, M64: 82 };

/** Percent of the work of contractions that fewer threads than the card has lanes should do at most. */
const UNDERFILLED = 10;

/** Instructions of the main loop of a forward convolution on AMD's cards at most, by variant. */
const LOOPS = [
  { tile: "64x64", variant: "tiled rows 64 columns 64 depth 16 rowQuads 2 columnQuads 1", goal: 600 },
  { tile: "32x32", variant: "tiled rows 32 columns 32 depth 16 rowQuads 1 columnQuads 1", goal: 350 },
];

/** The goals of which something was looked at. */
export function goalsOf(table: Table): Goal[] {
  const cards = Object.values(table.cards);
  const ofWorkload = (workload: string, unit: string) =>
    cards.flatMap((rows) => numbersOf(rows[workload], unit));
  const loopsOf = (variant: string) =>
    Object.values(table.variants).flatMap((groups) => numbersOf(groups.forward?.[variant], "loop"));
  const spills = Object.values(table.kernels)
    .flatMap((groups) => Object.values(groups))
    .flatMap((rows) => Object.values(rows))
    .flatMap((row) => numbersOf(row, "spills"));
  return [
    ...Object.entries(LAUNCHES).flatMap(([workload, goal]) =>
      goalFor(`Launches of a step of ${workload}`, ofWorkload(workload, "launches"), goal)
    ),
    ...["M8", "M64"].flatMap((workload) =>
      goalFor(
        `Percent of the work of ${workload} in too few threads`,
        ofWorkload(workload, "underfilled"),
        UNDERFILLED,
      )
    ),
    ...LOOPS.flatMap(({ tile, variant, goal }) =>
      goalFor(`Instructions in AMD's loop of a forward convolution, tiles of ${tile}`, loopsOf(variant), goal)
    ),
    ...goalFor("Spills of a default kernel", spills, 0),
  ];
}

function numbersOf(row: Row | undefined, unit: string): number[] {
  const value = row?.[unit];
  return value === undefined ? [] : [value];
}

function goalFor(what: string, numbers: readonly number[], goal: number): Goal[] {
  return numbers.length === 0 ? [] : [{ what, found: Math.max(...numbers), goal }];
}
