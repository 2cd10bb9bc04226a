import type { ColumnRuns, DepthRuns, Problem, RowRuns, WeightRuns } from "../sums/problem.ts";
import { quadsAt, type Tile } from "./tiled_memory.ts";
import { range } from "./unroll.ts";

/** Statements that fill a tile of workgroup memory, and what they need. */
export interface Loader {
  /** Once. */
  readonly before: readonly string[];
  /** Before each run. */
  readonly line: readonly string[];
  /** In each round, at depth `j`. */
  readonly load: readonly string[];
}

/**
 * Fills the left operand's tile, from row `first_row` on.
 *
 * @param whole Every run is a multiple of the tile's depth, so that no load reaches past its end.
 */
export function loaderOfA({ a }: Problem, tile: Tile, whole: boolean): Loader {
  return a.along === "rows" ? rowLoader(a, tile, whole) : depthLoader(a, tile, whole);
}

/** Fills the right operand's tile, from column `4 * first_quad` on. */
export function loaderOfB({ b, run: [start] }: Problem, tile: Tile, whole: boolean): Loader {
  return b.along === "columns" ? columnLoader(b, start, tile, whole) : weightLoader(b, tile, whole);
}

/** Rows side by side at each depth. */
function rowLoader(a: RowRuns, tile: Tile, whole: boolean): Loader {
  return {
    before: [...placeInDepths(tile), `  ${a.quad(0, "(first_row + to_a_quad * 4u)")}`],
    line: [],
    load: inDepths(tile, (u) => [
      a.depth(`${u}`, `(j + to_a_depth + ${u * tile.together}u)`, whole),
      `${quadOf(tile, u, "to_a_depth", "to_a_quad")} = ${a.load(0, `${u}`)};`,
    ]),
  };
}

/** Columns side by side at each depth: a place in memory that moves on with the depth. */
function columnLoader(b: ColumnRuns, start: string, tile: Tile, whole: boolean): Loader {
  const at = (u: number) => b.loadFrom(`(b_place + ${u * tile.together}u * b_step)`);
  const depth = (u: number) => `j + to_b_depth + ${u * tile.together}u`;
  return {
    before: placeInDepths(tile),
    line: [
      `    let b_step = ${b.step};`,
      `    var b_place = ${b.place(`(${start} + to_b_depth)`, "(first_quad + to_b_quad)")};`,
    ],
    load: [
      ...inDepths(tile, (u) => {
        const value = whole ? at(u) : `select(vec4f(), ${at(u)}, ${depth(u)} < end)`;
        return [`${quadOf(tile, u, "to_b_depth", "to_b_quad")} = ${value};`];
      }),
      `      b_place += ${tile.depth}u * b_step;`,
    ],
  };
}

/** Four rows, each at four depths in a row. */
function depthLoader(a: DepthRuns, tile: Tile, whole: boolean): Loader {
  const row = (u: number, i: number) => 4 * u + i;
  const { beside } = a;
  const before = blocksOf(tile).flatMap((u) =>
    range(4).map((i) =>
      beside && i > 0
        ? beside.row(row(u, i), row(u, 0), i)
        : a.row(row(u, i), `first_row + to_a_quad${u} * 4u + ${i}u`)
    )
  );
  const line = blocksOf(tile).flatMap((u) =>
    range(4).map((i) => beside && i > 0 ? beside.line(row(u, i), row(u, 0), i) : a.line(row(u, i)))
  );
  return {
    before: [...placesOfBlocks(tile), ...before.map((text) => `  ${text}`)],
    line: line.map((text) => `    ${text}`),
    load: inBlocks(
      tile,
      (u, at) => range(4).map((i) => a.load(row(u, i), at, whole ? undefined : `${at} < end`)),
    ),
  };
}

/** Four columns, each at four depths in a row. */
function weightLoader(b: WeightRuns, tile: Tile, whole: boolean): Loader {
  return {
    before: placesOfBlocks(tile),
    line: [],
    load: inBlocks(tile, (u, at) =>
      range(4).map((i) => {
        const value = b.load(at, `((first_quad + to_b_quad${u}) * 4u + ${i}u)`);
        return whole ? value : `select(vec4f(), ${value}, ${at} < end)`;
      })),
  };
}

/** Where a thread's quads go: to which quad of all depths that are its own, and to which of those filled together. */
function placeInDepths(tile: Tile): string[] {
  const { name, shape: [outer, inner] } = tile;
  const thread = threadOf(tile);
  return [
    `  let to_${name}_depth = ${thread} / ${outer * inner}u;`,
    `  let to_${name}_quad = ${thread} % ${outer * inner}u;`,
  ];
}

/** Statements that fill a tile from quads that lie as they are stored. */
function inDepths(tile: Tile, fill: (round: number) => string[]): string[] {
  const { shape: [outer, inner], depth, together } = tile;
  return range(depth / together).flatMap((u) => guarded(tile, u, depth * outer * inner, fill(u)));
}

/** Where a thread's blocks of four by four go: to which four depths, and to which quad of these. */
function placesOfBlocks(tile: Tile): string[] {
  const { name, depth, crew: [, count] } = tile;
  return blocksOf(tile).flatMap((u) => {
    const block = `(${threadOf(tile)} + ${u * count}u)`;
    return [
      `  let to_${name}_group${u} = ${block} % ${depth / 4}u;`,
      `  let to_${name}_quad${u} = ${block} / ${depth / 4}u;`,
    ];
  });
}

/** Statements that fill a tile from blocks of four by four, which are turned. */
function inBlocks(tile: Tile, vectors: (round: number, at: string) => string[]): string[] {
  const { name, shape: [outer, inner], depth } = tile;
  return blocksOf(tile).flatMap((u) => {
    const at = `${name}_at${u}`;
    const vector = (i: number) => `${name}${u}_${i}`;
    const place = (q: number) => quadOf(tile, `to_${name}_group${u}`, q, `to_${name}_quad${u}`);
    return guarded(tile, u, depth * outer * inner / 4, [
      `let ${at} = j + to_${name}_group${u} * 4u;`,
      ...vectors(u, at).map((value, i) => `let ${vector(i)} = ${value};`),
      ...range(4).map((q) => `${place(q)} = vec4f(${range(4).map((i) => `${vector(i)}[${q}]`).join(", ")});`),
    ]);
  });
}

/** A quad of a tile. */
function quadOf(tile: Tile, group: number | string, at: number | string, quad: string): string {
  const inner = tile.shape[1];
  return `${quadsAt(tile, group, at)}[${quad} / ${inner}u][${quad} % ${inner}u]`;
}

/** Rounds that the threads need for all blocks. */
function blocksOf({ shape: [outer, inner], depth, crew: [, count] }: Tile): number[] {
  return range(Math.ceil(depth * outer * inner / 4 / count));
}

/** The number of a thread among those that fill a tile. */
function threadOf({ crew: [first] }: Tile): string {
  return first === 0 ? "thread" : `(thread - ${first}u)`;
}

/** Statements of one round in a block of their own, for the threads that have a load in it. */
function guarded(tile: Tile, round: number, loads: number, statements: string[]): string[] {
  const [, count] = tile.crew;
  const all = (round + 1) * count <= loads;
  const guard = all ? "" : `if (${threadOf(tile)} + ${round * count}u < ${loads}u) `;
  return [`      ${guard}{`, ...statements, "      }"];
}
