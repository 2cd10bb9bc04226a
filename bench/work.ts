import { type Architecture, doublingsOf } from "../src/dcgan/networks/architecture.ts";

/** Edge of the kernels of all strided layers. */
const KERNEL = 4;

/** Multiply-adds of a network's convolutions for one image, first layer first. */
export interface LayerWork {
  /** The generator's. */
  readonly generator: readonly number[];
  /** The discriminator's. */
  readonly discriminator: readonly number[];
}

/** Counts the convolutions of both networks, as PyTorch's examples/dcgan has them. */
export function layerWork({ size, channels, ngf, ndf, latent }: Architecture): LayerWork {
  const { base, count } = doublingsOf(size);
  const widest = 2 ** (count - 1);
  // Level 1 is the largest: a strided layer between maps of edge size/2^(level-1) and size/2^level
  const strided = (width: number, level: number): number => {
    const outer = level === 1 ? channels : width * 2 ** (level - 2);
    return (size / 2 ** level) ** 2 * KERNEL ** 2 * outer * width * 2 ** (level - 1);
  };
  const levels = Array.from({ length: count }, (_, i) => i + 1);
  return {
    generator: [
      latent * base ** 2 * ngf * widest,
      ...levels.toReversed().map((level) => strided(ngf, level)),
    ],
    discriminator: [...levels.map((level) => strided(ndf, level)), base ** 2 * ndf * widest],
  };
}

/** Floating-point operations for one image. */
export interface StepWork {
  /** What a training step must do. */
  readonly training: number;
  /** What PyTorch's example does: also the discriminator's weight gradients in the generator's turn, unused. */
  readonly trainingOfPyTorch: number;
  /** Drawing a sample. */
  readonly sampling: number;
}

/**
 * The work of the convolutions, which is all but a few per cent. A step runs the discriminator forward three times (real
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
