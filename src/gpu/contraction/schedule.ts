import { defineKernel, type Kernel } from "../kernel.ts";
import { activationDeclaration } from "../ops/activation.ts";
import { contractionBindings, type Epilogue, type Problem } from "./problem.ts";

/** How the threads of a kernel share out a sum of products. */
export interface Schedule {
  /**
   * `wide`: a thread computes `rows` rows of `vectors` times four columns, and neighbouring threads take neighbouring
   * columns. `thin`, for at most four columns: a thread computes `rows` rows with all columns, and neighbouring
   * threads take neighbouring rows.
   */
  readonly shape: "wide" | "thin";
  /** Rows of one thread. */
  readonly rows: number;
  /** Vectors of four columns of one thread. */
  readonly vectors: number;
  /**
   * Threads side by side. With `share` they are one subgroup, and the operand that they have in common is loaded once,
   * a part by each thread, and handed round.
   */
  readonly lanes: number;
  /** Hand the common operand round with subgroup broadcasts. */
  readonly share: boolean;
  /** Groups of `lanes` threads in one workgroup, below one another. */
  readonly groups: number;
}

/** Rows and columns of the output that one workgroup computes. */
export function tileOf({ shape, rows, vectors, lanes, groups }: Schedule): { rows: number; columns: number } {
  return shape === "wide"
    ? { rows: rows * groups, columns: lanes * vectors * 4 }
    : { rows: rows * lanes * groups, columns: 4 };
}

/**
 * Writes the kernel of a problem under a schedule.
 *
 * The sums are named variables and the loops over rows and vectors are unrolled: an array of sums would be kept in
 * memory by WebGPU's shader compilers. What decides the speed on a software adapter is the number of loads, each of
 * which is a gather, so every load is used for as many products as there are registers.
 */
export function contractionKernel(problem: Problem, schedule: Schedule, epilogue: Epilogue): Kernel {
  const { lanes, groups, share } = schedule;
  const tile = tileOf(schedule);
  const subgroups = share;
  const lane = share ? "" : `let lane = thread % ${lanes}u;`;
  const below = groups > 1 ? ` + thread / ${lanes}u * ${tile.rows / groups}u` : "";
  const body = `  ${lane}
  let phase = group.z / params.splits;
  let split = group.z % params.splits;
  let first_row = group.y * ${tile.rows}u${below};
  let first_quad = group.x * ${tile.columns / 4}u;
  ${problem.before}
${schedule.shape === "thin" ? thinBody(problem, schedule) : wideBody(problem, schedule)}
${stores(problem, schedule, epilogue)}`;
  return defineKernel({
    label: `${problem.label} ${schedule.shape} ${schedule.rows}x${schedule.vectors * 4}`,
    bindings: contractionBindings(problem, epilogue),
    uniforms: { ...problem.uniforms, splits: "u32", slope: "f32" },
    workgroup: lanes * groups,
    declarations: problem.declarations +
      (epilogue.activation ? activationDeclaration(epilogue.activation) : ""),
    subgroups,
    body,
  });
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** The sums of `wide`: `s{row}_{vector}`. */
function wideBody(problem: Problem, { rows, vectors, lanes, share }: Schedule): string {
  const sums = range(rows).flatMap((i) => range(vectors).map((v) => `  var s${i}_${v} = vec4f();`));
  const columns = range(vectors).map((v) => `  let quad${v} = first_quad + ${v * lanes}u + lane;`);
  const inner = problem.a.along === "depth"
    ? wideDepth(problem, rows, vectors, lanes, share)
    : wideRows(problem, rows, vectors, lanes, share);
  return [...sums, ...columns, ...inner].join("\n");
}

/** Four depths a round: A gives four depths of a row in one load. */
function wideDepth(problem: Problem, rows: number, vectors: number, lanes: number, share: boolean): string[] {
  const a = problem.a as Extract<Problem["a"], { along: "depth" }>;
  const registers = share ? Math.ceil(rows / lanes) : rows;
  const lines = range(registers).map((r) =>
    `  ${a.row(r, share ? `first_row + ${r * lanes}u + lane` : `first_row + ${r}u`)}`
  );
  lines.push(`  ${problem.open}`);
  for (const r of range(registers)) lines.push(`    ${a.line(r)}`);
  lines.push(`    for (var j = ${problem.run[0]}; j < ${problem.run[1]}; j += 4u) {`);
  for (const r of range(registers)) lines.push(`      let a${r} = ${a.load(r, "j")};`);
  lines.push(...loadColumns(problem, vectors));
  for (const i of range(rows)) {
    lines.push(
      `      let t${i} = ${share ? `subgroupBroadcast(a${Math.floor(i / lanes)}, ${i % lanes}u)` : `a${i}`};`,
    );
    for (const v of range(vectors)) {
      for (const q of range(4)) {
        lines.push(`      s${i}_${v} = fma(vec4f(t${i}[${q}]), b${q}_${v}, s${i}_${v});`);
      }
    }
  }
  lines.push(`    }`, closing(problem.open));
  return lines;
}

/** B at four depths: `b{depth}_{vector}`, each four columns. */
function loadColumns(problem: Problem, vectors: number): string[] {
  const { b } = problem;
  if (b.along === "columns") {
    return range(vectors).flatMap((v) =>
      range(4).map((q) => `      let b${q}_${v} = ${b.load(`(j + ${q}u)`, `quad${v}`)};`)
    );
  }
  return range(vectors).flatMap((v) => [
    ...range(4).map((c) => `      let w${c}_${v} = ${b.load("j", `(quad${v} * 4u + ${c}u)`)};`),
    ...range(4).map((q) =>
      `      let b${q}_${v} = vec4f(${range(4).map((c) => `w${c}_${v}[${q}]`).join(", ")});`
    ),
  ]);
}

/**
 * A gives four rows at a depth in one load. With `share` four depths make a round: each lane loads the rows of one of
 * them, and where there are more lanes than depths, they divide the rows up.
 */
function wideRows(problem: Problem, rows: number, vectors: number, lanes: number, share: boolean): string[] {
  const a = problem.a as Extract<Problem["a"], { along: "rows" }>;
  const quads = Math.ceil(rows / 4);
  const step = share ? 4 : 1;
  const parts = share ? lanes / step : 1;
  const registers = range(Math.ceil(quads / parts));
  const row = (
    r: number,
  ) => (share ? `(first_row + ${r * parts * 4}u + lane / ${step}u * 4u)` : `(first_row + ${r * 4}u)`);
  const lines = registers.map((r) => `  ${a.quad(r, row(r))}`);
  lines.push(`  ${problem.open}`, `    let end = ${problem.run[1]};`);
  lines.push(`    for (var j = ${problem.run[0]}; j < end; j += ${step}u) {`);
  lines.push(`      ${a.depth("", share ? `(j + lane % ${step}u)` : "j")}`);
  for (const r of registers) lines.push(`      let a${r} = ${a.load(r, "")};`);
  for (const k of range(step)) {
    for (const v of range(vectors)) {
      lines.push(`      let b${k}_${v} = ${singleRow(problem, `(j + ${k}u)`, `quad${v}`)};`);
    }
    for (const q of range(quads)) {
      const register = `a${Math.floor(q / parts)}`;
      const four = share ? `subgroupBroadcast(${register}, ${(q % parts) * step + k}u)` : register;
      lines.push(`      let t${k}_${q} = ${four};`);
      for (const i of range(Math.min(4, rows - q * 4))) {
        for (const v of range(vectors)) {
          const sum = `s${q * 4 + i}_${v}`;
          lines.push(`      ${sum} = fma(vec4f(t${k}_${q}[${i}]), b${k}_${v}, ${sum});`);
        }
      }
    }
  }
  lines.push("    }", closing(problem.open));
  return lines;
}

/** Four columns of B at one depth, whichever way it lies. */
function singleRow(problem: Problem, j: string, quad: string): string {
  const { b } = problem;
  if (b.along === "columns") return b.load(j, quad);
  return `vec4f(${range(4).map((c) => b.single(j, `(${quad} * 4u + ${c}u)`)).join(", ")})`;
}

/** The sums of `thin`: `s{row}_0`, all columns of a row. */
function thinBody(problem: Problem, { rows, lanes, share }: Schedule): string {
  const { a } = problem;
  if (a.along !== "depth") {
    throw new TypeError("A thin schedule needs a left operand that is contiguous in depth");
  }
  const lines = range(rows).map((i) => `  var s${i}_0 = vec4f();`);
  for (const r of range(rows)) lines.push(`  ${a.row(r, `first_row + ${r * lanes}u + lane`)}`);
  lines.push(`  ${problem.open}`);
  for (const r of range(rows)) lines.push(`    ${a.line(r)}`);
  const step = share ? lanes : 4;
  lines.push(`    for (var j = ${problem.run[0]}; j < ${problem.run[1]}; j += ${step}u) {`);
  if (share) {
    // Past the end of the run the weights are zeroed, so that what A loads there does not count.
    lines.push(
      `      let own = select(vec4f(), ${singleRow(problem, "(j + lane)", "first_quad")}, j + lane < ${
        problem.run[1]
      });`,
    );
    for (const k of range(step)) lines.push(`      let b${k} = subgroupBroadcast(own, ${k}u);`);
  } else {
    for (const k of range(step)) {
      lines.push(`      let b${k} = ${singleRow(problem, `(j + ${k}u)`, "first_quad")};`);
    }
  }
  for (const quad of range(step / 4)) {
    for (const r of range(rows)) {
      lines.push(`      let a${r}_${quad} = ${a.load(r, `(j + ${quad * 4}u)`)};`);
      for (const q of range(4)) {
        lines.push(`      s${r}_0 = fma(vec4f(a${r}_${quad}[${q}]), b${quad * 4 + q}, s${r}_0);`);
      }
    }
  }
  lines.push("    }", closing(problem.open));
  return lines.join("\n");
}

/** Closes the loops that `open` opened. */
function closing(open: string): string {
  return "  " + "}".repeat(open.split("{").length - 1);
}

/** Adds the bias, applies the activation and writes the sums, each row behind a check that it exists. */
function stores(problem: Problem, schedule: Schedule, epilogue: Epilogue): string {
  const wide = schedule.shape === "wide";
  const vectors = wide ? schedule.vectors : 1;
  const lines: string[] = [];
  const quad = (v: number) => (wide ? `quad${v}` : "first_quad");
  if (epilogue.bias) {
    for (const v of range(vectors)) {
      const at = (c: number) => `bias[${quad(v)} * 4u + ${c}u]`;
      lines.push(`  let bias${v} = vec4f(${range(4).map(at).join(", ")});`);
    }
  }
  const offset = epilogue.split ? "split * params.rows * params.columns + " : "";
  const spread = wide && schedule.share;
  const registers = spread ? Math.ceil(schedule.rows / schedule.lanes) : schedule.rows;
  for (const r of range(registers)) {
    const row = !wide || spread ? `first_row + ${r * schedule.lanes}u + lane` : `first_row + ${r}u`;
    lines.push(
      `  let output_row${r} = ${row}; let place${r} = ${offset}(${
        problem.outputRow(`output_row${r}`)
      }) * params.columns;`,
    );
    lines.push(`  let exists${r} = ${problem.rowExists(`output_row${r}`)};`);
  }
  for (const i of range(schedule.rows)) {
    const from = (name: string) =>
      spread
        ? `subgroupBroadcast(${name}${Math.floor(i / schedule.lanes)}, ${i % schedule.lanes}u)`
        : `${name}${i}`;
    const exists = spread
      ? `subgroupBroadcast(u32(exists${Math.floor(i / schedule.lanes)}), ${i % schedule.lanes}u) == 1u`
      : `exists${i}`;
    lines.push(`  { let place = ${from("place")}; if (${exists}) {`);
    for (const v of range(vectors)) {
      const sum = `s${i}_${v}${epilogue.bias ? ` + bias${v}` : ""}`;
      const value = epilogue.activation ? `activate(${sum})` : sum;
      lines.push(`    ${store(problem.alignedColumns, quad(v), value)}`);
    }
    lines.push("  } }");
  }
  return lines.join("\n");
}

function store(aligned: boolean, quad: string, value: string): string {
  if (aligned) return `if (${quad} * 4u < params.columns) { output[(place >> 2u) + ${quad}] = ${value}; }`;
  return range(4).map((c) =>
    `if (${quad} * 4u + ${c}u < params.columns) { output[place + ${quad} * 4u + ${c}u] = (${value})[${c}]; }`
  ).join(" ");
}
