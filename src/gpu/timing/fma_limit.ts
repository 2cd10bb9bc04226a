import type { Device } from "../device/device.ts";
import { loopIterations } from "../kernel/iterations.ts";
import { defineKernel, type Kernel } from "../kernel/kernel.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Numbers of vec4 sums that a thread keeps; which one is fastest depends on the adapter's registers. */
const SUMS = [2, 3, 4, 6, 8, 16];

/** Fused multiply-adds in a row in the text of the loop, for each sum. */
const UNROLLED = 8;

/** Threads in a workgroup. */
const WORKGROUP = 64;

/** Times that the loop goes round, and workgroups: a tenth of a second on a CPU, some milliseconds on a GPU. */
const SIZE = { software: { loops: 1024, workgroups: 64 }, hardware: { loops: 2048, workgroups: 4096 } };

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
  #output: Tensor;
  #run: () => void;
  #work: number;
  #stopwatch: Stopwatch;
  #times = 1;

  /** The limit as measured by a kernel with `sums` sums for each thread. */
  constructor(device: Device, stopwatch: Stopwatch, sums: number) {
    const { loops, workgroups } = device.adapter.software ? SIZE.software : SIZE.hardware;
    const kernel = fmaKernel(sums);
    const output = device.empty([workgroups * WORKGROUP * 4]);
    this.#output = output;
    // A sum tends to 1 under sum -> sum * scale + shift, and never becomes too small to be fast
    const uniforms = { loops, scale: 0.999, shift: 0.001 };
    this.sums = sums;
    this.#run = () => device.launch(kernel, { output }, uniforms, [workgroups, 1, 1]);
    this.#work = 2 * 4 * sums * UNROLLED * loops * workgroups * WORKGROUP;
    this.#stopwatch = stopwatch;
  }

  /** Compiles the kernel, and finds how often it must run to fill a measurement. */
  async prepare(): Promise<this> {
    this.#times = await this.#stopwatch.runsIn(SECONDS, this.#run);
    return this;
  }

  /** Measures it: GFLOP/s, a multiply-add being two. */
  async measure(): Promise<number> {
    return this.#work / await this.#stopwatch.time(this.#run, this.#times) / 1e6;
  }

  /** Frees its memory. */
  [Symbol.dispose](): void {
    this.#output.dispose();
  }
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

/** Every sum is a variable of its own: an array of them would lie in memory. */
export function fmaKernel(sums: number): Kernel {
  const names = Array.from({ length: sums }, (_, i) => `sum${i}`);
  const starts = names.map((name, i) => `  var ${name} = vec4f(f32(index) * ${i + 1}.0);`).join("\n");
  const round = names.map((name) => `    ${name} = fma(${name}, scale, shift);`).join("\n");
  return defineKernel({
    label: `fma limit, ${sums} sums`,
    bindings: { output: ["write", "array<vec4f>"] },
    uniforms: { loops: "u32", scale: "f32", shift: "f32" },
    workgroup: WORKGROUP,
    iterations: ({ loops }) => loopIterations(loops!),
    body: `  let scale = vec4f(params.scale);
  let shift = vec4f(params.shift);
${starts}
  for (var i = 0u; i < params.loops; i++) {
${Array.from({ length: UNROLLED }, () => round).join("\n")}
  }
  output[index] = ${names.join(" + ")};`,
  });
}
