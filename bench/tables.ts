import { alignColumns, bytes, figure } from "../src/cli/terminal/text.ts";
import type { Report } from "./report.ts";
import type { Spread } from "./spread.ts";

/** The report for people. */
export function formatReport(report: Report): string {
  return [
    heading(report),
    kernelTable(report),
    trainingTable(report),
    workNote(report),
    stepTable(report),
    samplingTable(report),
    memoryTable(report),
    firstStepTable(report),
    decoderTable(report),
    workerTable(report),
    folderTrainingTable(report),
    folderTable(report),
  ].filter((part) => part !== "").join("\n");
}

function heading({ circumstances, limit, idleWait }: Report): string {
  const { adapter, deno, system, processors, date } = circumstances;
  const lines = [
    adapter,
    `Deno ${deno}, ${system}, ${processors} processors, ${date.slice(0, 16).replace("T", " ")} UTC`,
    "Medians, with least and greatest in brackets.",
    "GFLOP/s count the needed FLOP of the direct form: all multiply-adds of a convolution written out, as two",
    "each. Where it is computed with fewer products (Winograd), figures and shares are effective ones.",
  ];
  if (limit) lines.push(`The adapter's own limit, multiply-adds in registers: ${spread(limit)} GFLOP/s`);
  if (idleWait) {
    lines.push(`A wait for an idle GPU takes ${figure(idleWait)} ms, which is taken off all times.`);
  }
  return lines.join("\n") + "\n";
}

/**
 * What a training step is counted as: the needed FLOP of the direct form, which is less than others count where they
 * compute what nobody uses.
 */
function workNote({ training, gflopPerImage }: Report): string {
  if (training.length === 0) return "";
  const counts = Object.entries(gflopPerImage).map(([name, { training, trainingOfPyTorch }]) =>
    `${training.toPrecision(3)} at ${name} (PyTorch's example: ${trainingOfPyTorch.toPrecision(3)})`
  );
  return `A training step needs, in the direct form, so many GFLOP an image: ${counts.join(", ")}.\n`;
}

function kernelTable({ kernels }: Report): string {
  return section(["kernel", "GFLOP/s", "share of limit"], kernels, (kernel) => [
    kernel.name,
    spread(kernel.gflops),
    percent(kernel.shareOfLimit),
  ]);
}

function trainingTable({ training }: Report): string {
  const titles = ["training", "images/s", "ms a step", "GFLOP/s", "share of limit"];
  return section(titles, training, (result) => [
    `${result.name}, batch ${result.footprint.batch}`,
    spread(result.imagesPerSecond!),
    spread(result.milliseconds),
    spread(result.gflops),
    percent(result.shareOfLimit),
  ]);
}

function stepTable({ training }: Report): string {
  const titles = ["a step", "host ms", "launches", "submits", "uploads", "buffers made", "bind groups made"];
  return section(titles, training, ({ name, hostMilliseconds, launches, calls }) => [
    name,
    spread(hostMilliseconds),
    `${launches}`,
    `${calls.submits}`,
    `${calls.writes}`,
    `${calls.buffers}`,
    `${calls.bindGroups}`,
  ]);
}

function samplingTable({ sampling }: Report): string {
  const titles = ["sampling, batch 64", "images/s", "read back", "GFLOP/s", "share of limit"];
  return section(titles, sampling, (result) => [
    result.name,
    spread(result.imagesPerSecond!),
    spread(result.imagesPerSecondRead),
    spread(result.gflops),
    percent(result.shareOfLimit),
  ]);
}

function memoryTable({ memory }: Report): string {
  const titles = ["GPU memory", "all", "temporaries", "least possible", "ratio"];
  return section(titles, memory, ({ name, batch, gpuBytes, temporaryBytes, livenessBytes }) => [
    `${name}, batch ${batch}`,
    bytes(gpuBytes),
    bytes(temporaryBytes),
    bytes(livenessBytes),
    figure(temporaryBytes / livenessBytes),
  ]);
}

function firstStepTable({ firstSteps }: Report): string {
  const titles = ["first step, from the start of the process", "no kernel cached, s", "cached, s"];
  return section(titles, firstSteps, ({ workload, cold, warm }) => [
    workload,
    spread(cold),
    warm ? spread(warm) : "",
  ]);
}

function decoderTable({ loader }: Report): string {
  const titles = ["JPEG decoder, one thread", "size", "CPU ms a picture"];
  return section(titles, loader.decoders, ({ decoder, size, milliseconds }) => [
    decoder,
    size,
    spread(milliseconds),
  ]);
}

function workerTable({ loader }: Report): string {
  const titles = ["JPEGs a second", "one worker", "two workers", "ratio", "of plain arithmetic"];
  return section(titles, loader.workers, ({ size, one, two, ratio, possible }) => [
    size,
    spread(one),
    spread(two),
    spread(ratio),
    spread(possible),
  ]);
}

function folderTrainingTable({ loader }: Report): string {
  const titles = ["S training, batch 32, pictures", "images/s", "share of the first", "host ms a step"];
  return section(titles, loader.training, ({ way, imagesPerSecond, share, hostMilliseconds }) => [
    way,
    spread(imagesPerSecond),
    percent(share),
    spread(hostMilliseconds),
  ]);
}

function folderTable({ loader }: Report): string {
  const titles = [
    "opening a folder of",
    "listed, s",
    "first batch, s from the process's start",
    "most memory",
  ];
  return section(titles, loader.folders, ({ folder, openSeconds, firstBatchSeconds, peakBytes }) => [
    folder,
    spread(openSeconds),
    firstBatchSeconds ? spread(firstBatchSeconds) : "",
    bytes(peakBytes.max),
  ]);
}

function section<T>(titles: readonly string[], items: readonly T[], cells: (item: T) => string[]): string {
  return items.length === 0 ? "" : alignColumns([titles, ...items.map(cells)]);
}

function spread({ median, min, max }: Spread): string {
  return min === max ? figure(median) : `${figure(median)} [${figure(min)}-${figure(max)}]`;
}

function percent({ median, min, max }: Spread): string {
  const whole = (share: number): string => (100 * share).toFixed(share < 0.1 ? 1 : 0);
  return min === max ? `${whole(median)} %` : `${whole(median)} % [${whole(min)}-${whole(max)}]`;
}
