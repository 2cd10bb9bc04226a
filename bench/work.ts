import { type Architecture, doublingsOf, mapsAfter } from "../src/dcgan/networks/architecture.ts";

/** Multiply-adds of a network's convolutions for one image, first layer first. */
export interface LayerWork {
  /** The generator's. */
  readonly generator: readonly number[];
  /** The discriminator's. */
  readonly discriminator: readonly number[];
}

/** Counts the convolutions of both networks, as PyTorch's examples/dcgan has them. */
export function layerWork(architecture: Architecture): LayerWork {
  const { channels, ngf, ndf, maxMaps, latent, kernel = 4 } = architecture;
  const { base: { width, height }, count } = doublingsOf(architecture);
  const maps = (first: number, level: number) => mapsAfter(level - 1, first, maxMaps);
  // Level 1 is the largest: a strided layer between maps of the sides of images, halved level - 1 times and level times
  const strided = (first: number, level: number): number => {
    const pixels = width * height * 4 ** (count - level);
    const outer = level === 1 ? channels : maps(first, level - 1);
    return pixels * kernel ** 2 * outer * maps(first, level);
  };
  const levels = Array.from({ length: count }, (_, i) => i + 1);
  return {
    generator: [
      latent * width * height * maps(ngf, count),
      ...levels.toReversed().map((level) => strided(ngf, level)),
    ],
    discriminator: [...levels.map((level) => strided(ndf, level)), width * height * maps(ndf, count)],
  };
}

/** Floating-point operations for one image, if each convolution is computed in the direct form. */
export interface StepWork {
  /** What a training step must do. */
  readonly training: number;
  /** What PyTorch's example does: also the discriminator's weight gradients in the generator's turn, unused. */
  readonly trainingOfPyTorch: number;
  /** Drawing a sample. */
  readonly sampling: number;
}

/**
 * The work of the convolutions in the direct form, which is all but a few per cent: each output is a sum over all taps and
 * channels, whatever computes it. A step runs the discriminator forward three times (real
 * pictures, fake ones, fake ones again after its update) and the generator once. Weight gradients cost what the forward
 * pass costs, input gradients the same but for first layers, whose input is data.
 */
export function stepWork(architecture: Architecture): StepWork {
  const { generator, discriminator } = layerWork(architecture);
  const g = total(generator);
  const d = total(discriminator);
  const backToInputs = 2 * (d - discriminator[0]!) + d + (g - generator[0]!);
  const multiplyAdds = 3 * d + g + 2 * d + g + backToInputs;
  return { training: 2 * multiplyAdds, trainingOfPyTorch: 2 * (multiplyAdds + d), sampling: 2 * g };
}

function total(layers: readonly number[]): number {
  return layers.reduce((sum, layer) => sum + layer, 0);
}
