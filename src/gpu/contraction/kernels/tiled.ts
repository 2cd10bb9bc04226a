import type { Problem } from "../sums/problem.ts";
import type { TiledSchedule } from "./schedule.ts";
import { loaderOfA, loaderOfB } from "./tiled_loaders.ts";
import { quadsAt, type Tile, type Tiles } from "./tiled_memory.ts";
import { closing, range } from "./unroll.ts";

/**
 * The sums `s{row}_{vector}` of a tile in workgroup memory, for adapters with registers to spare and fast barriers.
 *
 * Threads load both operands a few depths ahead, as four rows (or columns) side by side at each depth, whichever way
 * they lie: an operand that is contiguous in depth is loaded in blocks of four by four and turned. Then every thread
 * multiplies quads of rows with quads of columns, depth by depth.
 *
 * @param part Depths of a part of the sums.
 */
export function tiledBody(problem: Problem, schedule: TiledSchedule, tiles: Tiles, part: number): string {
  const { depth, rowQuads, columnQuads, singleBuffer = false } = schedule;
  const across = tiles.b.shape[1];
  const whole = [problem.length, problem.loops(part)[1]].every((length) => length % depth === 0);
  const a = loaderOfA(problem, tiles.a, whole);
  const b = loaderOfB(problem, tiles.b, whole);
  const sums = range(4 * rowQuads).flatMap((i) =>
    range(columnQuads).map((v) => `  var s${i}_${v} = vec4f();`)
  );
  const quads = (tile: Tile, k: number) => quadsAt(tile, Math.floor(k / tile.together), k % tile.together);
  const products = range(depth).flatMap((k) => [
    ...range(rowQuads).map((q) => `      let p${k}_${q} = ${quads(tiles.a, k)}[thread_row][${q}];`),
    ...range(columnQuads).map((v) => `      let q${k}_${v} = ${quads(tiles.b, k)}[${v}][thread_column];`),
    ...range(4 * rowQuads).flatMap((i) =>
      range(columnQuads).map((v) =>
        `      s${i}_${v} = fma(vec4f(p${k}_${i >> 2}[${i & 3}]), q${k}_${v}, s${i}_${v});`
      )
    ),
  ]);
  const [first] = tiles.b.crew;
  const loads = first === 0
    ? [...a.load, ...b.load]
    : [`      if (thread < ${first}u) {`, ...a.load, "      } else {", ...b.load, "      }"];
  return [
    `  let thread_row = thread / ${across}u;`,
    `  let thread_column = thread % ${across}u;`,
    ...sums,
    ...a.before,
    ...b.before,
    "  var turn = 0u;",
    `  ${problem.open}`,
    ...a.line,
    ...b.line,
    `    let end = ${problem.run[1]};`,
    `    for (var j = ${problem.run[0]}; j < end; j += ${depth}u) {`,
    // A single tile is not written before all have read it
    ...(singleBuffer ? ["      workgroupBarrier();"] : []),
    ...loads,
    // Two tiles take turns, so one barrier is enough: a thread that writes one again has passed the barrier of the other.
    "      workgroupBarrier();",
    ...products,
    ...(singleBuffer ? [] : ["      turn = 1u - turn;"]),
    "    }",
    closing(problem.open),
  ].join("\n");
}
