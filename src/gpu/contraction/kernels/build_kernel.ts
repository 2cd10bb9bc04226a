import { defineKernel, type Kernel } from "../../kernel/kernel.ts";
import { f32, fieldOf, u32 } from "../../kernel/run_kernel.ts";
import { activationDeclaration, slopeOf } from "../../kernel/activation.ts";
import { gateDeclaration } from "../gate.ts";
import { contractionIterations } from "./loops.ts";
import { contractionBindings, type Epilogue, type Problem } from "../sums/problem.ts";
import { type RegisterSchedule, type Schedule, tileOf } from "./schedule.ts";
import { type Placement, stores } from "./stores.ts";
import { range } from "./unroll.ts";
import { FOLDED_TILE, foldedUniforms, type Tiles } from "./tile_grid.ts";
import { thinBody } from "./thin.ts";
import { tiledBody } from "./tiled.ts";
import { tiledDeclarations, tiledThreads, tilesOf } from "./tiled_memory.ts";
import { wideBody } from "./wide.ts";

/** How the sums of a launch are cut into parts and tiles. */
export interface Cut {
  /** Parts of each sum. */
  readonly splits: number;
  /** Length of the part of a run that belongs to one. */
  readonly part: number;
  /** The tiles, if the grid is folded; else it has an axis for columns, for rows and for the rest. */
  readonly folded?: Tiles | undefined;
}

/** A kernel, and the values of its uniforms. */
export interface ContractionKernel {
  /** What runs. */
  readonly kernel: Kernel;
  /** Values by name. */
  readonly uniforms: Readonly<Record<string, number>>;
}

/**
 * Writes the kernel of a problem under a schedule.
 *
 * The sums are named variables and the loops over rows and vectors are unrolled: an array of sums would be kept in
 * memory by WebGPU's shader compilers. What decides the speed on a software adapter is the number of loads, each of
 * which is a gather, so every load is used for as many products as there are registers.
 */
export function contractionKernel(
  whole: Problem,
  schedule: Schedule,
  epilogue: Epilogue,
  { splits, part, folded }: Cut,
): ContractionKernel {
  const { partOfRun } = whole;
  const problem = splits > 1 && partOfRun ? { ...whole, run: partOfRun } : whole;
  const uniforms = {
    ...problem.uniforms(part),
    splits: u32(splits),
    slope: f32(slopeOf(epilogue.activation ?? epilogue.gate?.activation)),
    ...(folded ? foldedUniforms(folded) : {}),
  };
  const tile = tileOf(schedule);
  const tiled = schedule.shape === "tiled";
  const tiles = tiled ? tilesOf(problem, schedule) : undefined;
  const declarations = [
    problem.declarations,
    epilogue.activation ? activationDeclaration(epilogue.activation) : "",
    epilogue.gate ? gateDeclaration(epilogue.gate) : "",
    tiles ? tiledDeclarations(tiles) : "",
  ];
  const inner = tiled
    ? tiledBody(problem, schedule, tiles!, part)
    : schedule.shape === "thin"
    ? thinBody(problem, schedule)
    : wideBody(problem, schedule);
  const place = folded ? "tile" : "group";
  const kernel = defineKernel({
    label: `${problem.label} ${labelOf(schedule)}`,
    bindings: contractionBindings(problem, epilogue),
    uniforms: fieldOf("type", uniforms),
    workgroup: tiled ? tiledThreads(schedule) : schedule.lanes * schedule.groups,
    declarations: declarations.join("\n"),
    subgroups: !tiled && schedule.share,
    iterations: () => contractionIterations(problem, schedule, part),
    body: `${folded ? `${FOLDED_TILE}\n` : ""}  let phase = ${place}.z / params.splits;
  let split = ${place}.z % params.splits;
  let first_quad = ${place}.x * ${tile.columns / 4}u;
${
      tiled
        ? `  let first_row = ${place}.y * ${tile.rows}u;`
        : registerRows(schedule, `${place}.y * ${tile.rows}u`, tile.rows)
    }
  ${problem.before}
${inner}
${stores(problem, placementOf(schedule), epilogue)}`,
  });
  return { kernel, uniforms: fieldOf("value", uniforms) };
}

/** The first row of a thread of a tile that starts at a row, and its place among those side by side. */
function registerRows({ lanes, groups, share }: RegisterSchedule, start: string, rows: number): string {
  const below = groups > 1 ? ` + thread / ${lanes}u * ${rows / groups}u` : "";
  return `${share ? "" : `  let lane = thread % ${lanes}u;\n`}  let first_row = ${start}${below};`;
}

function placementOf(schedule: Schedule): Placement {
  if (schedule.shape === "tiled") {
    const { columns, rowQuads, columnQuads } = schedule;
    const across = columns / (4 * columnQuads);
    return {
      rows: 4 * rowQuads,
      consecutive: true,
      inFours: true,
      row: (i) => `(first_row + thread_row * ${4 * rowQuads}u + ${i}u)`,
      quads: range(columnQuads).map((v) => `(first_quad + ${v * across}u + thread_column)`),
    };
  }
  const { rows, vectors, lanes, share } = schedule;
  if (schedule.shape === "thin") {
    const row = (i: number) => `(first_row + ${i * lanes}u + lane)`;
    return { rows, consecutive: false, row, quads: ["first_quad"] };
  }
  return {
    rows,
    consecutive: true,
    row: (i) => `first_row + ${i}u`,
    quads: range(vectors).map((v) => `quad${v}`),
    ...(share ? { lanes } : {}),
  };
}

function labelOf(schedule: Schedule): string {
  const { rows, columns } = schedule.shape === "tiled"
    ? schedule
    : { rows: schedule.rows, columns: schedule.vectors * 4 };
  return `${schedule.shape} ${rows}x${columns}`;
}
