import { expectKnownOptions } from "../tensor/known_options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { elementwise } from "./elementwise/elementwise.ts";

/** Options of {@linkcode clamp}: at least one of both. */
export interface ClampOptions {
  /** Smaller elements become this. */
  min?: number;
  /** Larger elements become this. */
  max?: number;
}

/** Compilers may take it for granted that `clamp` never sees NaN, but not that bits do not. */
const IS_NAN = `fn is_nan(x: vec4f) -> vec4<bool> {
  return (bitcast<vec4u>(x) & vec4u(0x7fffffffu)) > vec4u(0x7f800000u);
}`;

/**
 * Each element, or the nearest number from `min` to `max`, as `torch.clamp`. Any shape. NaN stays NaN. The gradient passes
 * where an element is not changed, the ends included, and is 0 elsewhere.
 *
 * @throws {RangeError} if neither end is given, one is NaN, or `min` is above `max`.
 * @throws {TypeError} if there is no such option.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { clamp, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const x = device.tensor([-3, 0.5, 2]);
 * assertEquals([...await clamp(x, { min: -1, max: 1 }).data()], [-1, 0.5, 1]);
 * ```
 */
export function clamp(x: Tensor, options: ClampOptions): Tensor {
  expectKnownOptions<ClampOptions>("clamp()", options, { min: true, max: true });
  const { min = -Infinity, max = Infinity } = options;
  if (!(min <= max) || (min === -Infinity && max === Infinity)) {
    throw new RangeError(
      `clamp() needs a 'min', a 'max' or both, with min <= max, found min ${options.min} and max ${options.max}`,
    );
  }
  // An end that is infinite is none: kernels need not know infinities
  const lower = min === -Infinity ? undefined : "vec4f(params.low)";
  const upper = max === Infinity ? undefined : "vec4f(params.high)";
  const raised = lower ? `max(x, ${lower})` : "x";
  const kept = [...(lower ? [`(x >= ${lower})`] : []), ...(upper ? [`(x <= ${upper})`] : [])].join(" & ");
  return elementwise(x, {
    name: "clamp",
    value: `select(${upper ? `min(${raised}, ${upper})` : raised}, x, is_nan(x))`,
    gradient: `select(vec4f(), gradient, ${kept})`,
    keeps: "x",
  }, {
    uniforms: { ...(lower ? { low: min } : {}), ...(upper ? { high: max } : {}) },
    declarations: IS_NAN,
  });
}
