import { type Device, FmaLimit, Stopwatch } from "../src/gpu/mod.ts";
import { type Spread, spreadOf } from "./spread.ts";

/** Something to measure. */
export interface Case {
  /** What it is, for people and for `--only`. */
  readonly name: string;
  /** Floating-point operations a run. */
  readonly work: number;
  /** Images a run, where it makes or learns from images. */
  readonly images?: number;
  /** Submits it once, and does not wait. */
  readonly run: () => void;
}

/** How long and how often each case is measured. */
export interface Effort {
  /** Times that each case is measured; between them all others are. */
  readonly rounds: number;
  /** Seconds of one measurement; 0 runs each case once. */
  readonly seconds: number;
  /** Sums a thread keeps in the kernel that shows the adapter's limit. */
  readonly limitSums: number;
}

/** What came out for one case. */
export interface Measurement {
  /** Name of the case. */
  readonly name: string;
  /** Milliseconds a run. */
  readonly milliseconds: Spread;
  /** Images a second. */
  readonly imagesPerSecond?: Spread;
  /** Floating-point operations a second, in thousands of millions. */
  readonly gflops: Spread;
  /** What part that is of the adapter's limit, measured next to it. */
  readonly shareOfLimit: Spread;
}

/** What came out for several cases. */
export interface Measured {
  /** One for each case, in order. */
  readonly measurements: readonly Measurement[];
  /** The adapter's limit in GFLOP/s, each time it was measured. */
  readonly limits: readonly number[];
  /** Milliseconds that a wait takes by itself. */
  readonly idleWait: number;
}

/**
 * Measures cases in turns, round by round, and the adapter's limit between any two of them: a machine that slows down
 * meanwhile does so for all, and each share is taken of the limits measured just before and just after.
 */
export async function measureCases(
  device: Device,
  cases: readonly Case[],
  { rounds, seconds, limitSums }: Effort,
): Promise<Measured> {
  const stopwatch = await Stopwatch.on(device);
  using limit = new FmaLimit(device, stopwatch, limitSums);
  await limit.prepare();
  const times: number[] = [];
  for (const { run } of cases) times.push(await stopwatch.runsIn(seconds, run));
  const limits = [await limit.measure()];
  const samples: Sample[][] = cases.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, { run }] of cases.entries()) {
      const milliseconds = await stopwatch.time(run, times[i]!);
      limits.push(await limit.measure());
      samples[i]!.push({ milliseconds, limit: (limits.at(-2)! + limits.at(-1)!) / 2 });
    }
  }
  return {
    measurements: cases.map((each, i) => summarize(each, samples[i]!)),
    limits,
    idleWait: stopwatch.idle,
  };
}

/** One measurement of a case: milliseconds a run, and the limit around it in GFLOP/s. */
interface Sample {
  readonly milliseconds: number;
  readonly limit: number;
}

function summarize({ name, work, images }: Case, samples: readonly Sample[]): Measurement {
  const spread = (of: (sample: Sample) => number): Spread => spreadOf(samples.map(of));
  return {
    name,
    milliseconds: spread(({ milliseconds }) => milliseconds),
    ...(images === undefined
      ? {}
      : { imagesPerSecond: spread(({ milliseconds }) => images * 1000 / milliseconds) }),
    gflops: spread(({ milliseconds }) => work / milliseconds / 1e6),
    shareOfLimit: spread(({ milliseconds, limit }) => work / milliseconds / 1e6 / limit),
  };
}
