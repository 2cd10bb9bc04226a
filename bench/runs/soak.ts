/**
 * Trains tiny networks for a while, with checkpoints, samples and scores, and shows whether what the process retains
 * grows with its steps: `deno task soak --seconds 600`. Exits with 1 if it does.
 *
 * What counts is JavaScript objects, arrays outside the heap, and buffers on the device. Code that V8 compiles, and pages
 * that the allocator keeps for later, vary on their own: they are printed, but the bound does not include them. The task has
 * V8 compile all functions alike from the start, as optimized ones come late and with objects of their own.
 */
import "../../src/host/on_native.ts";
import { getHeapSpaceStatistics } from "node:v8";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { train } from "../../src/dcgan/train.ts";
import { type Device, openDevice } from "../../src/gpu/mod.ts";
import { USAGE_EXIT_CODE } from "../options.ts";

/** Bytes per 1,000 steps that pass for none. */
const BOUND = 1024;

/** Seconds between measurements at least, unless that were fewer than this many. */
const [INTERVAL, FEWEST] = [1, 60];

/** What the process retains after some step, in bytes. */
export interface Retained {
  /** Steps done. */
  readonly step: number;
  /** JavaScript objects, after a garbage collection. */
  readonly heap: number;
  /** Compiled code, which grows for as long as V8 finds functions worth compiling. */
  readonly code: number;
  /** Typed arrays and buffers outside that heap. */
  readonly external: number;
  /** Buffers on the device. */
  readonly gpu: number;
  /** Memory of the process that is in use, by the system's count. */
  readonly resident: number;
}

/**
 * Slope of a line through points by least squares, with its standard error.
 *
 * @throws {RangeError} if there are fewer than three points, or all have one x.
 */
export function slopeOf(
  points: readonly (readonly [x: number, y: number])[],
): { slope: number; error: number } {
  const count = points.length;
  const mean = (axis: 0 | 1): number => points.reduce((sum, point) => sum + point[axis], 0) / count;
  const [middle, level] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - middle) ** 2, 0);
  if (count < 3 || spread === 0) {
    throw new RangeError(
      `Cannot fit a line: there must be 3 points or more, found ${count}. Measure for longer`,
    );
  }
  const slope = points.reduce((sum, [x, y]) => sum + (x - middle) * (y - level), 0) / spread;
  const rest = points.reduce((sum, [x, y]) => sum + (y - level - slope * (x - middle)) ** 2, 0);
  return { slope, error: Math.sqrt(rest / (count - 2) / spread) };
}

/** The later half of measurements, by steps: what is made once is there by then. */
export function laterHalf(measured: readonly Retained[]): Retained[] {
  const half = (measured.at(-1)?.step ?? 0) / 2;
  return measured.filter(({ step }) => step >= half);
}

/** What is retained now. */
function measure(device: Device, step: number): Retained {
  const { external, rss } = Deno.memoryUsage();
  let [heap, code] = [0, 0];
  for (const { space_name: name, space_used_size: bytes } of getHeapSpaceStatistics()) {
    if (/code|trusted/.test(name)) code += bytes;
    else heap += bytes;
  }
  return { step, heap, code, external, gpu: device.ledger.read().bytes, resident: rss };
}

/** Trains for some seconds, and measures about every second. */
async function soak(
  device: Device,
  { seconds, every, scoreEvery }: {
    readonly seconds: number;
    readonly every: number;
    readonly scoreEvery: number;
  },
  out: string,
  collect: () => void,
): Promise<Retained[]> {
  const interval = Math.min(INTERVAL, seconds / FEWEST);
  // All room for what is measured is taken before: it must not grow itself
  const names = ["step", "heap", "code", "external", "gpu", "resident"] as const;
  const values = new Float64Array(names.length * Math.ceil(seconds / interval + 1));
  let count = 0;
  const started = performance.now();
  let next = started;
  const events = train(device, {
    size: 16,
    ngf: 4,
    ndf: 4,
    latent: 8,
    batch: 4,
    samples: 16,
    dataOptions: { length: 200 },
    steps: 10_000_000,
    logEvery: 0.2,
    sampleEvery: every,
    checkpointEvery: every,
    scoreEvery,
    keep: 2,
    out,
  });
  for await (const event of events) {
    if (event.type === "warning") console.error(event.message);
    if (event.type !== "metrics" || performance.now() < next) continue;
    // A promise releases what it holds in the next turn, and another thread frees collected arrays
    collect();
    await new Promise((go) => setTimeout(go, 20));
    collect();
    const found = measure(device, event.step);
    for (const name of names) values[count++] = found[name];
    next = performance.now() + interval * 1000;
    if (performance.now() - started > seconds * 1000) break;
  }
  return Array.from(
    { length: count / names.length },
    (_, row) =>
      Object.fromEntries(
        names.map((name, i) => [name, values[row * names.length + i]]),
      ) as unknown as Retained,
  );
}

/** Prints what was found. Returns whether memory is flat. */
export function report(measured: readonly Retained[], bound: number): boolean {
  const half = laterHalf(measured);
  const [first, last] = [half[0]!, half.at(-1)!];
  console.log(
    `${last.step} steps; slopes over steps ${first.step} to ${last.step}, from ${half.length} measurements`,
  );
  const perThousand = (name: string, of: (one: Retained) => number): number => {
    const { slope, error } = slopeOf(half.map((one) => [one.step / 1000, of(one)]));
    console.log(
      `${name.padEnd(9)} ${`${of(last)}`.padStart(11)} bytes, ` +
        `${slope.toFixed(0)} ± ${error.toFixed(0)} bytes per 1,000 steps`,
    );
    return slope;
  };
  perThousand("heap", ({ heap }) => heap);
  perThousand("code", ({ code }) => code);
  perThousand("external", ({ external }) => external);
  perThousand("GPU", ({ gpu }) => gpu);
  perThousand("resident", ({ resident }) => resident);
  const slope = perThousand("retained", ({ heap, external, gpu }) => heap + external + gpu);
  const isFlat = slope <= bound;
  console.log(
    isFlat
      ? `Memory is flat: at most ${bound} bytes per 1,000 steps`
      : `Memory grows: it must be at most ${bound} bytes per 1,000 steps, found ${slope.toFixed(0)}`,
  );
  return isFlat;
}

function toPositive(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1e9) return value;
  throw new InvalidArgumentError("It must be a number above 0.");
}

function toSteps(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 1e9) return value;
  throw new InvalidArgumentError("It must be a whole number, 0 or more.");
}

if (import.meta.main) {
  const options = new Command("deno task soak")
    .description(
      "Trains tiny networks, and measures whether the memory that is retained grows with the steps.",
    )
    .option("--seconds <s>", "seconds to train for", toPositive, 600)
    .option("--every <steps>", "steps between checkpoints, and between samples", toSteps, 250)
    .option("--score-every <steps>", "steps between scores; 0: none", toSteps, 4000)
    .option("--bound <bytes>", "bytes per 1,000 steps that are allowed", toPositive, BOUND)
    .exitOverride(({ exitCode }) => Deno.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE))
    .parse(Deno.args, { from: "user" }).opts();
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) {
    console.error("Cannot measure: garbage collection must be exposed. Run with --v8-flags=--expose-gc");
    Deno.exit(USAGE_EXIT_CODE);
  }
  const out = await Deno.makeTempDir();
  using device = await openDevice();
  try {
    if (!report(await soak(device, options, `${out}/run`, gc), options.bound)) Deno.exitCode = 1;
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}
