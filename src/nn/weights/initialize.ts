import { accumulate, hostNormal, map, randomNormal, randomUniform, type Tensor } from "../../gpu/mod.ts";
import type { Initializer } from "./initializers.ts";

/** Where the random numbers of a parameter come from. */
export interface RandomSource {
  /** The network's seed. */
  readonly seed: number;
  /** The network's stream. */
  readonly stream: number;
  /** The parameter's first element in the flat parameters: sets its numbers apart from those of others. */
  readonly start: number;
}

/**
 * Initializes a parameter: the same bytes on every adapter. If a mean is added, or a length divided by, the host does it,
 * since a GPU may round in one step or in two.
 */
export function initialize(tensor: Tensor, initializer: Initializer, source: RandomSource): void {
  const key = { seed: source.seed, stream: source.stream, counter: source.start };
  // A network that is created while a program is recorded is initialized again in each run, to the same values
  const random = { ...key, repeat: true };
  if (initializer.type === "constant") {
    if (initializer.value !== 0) tensor.set(new Float32Array(tensor.size).fill(initializer.value));
  } else if (initializer.type === "direction") {
    const draws = Float64Array.from(hostNormal(tensor.size, key));
    const length = Math.sqrt(draws.reduce((sum, value) => sum + value ** 2, 0));
    tensor.set(draws.map((value) => value / length));
  } else if (initializer.type === "normal" && initializer.mean !== 0) {
    const { mean, deviation } = initializer;
    tensor.set(hostNormal(tensor.size, key).map((value) => mean + deviation * value));
  } else {
    const { device, shape } = tensor;
    using draws = initializer.type === "normal"
      ? randomNormal(device, shape, random)
      : randomUniform(device, shape, { ...random, low: -1, high: 1 });
    const factor = initializer.type === "normal" ? initializer.deviation : initializer.bound;
    using values = map("scale", { draws }, "draws * params.factor", { uniforms: { factor } });
    // Written one by one, since whole quads would reach into the zeros behind the parameter.
    accumulate(tensor, values, false);
  }
}
