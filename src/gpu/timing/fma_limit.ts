import type { Device } from "../device/device.ts";
import { loopIterations } from "../kernel/iterations.ts";
import { defineKernel, type Kernel } from "../kernel/kernel.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Numbers of vec4 sums that a thread keeps; which one is fastest depends on the adapter's registers. */
const SUMS = [3, 4, 6, 8, 12, 16];

/** Fused multiply-adds in a row in the text of the loop, for each sum. */
const UNROLLED = 8;

/** Threads in a workgroup. */
const WORKGROUP = 64;

/** The first launch: a millisecond or so on the slowest cards, as one that takes seconds would reset them. */
const FIRST = { workgroups: 1, loops: 1024 };

/** The largest: more workgroups would take more memory, so loops become longer then. */
const LARGEST = { workgroups: 32768, loops: 32768 };

/** Milliseconds of a launch that is long enough, and those that are aimed at. */
const LAUNCH = { enough: 20, wanted: 30 };

/** How much longer a launch may be than the one before. */
const MOST_GROWTH = 8;

/** Seconds of one measurement. */
const SECONDS = 0.12;

/**
 * The most arithmetic that the adapter does: threads that only multiply and add vectors of four 32-bit floats in
 * registers, and touch memory once. All else is measured as a share of it, since the speed of a machine drifts.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { fastestSums, FmaLimit, openDevice, Stopwatch } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const stopwatch = await Stopwatch.on(device);
 * using limit = new FmaLimit(device, stopwatch, await fastestSums(device, 1));
 * await limit.prepare();
 * assert(await limit.measure() > 0); // GFLOP/s
 * ```
 */
export class FmaLimit implements Disposable {
  /** Sums that a thread keeps. */
  readonly sums: number;
  #device: Device;
  #stopwatch: Stopwatch;
  #kernel: Kernel;
  #output: Tensor | undefined;
  #size = FIRST;
  #times = 0;

  /** The limit as measured by a kernel with `sums` sums for each thread. */
  constructor(device: Device, stopwatch: Stopwatch, sums: number) {
    this.sums = sums;
    this.#device = device;
    this.#stopwatch = stopwatch;
    this.#kernel = fmaKernel(sums);
  }

  /**
   * Compiles the kernel, and finds how large a launch must be to take some hundredths of a second, from small ones on,
   * and how often it must run to fill a measurement.
   */
  async prepare(): Promise<this> {
    await this.#stopwatch.time(this.#run, 1);
    for (;;) {
      const milliseconds = await this.#stopwatch.time(this.#run, 1);
      const larger = milliseconds < LAUNCH.enough
        ? grown(this.#size, LAUNCH.wanted / milliseconds)
        : undefined;
      if (!larger) {
        this.#times = Math.max(1, Math.round(SECONDS * 1000 / milliseconds));
        return this;
      }
      this.#size = larger;
    }
  }

  /** Measures it: GFLOP/s, a multiply-add being two. */
  async measure(): Promise<number> {
    if (this.#times === 0) await this.prepare();
    const { loops, workgroups } = this.#size;
    const work = 2 * 4 * this.sums * UNROLLED * loops * workgroups * WORKGROUP;
    return work / await this.#stopwatch.time(this.#run, this.#times) / 1e6;
  }

  /** Frees its memory. */
  [Symbol.dispose](): void {
    this.#output?.dispose();
  }

  readonly #run = (): void => {
    const { loops, workgroups } = this.#size;
    const elements = workgroups * WORKGROUP * 4;
    if (this.#output?.size !== elements) {
      this.#output?.dispose();
      this.#output = this.#device.empty([elements]);
    }
    const uniforms = { loops, scale: SCALE, back: -SCALE };
    this.#device.launch(this.#kernel, { output: this.#output! }, uniforms, [workgroups, 1, 1]);
  };
}

/** A size that is larger by about a factor, if there is one. Until a card is full, more workgroups take no longer. */
function grown({ workgroups, loops }: typeof FIRST, factor: number): typeof FIRST | undefined {
  const by = Math.max(2, Math.min(factor, MOST_GROWTH));
  if (workgroups < LARGEST.workgroups) {
    return { loops, workgroups: Math.min(Math.round(workgroups * by), LARGEST.workgroups) };
  }
  return loops < LARGEST.loops
    ? { workgroups, loops: Math.min(Math.round(loops * by), LARGEST.loops) }
    : undefined;
}

/** The number of sums a thread with which the device does most: each is tried `rounds` times, in turns. */
export async function fastestSums(device: Device, rounds: number): Promise<number> {
  const stopwatch = await Stopwatch.on(device);
  using owned = new DisposableStack();
  const candidates: { limit: FmaLimit; best: number }[] = [];
  for (const sums of SUMS) {
    const limit = owned.use(new FmaLimit(device, stopwatch, sums));
    candidates.push({ limit: await limit.prepare(), best: 0 });
  }
  for (let round = 0; round < rounds; round++) {
    for (const candidate of candidates) {
      candidate.best = Math.max(candidate.best, await candidate.limit.measure());
    }
  }
  return candidates.reduce((a, b) => b.best > a.best ? b : a).limit.sums;
}

/** How far two sums turn around each other in a multiply-add: too little for rounding to matter, too much to vanish. */
const SCALE = 0.001;

/**
 * Each sum takes products up, as in a matrix product, and is no factor of its own: cards have instructions for that.
 * Sums are factors of each other, so that no compiler can compute a product once for many: two turn around each other
 * (x += scale * y, y -= scale * x), and so neither grow nor vanish. Every sum is a variable of its own: an array of them
 * would lie in memory.
 */
export function fmaKernel(sums: number): Kernel {
  const pairs = sums >> 1;
  const name = (i: number) => `sum${i}`;
  const all = Array.from({ length: sums }, (_, i) => i);
  const step = (i: number): string => {
    if (i < pairs) return `fma(${name(i + pairs)}, scale, ${name(i)})`;
    return i < 2 * pairs ? `fma(${name(i - pairs)}, back, ${name(i)})` : `fma(${name(0)}, scale, ${name(i)})`;
  };
  const starts = all.map((i) => `  var ${name(i)} = vec4f(f32(index) * ${i + 1}.0 + 1.0);`).join("\n");
  const round = all.map((i) => `    ${name(i)} = ${step(i)};`).join("\n");
  return defineKernel({
    label: `fma limit, ${sums} sums`,
    bindings: { output: ["write", "array<vec4f>"] },
    uniforms: { loops: "u32", scale: "f32", back: "f32" },
    workgroup: WORKGROUP,
    iterations: ({ loops }) => loopIterations(loops!),
    body: `  let scale = vec4f(params.scale);
  let back = vec4f(params.back);
${starts}
  for (var i = 0u; i < params.loops; i++) {
${Array.from({ length: UNROLLED }, () => round).join("\n")}
  }
  output[index] = ${all.map(name).join(" + ")};`,
  });
}
