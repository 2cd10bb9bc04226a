import { type Epilogue, outputMemory, type Problem } from "../sums/problem.ts";
import { gatedValue } from "../gate.ts";
import { range } from "./unroll.ts";

/** Where the sums `s{row}_{vector}` of a thread belong. */
export interface Placement {
  /** Rows of a thread. */
  readonly rows: number;
  /** Row `i` of a thread, as a WGSL expression. */
  row(i: number): string;
  /** Rows of a thread follow each other. */
  readonly consecutive: boolean;
  /** They begin at a multiple of four, and are fours. */
  readonly inFours?: boolean;
  /** Four columns of vector `v`, as a WGSL expression. */
  readonly quads: readonly string[];
  /**
   * Threads of a subgroup that have the same rows: each computes the places of every `lanes`th row and passes them
   * on.
   */
  readonly lanes?: number;
}

/**
 * Adds the bias, applies the activation and writes the sums, each row behind a check that it exists if tiles may
 * reach past the end.
 */
export function stores(problem: Problem, placement: Placement, epilogue: Epilogue): string {
  const { rows, quads } = placement;
  const lines: string[] = [];
  if (epilogue.bias) {
    for (const [v, quad] of quads.entries()) {
      const at = (c: number) => `bias[${quad} * 4u + ${c}u]`;
      lines.push(`  let bias${v} = vec4f(${range(4).map(at).join(", ")});`);
    }
  }
  const { before, place, exists } = placement.consecutive && !problem.outputRow
    ? steppedRows(problem, placement, epilogue)
    : scatteredRows(problem, placement, epilogue);
  lines.push(...before);
  for (const i of range(rows)) {
    const row = quads.map((quad, v) => {
      const sum = `s${i}_${v}${epilogue.bias ? ` + bias${v}` : ""}`;
      const value = epilogue.activation ? `activate(${sum})` : sum;
      return store(problem, quad, value, epilogue);
    });
    const check = epilogue.wholeRows ? "" : `if (${exists(i)}) `;
    lines.push(`  { let place = ${place(i)}; ${check}{`, ...row.map((text) => `    ${text}`), "  } }");
  }
  return lines.join("\n");
}

/** How the rows of a thread are found in memory. */
interface Rows {
  /** Statements before the first store. */
  readonly before: string[];
  /** Element of the output where row `i` begins; in fours where columns are aligned. */
  place(i: number): string;
  /** Whether row `i` is there. */
  exists(i: number): string;
}

/** Rows that follow each other: from one to the next it is always as far. */
function steppedRows(problem: Problem, { row }: Placement, epilogue: Epilogue): Rows {
  const [start, step] = problem.alignedColumns ? ["first_place >> 2u", "params.columns >> 2u"] : [
    "first_place",
    "params.columns",
  ];
  return {
    before: [
      `  let first_place = ${partOffset(problem, epilogue)}(${row(0)}) * params.columns;`,
      `  let start = ${start};`,
      `  let step = ${step};`,
    ],
    place: (i) => `start + ${i}u * step`,
    exists: (i) => problem.rowExists(`(${row(i)})`),
  };
}

/** Rows that lie anywhere, each computed, once if several threads share it. */
function scatteredRows(
  problem: Problem,
  { rows, row, lanes, inFours }: Placement,
  epilogue: Epilogue,
): Rows {
  const { outputStep, alignedColumns } = problem;
  const before = range(lanes ? Math.ceil(rows / lanes) : rows).flatMap((r) => {
    const first = r - r % 4;
    if (inFours && outputStep && r !== first) {
      const apart = `${r - first}u * ${outputStep} * params.columns${alignedColumns ? " / 4u" : ""}`;
      return [
        `  let place${r} = place${first} + ${apart};`,
        ...(epilogue.wholeRows ? [] : [`  let exists${r} = exists${first};`]),
      ];
    }
    const output = `output_row${r}`;
    const place = `(${partOffset(problem, epilogue)}(${
      problem.outputRow?.(output) ?? output
    }) * params.columns)`;
    return [
      `  let ${output} = ${lanes ? `${row(r * lanes)} + lane` : row(r)};`,
      `  let place${r} = ${alignedColumns ? `${place} >> 2u` : place};`,
      ...(epilogue.wholeRows ? [] : [`  let exists${r} = u32(${problem.rowExists(output)});`]),
    ];
  });
  const own = (name: string, i: number) =>
    lanes ? `subgroupBroadcast(${name}${Math.floor(i / lanes)}, ${i % lanes}u)` : `${name}${i}`;
  return { before, place: (i) => own("place", i), exists: (i) => `${own("exists", i)} == 1u` };
}

function partOffset({ outputRows = "params.rows" }: Problem, { split }: Epilogue): string {
  return split ? `split * ${outputRows} * params.columns + ` : "";
}

function store(problem: Problem, quad: string, value: string, epilogue: Epilogue): string {
  const memory = outputMemory(problem, epilogue);
  const whole = epilogue.wholeColumns;
  const { gate, output } = epilogue;
  if (problem.alignedColumns) {
    const at = `place + ${quad}`;
    const result = gate ? gatedValue(value, at, "vec4f", gate, output) : value;
    const write = `output[${at}] = ${memory.store(result)};`;
    return whole ? write : `if (${quad} * 4u < params.columns) { ${write} }`;
  }
  const element = (c: number) => {
    const at = `place + ${quad} * 4u + ${c}u`;
    const result = gate ? gatedValue(`value[${c}]`, at, "f32", gate, output) : `value[${c}]`;
    const write = `output[${at}] = ${memory.store(result)};`;
    return whole ? write : `if (${quad} * 4u + ${c}u < params.columns) { ${write} }`;
  };
  return `{ let value = ${value}; ${range(4).map(element).join(" ")} }`;
}
