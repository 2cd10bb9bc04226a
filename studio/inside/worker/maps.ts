import { type Block, blocksOf } from "../../../src/dcgan/experiments/networks/blocks.ts";
import { repeatPicture } from "../../../src/dcgan/experiments/networks/discriminator_features.ts";
import { GeneratorMaps } from "../../../src/dcgan/experiments/networks/generator_maps.ts";
import {
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  LeakyRelu,
  Linear,
  type Module,
  Relu,
  Tanh,
  UpsampleNearest,
} from "../../../src/nn/mod.ts";
import { normalizeImages, type Tensor } from "../../../src/gpu/mod.ts";
import type { Pictures } from "../../engine/model.ts";
import { expectDiscriminator, type Used } from "../../explore/source/source.ts";
import type { LayerMaps } from "../views.ts";

/** Maps of a layer that are shown. */
const SHOWN = 64;

/** Running statistics, as samples are drawn with. */
const PASS = { training: false, precision: "f32" } as const;

/** The maps of the generator's layers for one latent vector, first to last. */
export async function generatorMaps(
  { loaded }: Used,
  { latent, label }: { readonly latent: Float32Array; readonly label?: number | undefined },
): Promise<LayerMaps[]> {
  const { generator, classes } = loaded;
  using _ = generator.values.device.scope();
  const maps = new GeneratorMaps(loaded).all(latent, classes && [label ?? 0]);
  return await describe(blocksOf(generator.module), maps);
}

/** The maps of the discriminator's layers for one picture, first to last. */
export async function discriminatorMaps(
  used: Used,
  { picture }: { readonly picture: Pictures },
): Promise<LayerMaps[]> {
  const { network, pack } = expectDiscriminator(used);
  const { device } = network.values;
  using _ = device.scope();
  const { width, height, channels, data } = picture;
  const images = device.tensor(data, { shape: [1, height, width, channels], dtype: "u8" });
  let x = repeatPicture(normalizeImages(images), pack);
  const blocks = blocksOf(network.module);
  return await describe(blocks, blocks.map((block) => x = block.forward(x, PASS)));
}

/** Layers by the names that PyTorch has for them; a page that is packed keeps no names of classes. */
const NAMES = [
  [Conv2d, "Conv2d"],
  [ConvTranspose2d, "ConvTranspose2d"],
  [Linear, "Linear"],
  [BatchNorm2d, "BatchNorm2d"],
  [UpsampleNearest, "Upsample"],
  [LeakyRelu, "LeakyReLU"],
  [Relu, "ReLU"],
  [Tanh, "Tanh"],
] as const;

function nameOf(layer: Module): string {
  return NAMES.find(([kind]) => layer instanceof kind)?.[1] ?? "layer";
}

async function describe(blocks: readonly Block[], maps: readonly Tensor[]): Promise<LayerMaps[]> {
  const values = await maps[0]!.device.read(maps) as Float32Array[];
  return maps.map(({ shape: [, height, width, channels] }, layer) => {
    const { bytes, flat } = mapsAsGray(values[layer]!, channels!);
    const count = Math.min(channels!, SHOWN);
    const pixels = width! * height!;
    return {
      layers: blocks[layer]!.layers.map(nameOf).join(", "),
      channels: channels!,
      maps: { count, width: width!, height: height!, channels: 1, data: bytes.slice(0, count * pixels) },
      flat,
    };
  });
}

/**
 * Maps `[height, width, channels]` as gray pictures, one after another: each from its smallest number, black, to
 * its largest, white. One that is the same everywhere is black.
 */
export function mapsAsGray(values: Float32Array, channels: number): { bytes: Uint8Array; flat: number } {
  const pixels = values.length / channels;
  const bytes = new Uint8Array(values.length);
  let flat = 0;
  for (let channel = 0; channel < channels; channel++) {
    let [low, high] = [Infinity, -Infinity];
    for (let at = channel; at < values.length; at += channels) {
      low = Math.min(low, values[at]!);
      high = Math.max(high, values[at]!);
    }
    if (low === high) {
      flat++;
      continue;
    }
    for (let pixel = 0; pixel < pixels; pixel++) {
      const value = values[pixel * channels + channel]!;
      bytes[channel * pixels + pixel] = Math.round(255 * (value - low) / (high - low));
    }
  }
  return { bytes, flat };
}
