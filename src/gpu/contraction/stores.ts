import type { Epilogue, Problem } from "./problem.ts";
import { range } from "./text.ts";

/** Where the sums `s{row}_{vector}` of a thread belong. */
export interface Placement {
  /** Rows of a thread. */
  readonly rows: number;
  /** Row `i` of a thread, as a WGSL expression. */
  row(i: number): string;
  /** Four columns of vector `v`, as a WGSL expression. */
  readonly quads: readonly string[];
  /**
   * Threads of a subgroup that have the same rows: each works out the places of every `lanes`th row and hands them
   * round.
   */
  readonly lanes?: number;
}

/** Adds the bias, applies the activation and writes the sums, each row behind a check that it exists. */
export function stores(problem: Problem, { rows, row, quads, lanes }: Placement, epilogue: Epilogue): string {
  const lines: string[] = [];
  if (epilogue.bias) {
    for (const [v, quad] of quads.entries()) {
      const at = (c: number) => `bias[${quad} * 4u + ${c}u]`;
      lines.push(`  let bias${v} = vec4f(${range(4).map(at).join(", ")});`);
    }
  }
  const offset = epilogue.split ? "split * params.rows * params.columns + " : "";
  for (const r of range(lanes ? Math.ceil(rows / lanes) : rows)) {
    lines.push(
      `  let output_row${r} = ${lanes ? `${row(r * lanes)} + lane` : row(r)};`,
      `  let place${r} = (${offset}(${problem.outputRow(`output_row${r}`)}) * params.columns);`,
      `  let exists${r} = u32(${problem.rowExists(`output_row${r}`)});`,
    );
  }
  for (const i of range(rows)) {
    const own = (name: string) =>
      lanes ? `subgroupBroadcast(${name}${Math.floor(i / lanes)}, ${i % lanes}u)` : `${name}${i}`;
    lines.push(`  { let place = ${own("place")}; if (${own("exists")} == 1u) {`);
    for (const [v, quad] of quads.entries()) {
      const sum = `s${i}_${v}${epilogue.bias ? ` + bias${v}` : ""}`;
      const value = epilogue.activation ? `activate(${sum})` : sum;
      lines.push(`    ${store(problem.alignedColumns, quad, value)}`);
    }
    lines.push("  } }");
  }
  return lines.join("\n");
}

function store(aligned: boolean, quad: string, value: string): string {
  if (aligned) return `if (${quad} * 4u < params.columns) { output[(place >> 2u) + ${quad}] = ${value}; }`;
  const element = (c: number) =>
    `if (${quad} * 4u + ${c}u < params.columns) { output[place + ${quad} * 4u + ${c}u] = value[${c}]; }`;
  return `{ let value = ${value}; ${range(4).map(element).join(" ")} }`;
}
