import { depthsPerIteration } from "./loops.ts";
import type { Problem } from "../sums/problem.ts";
import type { RegisterSchedule } from "./schedule.ts";
import { singleRow } from "./single_row.ts";
import { closing, range } from "./unroll.ts";

/** The sums of `thin`: `s{row}_0`, all columns of a row. */
export function thinBody(problem: Problem, schedule: RegisterSchedule): string {
  const { rows, lanes, share } = schedule;
  const { a } = problem;
  if (a.along !== "depth") {
    throw new TypeError("A thin schedule needs a left operand that is contiguous in depth");
  }
  const lines = range(rows).map((i) => `  var s${i}_0 = vec4f();`);
  for (const r of range(rows)) lines.push(`  ${a.row(r, `first_row + ${r * lanes}u + lane`)}`);
  lines.push(`  ${problem.open}`);
  for (const r of range(rows)) lines.push(`    ${a.line(r)}`);
  const step = depthsPerIteration(problem, schedule);
  lines.push(`    for (var j = ${problem.run[0]}; j < ${problem.run[1]}; j += ${step}u) {`);
  if (share) {
    // A round may reach past the end of the run. Nothing may count there, neither in B nor in A, which has other rows
    // there: were only one of them zero, the other's infinities would make it NaN.
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
      const at = `(j + ${quad * 4}u)`;
      const four = a.load(r, at);
      // The loop's condition says of the first four that they are there.
      const inside = quad === 0 ? four : `select(vec4f(), ${four}, ${at} < ${problem.run[1]})`;
      lines.push(`      let a${r}_${quad} = ${inside};`);
      for (const q of range(4)) {
        lines.push(`      s${r}_0 = fma(vec4f(a${r}_${quad}[${q}]), b${quad * 4 + q}, s${r}_0);`);
      }
    }
  }
  lines.push("    }", closing(problem.open));
  return lines.join("\n");
}
