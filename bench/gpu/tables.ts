import { alignColumns, figure } from "../../src/cli/terminal/text.ts";
import type { Spread } from "../spread.ts";
import { formatReport } from "../tables.ts";
import { goals, type GpuReport } from "./report.ts";

/** The report for people. */
export function formatGpuReport(report: GpuReport): string {
  return [formatReport(report.bench), goldenLine(report), standingsTable(report), notes(report)]
    .filter((part) => part !== "").join("\n");
}

function goldenLine({ golden }: GpuReport): string {
  if (!golden) return "Golden cases: not run; --fixtures names their folder.\n";
  return `Golden cases: ${golden.passed} passed, ${golden.failed} failed.\n`;
}

function standingsTable({ standings }: GpuReport): string {
  const titles = ["training step", "images/s", "ms a step", "ours is faster by", "GFLOP/s", "share of limit"];
  return alignColumns([
    titles,
    ...standings.map((standing) => [
      `${standing.workload}, batch ${standing.batch}: ${standing.contender}`,
      spread(standing.imagesPerSecond),
      spread(standing.milliseconds),
      standing.oursIsFasterBy === undefined ? "" : figure(standing.oursIsFasterBy),
      figure(standing.gflops.median),
      `${(100 * standing.shareOfLimit.median).toFixed(0)} %`,
    ]),
  ]);
}

function notes(report: GpuReport): string {
  const { pytorch, limit, failures } = report;
  return [
    "skipped" in pytorch ? pytorch.skipped : `PyTorch ${pytorch.version} on ${pytorch.device}.`,
    ...failures,
    `GFLOP/s count the needed FLOP of the direct form, for both. The limit is ${
      figure(limit)
    } GFLOP/s, in 32-bit floats.`,
    ...goals(report),
  ].join("\n");
}

function spread({ median, min, max }: Spread): string {
  return min === max ? figure(median) : `${figure(median)} [${figure(min)}-${figure(max)}]`;
}
