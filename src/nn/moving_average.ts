import { linearGrid } from "../gpu/kernel/kernel.ts";
import { f32, prepareRun, read, u32, update } from "../gpu/kernel/run_kernel.ts";
import { printAsText } from "../gpu/tensor/print_as_text.ts";
import { expectKnownOptions, map, type Tensor } from "../gpu/mod.ts";
import type { Module } from "./module.ts";
import { Network } from "./network.ts";
import { sliceRow } from "./weights/row_slices.ts";

/** Options of {@linkcode MovingAverage}. */
export interface MovingAverageOptions {
  /**
   * The share of the average that each update keeps. Early updates keep less; see {@linkcode MovingAverage}.
   *
   * @default {0.999}
   */
  decay?: number;
}

/**
 * An exponential moving average of a network's weights, as a network of its own:
 *
 * ```text
 * d = min(decay, (1 + t) / (10 + t))        t = 1, 2, ... counts updates
 * average = d * average + (1 - d) * weights
 * ```
 *
 * It starts as a copy. Statistics, such as those of batch norms, are shared with the network, not averaged. Samples of
 * an averaged generator vary less from step to step and are usually better (Yazıcı et al. 2019).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Linear, MovingAverage, Network } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, new Linear(2, 1));
 * using average = new MovingAverage(network, new Linear(2, 1), { decay: 0.5 });
 * const before = await average.network.values.data();
 * network.values.set(before.map((value) => value + 11));
 * average.update();
 * // The first update keeps 2 / 11
 * const after = await average.network.values.data();
 * assertEquals(Math.round(after[0]! - before[0]!), 9);
 * ```
 */
export class MovingAverage implements Disposable {
  /** The layers with the averaged weights. */
  readonly network: Network;
  #steps: Tensor;
  #update: () => void;
  #owned: DisposableStack;

  /**
   * The average of a network, which is a copy of it at first.
   *
   * @param module New layers of the same kinds.
   * @throws {RangeError} if the layers have other parameters, or the decay is not from 0 to below 1.
   * @throws {TypeError} if there is no such option.
   */
  constructor(source: Network, module: Module | readonly Module[], options: MovingAverageOptions = {}) {
    expectKnownOptions<MovingAverageOptions>("MovingAverage", options, { decay: true });
    const { decay = 0.999 } = options;
    if (!(decay >= 0 && decay < 1)) {
      throw new RangeError(`The decay of a moving average must be at least 0 and below 1, found ${decay}`);
    }
    using owned = new DisposableStack();
    this.network = owned.use(new Network(source.values.device, module, { precision: source.precision }));
    expectSame(source, this.network);
    for (const [name, statistic] of this.network.statistics) {
      statistic.tensor.dispose();
      statistic.place(source.statistics.get(name)!.tensor.detach());
    }
    const copies = sliceRow(this.network.values);
    for (const [part, values] of sliceRow(source.values).entries()) {
      map("copy weights", { values }, "values", { into: copies[part]! });
    }
    const { steps, weight, run } = prepareAveraging(source.values, this.network.values, decay);
    this.#steps = owned.use(steps);
    owned.use(weight);
    this.#update = run;
    this.#owned = owned.move();
  }

  /** Takes the weights as they are now into the average. Call it after the optimizer's step. */
  update(): void {
    this.#update();
  }

  /** What the next update depends on besides the averaged weights: `steps` (`[1]`, u32), the updates so far. */
  state(): Readonly<Record<string, Tensor>> {
    return { steps: this.#steps };
  }

  /** Frees the averaged network. */
  [Symbol.dispose](): void {
    this.#owned.dispose();
  }

  /** What it is, in short: `MovingAverage of Network of 2723 parameters, f32, on llvmpipe`. */
  toString(): string {
    return `MovingAverage of ${this.network}`;
  }
}

printAsText(MovingAverage);

/** Throws if two networks do not have the same parameters and statistics. */
function expectSame(source: Network, other: Network): void {
  for (const kind of ["parameters", "statistics"] as const) {
    const [wanted, found] = [source[kind], other[kind]].map((all) =>
      [...all].map(([name, { shape }]) => `${name} [${shape}]`)
    );
    const differs = wanted!.length !== found!.length || wanted!.some((one, i) => one !== found![i]);
    if (!differs) continue;
    throw new RangeError(
      `Cannot average this network: the layers must have its ${kind}, ${wanted!.join(", ") || "none"}, ` +
        `found ${found!.join(", ") || "none"}`,
    );
  }
}

/**
 * The average of a row of values, and its update in two launches.
 *
 * @internal
 */
export function prepareAveraging(
  source: Tensor,
  average: Tensor,
  decay: number,
): { readonly steps: Tensor; readonly weight: Tensor; readonly run: () => void } {
  const { device } = source;
  const steps = device.state([1], "u32");
  const weight = device.state([1]);
  const advance = prepareRun(device, {
    label: "moving average advance",
    buffers: { steps: update(steps), weight: update(weight) },
    uniforms: { fresh: f32(1 - decay) },
    grid: [1, 1, 1],
    workgroup: 1,
    body: `  steps[0] += 1u;
  // 1 - (1 + t) / (10 + t), without the loss of digits
  weight[0] = max(params.fresh, 9.0 / (10.0 + f32(steps[0])));`,
  });
  const parts = sliceRow(average);
  const updates = sliceRow(source).map((part, i) => {
    const quads = Math.ceil(part.size / 4);
    const values = read(part, "vec4f");
    const averages = update(parts[i]!, "vec4f");
    return prepareRun(device, {
      label: "moving average update",
      buffers: { values, averages, weight: read(weight) },
      uniforms: { quads: u32(quads) },
      grid: linearGrid(quads),
      body: `  if (index >= params.quads) { return; }
  let old = ${averages.load("averages[index]")};
  averages[index] = ${averages.store(`old + weight[0] * (${values.load("values[index]")} - old)`)};`,
    });
  });
  return { steps, weight, run: () => [advance, ...updates].forEach((launch) => launch()) };
}
