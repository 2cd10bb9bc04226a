import { depthsPerIteration } from "./loops.ts";
import type { Problem } from "../sums/problem.ts";
import type { RegisterSchedule } from "./schedule.ts";
import { singleRow } from "./single_row.ts";
import { closing, range } from "./unroll.ts";

/**
 * The sums of `wide`: `s{row}_{vector}`. There are more of them than processors have registers. With `singly` those of
 * a vector come one after another, each with all depths of a round, so that it is fetched and put back once; else a
 * depth is multiplied with all of a row's sums before the next one, so that more products can run in parallel.
 */
export function wideBody(problem: Problem, schedule: RegisterSchedule): string {
  const { rows, vectors, lanes } = schedule;
  const sums = range(rows).flatMap((i) => range(vectors).map((v) => `  var s${i}_${v} = vec4f();`));
  const columns = range(vectors).map((v) => `  let quad${v} = first_quad + ${v * lanes}u + lane;`);
  const inner = problem.a.along === "depth" ? wideDepth(problem, schedule) : wideRows(problem, schedule);
  return [...sums, ...columns, ...inner].join("\n");
}

/** Four depths a round: A gives four depths of a row in one load. */
function wideDepth(problem: Problem, schedule: RegisterSchedule): string[] {
  const { rows, vectors, lanes, share, singly } = schedule;
  const step = depthsPerIteration(problem, schedule);
  const a = problem.a as Extract<Problem["a"], { along: "depth" }>;
  const registers = share ? Math.ceil(rows / lanes) : rows;
  const lines = range(registers).map((r) =>
    `  ${a.row(r, share ? `first_row + ${r * lanes}u + lane` : `first_row + ${r}u`)}`
  );
  lines.push(`  ${problem.open}`);
  for (const r of range(registers)) lines.push(`    ${a.line(r)}`);
  const all = range(rows).flatMap((i) => range(vectors).map((v) => `${i}_${v}`));
  const inRuns = problem.longRuns ?? false;
  const sum = inRuns ? "p" : "s";
  if (inRuns) lines.push(...all.map((name) => `    var p${name} = vec4f();`));
  lines.push(`    for (var j = ${problem.run[0]}; j < ${problem.run[1]}; j += ${step}u) {`);
  for (const r of range(registers)) lines.push(`      let a${r} = ${a.load(r, "j")};`);
  lines.push(...loadColumns(problem, vectors));
  const row = (i: number, products: readonly string[]) => {
    const four = share ? `subgroupBroadcast(a${Math.floor(i / lanes)}, ${i % lanes}u)` : `a${i}`;
    lines.push(`      { let t = ${four};`, ...products, "      }");
  };
  const product = (i: number, v: number, q: number) =>
    `        ${sum}${i}_${v} = fma(vec4f(t[${q}]), b${q}_${v}, ${sum}${i}_${v});`;
  if (singly) {
    for (const v of range(vectors)) {
      for (const i of range(rows)) row(i, range(step).map((q) => product(i, v, q)));
    }
  } else {
    for (const i of range(rows)) {
      row(i, range(step).flatMap((q) => range(vectors).map((v) => product(i, v, q))));
    }
  }
  lines.push("    }");
  if (inRuns) lines.push(...all.map((name) => `    s${name} += p${name};`));
  lines.push(closing(problem.open));
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
 * them, and if there are more lanes than depths, they divide the rows up.
 */
function wideRows(problem: Problem, schedule: RegisterSchedule): string[] {
  const { rows, vectors, lanes, share, singly } = schedule;
  const a = problem.a as Extract<Problem["a"], { along: "rows" }>;
  const quads = Math.ceil(rows / 4);
  const step = depthsPerIteration(problem, schedule);
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
  const b = (k: number, v: number) =>
    `      let b${k}_${v} = ${singleRow(problem, `(j + ${k}u)`, `quad${v}`)};`;
  const four = (k: number, q: number) => {
    const register = `a${Math.floor(q / parts)}`;
    return `let t${k} = ${share ? `subgroupBroadcast(${register}, ${(q % parts) * step + k}u)` : register};`;
  };
  const product = (row: number, v: number, k: number) =>
    `        s${row}_${v} = fma(vec4f(t${k}[${row % 4}]), b${k}_${v}, s${row}_${v});`;
  const rowsOf = (q: number) => range(Math.min(4, rows - q * 4)).map((i) => q * 4 + i);
  if (singly) {
    for (const v of range(vectors)) lines.push(...range(step).map((k) => b(k, v)));
    for (const v of range(vectors)) {
      for (const q of range(quads)) {
        lines.push(`      { ${range(step).map((k) => four(k, q)).join("\n        ")}`);
        lines.push(...rowsOf(q).flatMap((row) => range(step).map((k) => product(row, v, k))), "      }");
      }
    }
  } else {
    for (const k of range(step)) {
      lines.push(...range(vectors).map((v) => b(k, v)));
      for (const q of range(quads)) {
        lines.push(`      { ${four(k, q)}`);
        lines.push(...rowsOf(q).flatMap((row) => range(vectors).map((v) => product(row, v, k))), "      }");
      }
    }
  }
  lines.push("    }", closing(problem.open));
  return lines;
}
