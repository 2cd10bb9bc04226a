import type { Architecture } from "../../../src/dcgan/networks/architecture.ts";
import { createDiscriminator } from "../../../src/dcgan/networks/discriminator.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import { generate } from "../../../src/dcgan/sampling/generate.ts";
import { type Device, packImages } from "../../../src/gpu/mod.ts";
import { loadStateDict, Network, stateDict, type TensorData, writeSafetensors } from "../../../src/nn/mod.ts";
import { lengthOf, sizeText } from "../../../src/pictures/mod.ts";
import { randomValues } from "../../support/random.ts";

const plain = {
  size: 16,
  channels: 3,
  ngf: 8,
  ndf: 4,
  latent: 6,
  firstLayer: "transposed",
  upsampling: "transposed",
} as const;

/** Every kind of network that the options allow, by what is special about it. */
export const KINDS: Readonly<Record<string, Architecture>> = {
  plain,
  projected: { ...plain, firstLayer: "project", channels: 1 },
  nearest: { ...plain, upsampling: "nearest", channels: 2 },
  "projected, nearest": { ...plain, firstLayer: "project", upsampling: "nearest", channels: 4 },
  "kernel 5": { ...plain, kernel: 5 },
  "projected, kernel 5": { ...plain, firstLayer: "project", kernel: 5 },
  "no norm": { ...plain, gNorm: "none", dNorm: "none" },
  "projected, no norm": { ...plain, firstLayer: "project", gNorm: "none", dNorm: "none" },
  "nearest, no norm": { ...plain, upsampling: "nearest", gNorm: "none", dNorm: "spectral" },
  spectral: { ...plain, firstLayer: "project", dNorm: "spectral" },
  "not square": { ...plain, size: "24x16", kernel: 5 },
  "projected, not square": { ...plain, size: "16x24", firstLayer: "project", upsampling: "nearest" },
  "base 2, few maps": { ...plain, size: 32, base: 2, maxMaps: 16 },
  packed: { ...plain, pack: 2 },
  classes: { ...plain, classes: ["cat", 'a "dog"', "\u00fc\\"], classVector: 5 },
  "projected, classes": {
    ...plain,
    firstLayer: "project",
    upsampling: "nearest",
    classes: ["no", "yes"],
    dNorm: "spectral",
  },
  biases: { ...plain, biases: [true, false, true] },
};

/** A network with weights, biases and statistics that all matter. */
async function filled(network: Network, seed: number): Promise<Network> {
  const values = [...await stateDict(network)].map(([name, tensor], at): [string, TensorData] => {
    if (tensor.dtype !== "F32" || /weight_[uv]$/.test(name)) return [name, tensor];
    const range = name.endsWith("running_var")
      ? [0.5, 2] as const
      : tensor.shape.length === 1
      ? [-0.5, 1] as const
      : [-0.4, 0.4] as const;
    const data = Float32Array.from(randomValues(tensor.data.length, seed + at, range));
    return [name, { ...tensor, data }];
  });
  loadStateDict(network, new Map(values));
  return network;
}

/** Networks with a checkpoint of their own, and what they make of some inputs. */
export interface Case {
  readonly architecture: Architecture;
  /** Folder of the checkpoint. */
  readonly checkpoint: string;
  /** How many. */
  readonly count: number;
  /** `[count, latent]`. */
  readonly latents: Float32Array<ArrayBuffer>;
  /** Numbers of classes, if there are any. */
  readonly labels: readonly number[] | undefined;
  /** `[count, channels, height, width]`. */
  readonly images: Float32Array<ArrayBuffer>;
  /** Those of the images. */
  readonly logits: Float32Array<ArrayBuffer>;
}

/** Fills both networks of a kind, writes them as a checkpoint, and draws. */
export async function makeCase(device: Device, architecture: Architecture, folder: string): Promise<Case> {
  const { size, channels, latent, classes, pack = 1 } = architecture;
  using generator = await filled(new Network(device, createGenerator(architecture)), 1);
  using discriminator = await filled(new Network(device, createDiscriminator(architecture)), 50);
  const checkpoint = `${folder}/step-000007`;
  await Deno.mkdir(checkpoint);
  const metadata = {
    step: "7",
    size: sizeText(size),
    ...(classes ? { classes: JSON.stringify(classes) } : {}),
  };
  await writeSafetensors(`${checkpoint}/generator.safetensors`, await stateDict(generator), metadata);
  await writeSafetensors(`${checkpoint}/discriminator.safetensors`, await stateDict(discriminator), metadata);
  const counter = { dtype: "I64", shape: [1], data: BigInt64Array.of(7n) } as const;
  await writeSafetensors(`${checkpoint}/training.safetensors`, new Map([["counter", counter]]), metadata);

  const count = 4;
  const latents = Float32Array.from(randomValues(count * latent, 9, [-2, 2]));
  const labels = classes && Array.from({ length: count }, (_, at) => at % classes.length);
  const drawing = { count, seed: 0, latents, latent, latentDistribution: "normal", size, labels } as const;
  const [pixels] = await Array.fromAsync(generate(generator, drawing, "f32"));
  using images = device.tensor(pixels!, { shape: [count, ...shapeOf(architecture)] });
  using packed = packImages(images, pack);
  using numbers = labels && device.tensor(labels.filter((_, at) => at % pack === 0), { dtype: "u32" });
  using logits = discriminator.forward(packed, { training: false, inputs: { labels: numbers } });
  const own = await logits.data() as Float32Array<ArrayBuffer>;
  return {
    architecture,
    checkpoint,
    count,
    latents,
    labels,
    images: channelsFirst(pixels!, channels, lengthOf(architecture)),
    logits: own,
  };
}

function shapeOf({ size, channels }: Architecture): [number, number, number] {
  const [width, height = width] = `${size}`.split("x").map(Number);
  return [height!, width!, channels];
}

/** Pixels of pictures, each with its channels, as planes. */
function channelsFirst(
  values: Float32Array<ArrayBuffer>,
  channels: number,
  each: number,
): Float32Array<ArrayBuffer> {
  const pixels = each / channels;
  return values.map((_, to) => {
    const within = to % each;
    return values[to - within + (within % pixels) * channels + Math.floor(within / pixels)]!;
  });
}

/** The largest difference of two arrays, how far the first one's values are apart, and the largest of them. */
export function differences(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): { largest: number; spread: number; scale: number } {
  let [largest, low, high] = [0, Infinity, -Infinity];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    // NaN and lacking values too
    if (!(difference <= largest)) largest = difference;
    low = Math.min(low, a[i]!);
    high = Math.max(high, a[i]!);
  }
  return { largest, spread: high - low, scale: Math.max(-low, high) };
}
