import type { Problem } from "./problem.ts";
import type { RegisterSchedule } from "./schedule.ts";
import { singleRow } from "./single_row.ts";
import { closing, range } from "./text.ts";

/** The sums of `thin`: `s{row}_0`, all columns of a row. */
export function thinBody(problem: Problem, { rows, lanes, share }: RegisterSchedule): string {
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
