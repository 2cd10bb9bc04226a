import { hostNormal } from "../../src/gpu/random/host.ts";
import type { Problem } from "./problem.ts";

/** A convolution without bias, and what follows it. */
export interface Layer {
  /** PyTorch's name of the weight. */
  readonly weight: string;
  /** PyTorch's shape of it: `[outputs, inputs, k, k]`, of a transposed convolution `[inputs, outputs, k, k]`. */
  readonly shape: readonly [number, number, number, number];
  /** Whether it is a transposed convolution. */
  readonly transposed: boolean;
  /** Its stride. */
  readonly stride: number;
  /** Its padding, on all sides. */
  readonly padding: number;
  /** PyTorch's name of the batch norm behind it, if there is one. */
  readonly norm?: string;
  /** Channels that it gives. */
  readonly outputs: number;
  /** Edge of the maps that it gives. */
  readonly size: number;
  /** What ends it. */
  readonly activation: "relu" | "leaky" | "tanh" | "none";
}

/** Slope of the discriminator's LeakyReLU. */
export const SLOPE = 0.2;
/** What batch norms add to the variance. */
export const EPSILON = 1e-5;
/** Share of the batch in a batch norm's running statistics. */
export const MOMENTUM = 0.1;
/** PyTorch's options of Adam in examples/dcgan. */
export const ADAM = { learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 } as const;

/** Edge of the first maps. */
const base = 4;

/** How often maps double from the first ones to an image. The peers' programs load nothing else of this module to know it. */
function doublingsOf(size: number): number {
  return Math.log2(size / base);
}

/** The generator of PyTorch's examples/dcgan. */
export function generatorLayers({ size, channels, ngf, latent }: Problem): Layer[] {
  const count = doublingsOf(size);
  return Array.from({ length: count + 1 }, (_, level): Layer => {
    const inputs = level === 0 ? latent : ngf * 2 ** (count - level);
    const outputs = level === count ? channels : ngf * 2 ** (count - 1 - level);
    const first = level === 0;
    return {
      weight: `main.${3 * level}.weight`,
      shape: first ? [inputs, outputs, base, base] : [inputs, outputs, 4, 4],
      transposed: true,
      stride: first ? 1 : 2,
      padding: first ? 0 : 1,
      outputs,
      size: base * 2 ** level,
      ...(level === count ? { activation: "tanh" } : { norm: `main.${3 * level + 1}`, activation: "relu" }),
    };
  });
}

/** The discriminator of PyTorch's examples/dcgan, up to its logit. */
export function discriminatorLayers({ size, channels, ndf }: Problem): Layer[] {
  const count = doublingsOf(size);
  return Array.from({ length: count + 1 }, (_, level): Layer => {
    const inputs = level === 0 ? channels : ndf * 2 ** (level - 1);
    const last = level === count;
    const outputs = last ? 1 : ndf * 2 ** level;
    // The first convolution has no batch norm behind it, so that names run 0, 2, 5, 8, ...
    const place = level === 0 ? 0 : 3 * level - 1;
    return {
      weight: `main.${place}.weight`,
      shape: last ? [outputs, inputs, base, base] : [outputs, inputs, 4, 4],
      transposed: false,
      stride: last ? 1 : 2,
      padding: last ? 0 : 1,
      outputs,
      size: last ? 1 : size / 2 ** (level + 1),
      activation: last ? "none" : "leaky",
      ...(level > 0 && !last ? { norm: `main.${place + 1}` } : {}),
    };
  });
}

/** Numbers with their shape, in PyTorch's order. */
export interface Values {
  /** The shape. */
  readonly shape: readonly number[];
  /** The numbers. */
  readonly data: Float32Array<ArrayBuffer>;
}

/** The first values of a network's parameters, by PyTorch's names: the same for all contestants. */
export function firstValues(layers: readonly Layer[], seed: number): Map<string, Values> {
  const values = new Map<string, Values>();
  const draw = (shape: readonly number[], mean: number): Values => {
    const count = shape.reduce((product, length) => product * length, 1);
    const data = hostNormal(count, { seed, stream: values.size }).map((value) => mean + 0.02 * value);
    return { shape, data };
  };
  for (const { weight, shape, norm, outputs } of layers) {
    values.set(weight, draw(shape, 0));
    if (norm === undefined) continue;
    values.set(`${norm}.weight`, draw([outputs], 1));
    values.set(`${norm}.bias`, { shape: [outputs], data: new Float32Array(outputs) });
  }
  return values;
}

/** Elements of all parameters. */
export function countOf(values: ReadonlyMap<string, Values>): number {
  return values.values().reduce((sum, { data }) => sum + data.length, 0);
}
