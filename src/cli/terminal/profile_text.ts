import type { ProfileEvent } from "../../dcgan/run/events.ts";
import { alignColumns, figure } from "./text.ts";

/** Kernels that take less than this part of the time are shown as one. */
const LEAST = 0.01;

/** A profile as a table, kernel by kernel: those that take longest first. */
export function profileText({ profile, path }: ProfileEvent): string {
  const { firstStep, lastStep, launches, milliseconds, gflops, shareOfLimit, limit, rows } = profile;
  const shown = rows.filter(({ share }) => share >= LEAST);
  const others = rows.filter(({ share }) => share < LEAST);
  const steps = firstStep === lastStep ? `step ${firstStep}` : `steps ${firstStep} to ${lastStep}`;
  const total = (of: (row: typeof rows[0]) => number): number =>
    others.reduce((sum, row) => sum + of(row), 0);
  const body = shown.map((row) => [
    row.kernel,
    row.detail ?? "",
    `${row.launches}`,
    figure(row.milliseconds),
    percent(row.share),
    row.gflops === undefined ? "" : figure(row.gflops),
    row.shareOfLimit === undefined ? "" : percent(row.shareOfLimit),
  ]);
  if (others.length > 0) {
    const share = percent(total((row) => row.share));
    const [count, time] = [total((row) => row.launches), total((row) => row.milliseconds)];
    body.push([`${others.length} others`, "", `${count}`, figure(time), share, "", ""]);
  }
  body.push(["all", "", `${launches}`, figure(milliseconds), "100 %", figure(gflops), percent(shareOfLimit)]);
  const titles = ["kernel", "sizes", "launches", "ms", "share", "GFLOP/s", "of limit"];
  return [
    `Time of a step on the GPU, medians of ${steps}. The adapter's limit is ${figure(limit)} GFLOP/s.`,
    "",
    alignColumns([titles, ...body], "  "),
    `In full: ${path}`,
  ].join("\n");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
