import { derive } from "../autograd/origin.ts";
import { floatTypeOf } from "../kernel/float_memory.ts";
import { randomUniform, type RecordedDraw } from "../random/draw.ts";
import type { DrawOptions } from "../random/host.ts";
import { expectKnownOptions } from "../tensor/known_options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { map } from "./elementwise/map.ts";

/** Options of {@linkcode dropout}. */
export interface DropoutOptions extends Omit<DrawOptions, "counter">, RecordedDraw {
  /**
   * Probability that an element becomes 0, from 0 to below 1.
   *
   * @default {0.5}
   */
  rate?: number;
}

/**
 * Sets elements to 0 at random and divides the others by `1 - rate`, so that their mean stays, as
 * `torch.nn.functional.dropout(x, rate, training=True)` (Srivastava et al. 2014). Any shape. The gradient takes the same way.
 * Random numbers are those of `randomUniform()` with the same seed, stream and counter: an element stays if its number is at
 * least the rate. In a program, each run draws anew.
 *
 * @throws {RangeError} if the rate is not from 0 to below 1, or seed, stream or counter is out of its range.
 * @throws {TypeError} if there is no such option.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { dropout, fill, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const y = await dropout(fill(device, [1000], 1), { rate: 0.2, seed: 1 }).data();
 * assert(y.every((value) => value === 0 || value === 1.25));
 * ```
 */
export function dropout(x: Tensor, options: DropoutOptions): Tensor {
  const { rate = 0.5, ...draw } = options;
  expectKnownOptions<DropoutOptions>("dropout()", options, {
    rate: true,
    seed: true,
    stream: true,
    counter: true,
    repeat: true,
  });
  checkRate("dropout()", rate);
  const drawn = randomUniform(x.device, x.shape, draw);
  const uniforms = { rate, scale: 1 / (1 - rate) };
  const masked = (value: string) => `select(vec4f(), ${value} * params.scale, drawn >= vec4f(params.rate))`;
  const y = map("dropout", { x, drawn }, masked("x"), { uniforms });
  return derive(
    y,
    [x],
    (gradient) => [
      map("dropout gradient", { gradient, drawn }, masked("gradient"), { uniforms, dtype: floatTypeOf(x) }),
    ],
    [drawn],
  );
}

/**
 * Throws unless a rate is a probability below 1.
 *
 * @internal
 */
export function checkRate(label: string, rate: number): void {
  if (rate >= 0 && rate < 1) return;
  throw new RangeError(`The rate of ${label} must be at least 0 and below 1, found ${rate}`);
}
