import { type Architecture, doublingsOf, generatorMaps } from "./architecture.ts";

/** What a generator holds of one sample as it draws it, in elements. */
export interface ActivationSizes {
  /** The largest tensor. */
  readonly largest: number;
  /** All tensors together: a pass outside a program gives them back at its end. */
  readonly total: number;
  /**
   * All taps of the last layer at once, which a transposed convolution to few channels makes where one binding holds
   * them; 0 for others. Part of the total.
   */
  readonly taps: number;
}

/** What a pass may take on an adapter, in bytes. */
export interface PassLimits {
  /** One tensor. */
  readonly binding: number;
  /** All of them. */
  readonly memory: number;
}

/** Bytes of an element: samples are drawn in f32, whatever the network was trained in. */
const BYTES = 4;

/** Channels up to which a transposed convolution makes all taps at once, and feature maps from which on. */
const THIN = { channels: 4, maps: 8 };

/** How large the generator's tensors are for one sample. */
export function activationSizes(architecture: Omit<Architecture, "ndf">): ActivationSizes {
  const { channels, ngf, latent, upsampling, kernel = 4 } = architecture;
  const { base, count } = doublingsOf(architecture);
  const pixels = 4 ** count * base.width * base.height;
  const isNearest = upsampling === "nearest";
  const tensors: number[] = [latent];
  // What a layer gives, and the same normalized
  const widths = generatorMaps(architecture);
  for (const [layer, maps] of widths.entries()) {
    const own = 4 ** layer * base.width * base.height;
    if (isNearest && layer > 0) tensors.push(own * widths[layer - 1]!);
    tensors.push(own * maps, own * maps);
  }
  tensors.push(pixels * channels);
  // All taps of the kernels, at half the size
  const isThin = !isNearest && channels <= THIN.channels && ngf >= THIN.maps;
  const taps = isThin ? kernel ** 2 * pixels / 4 * channels : 0;
  const total = tensors.reduce((sum, elements) => sum + elements, taps);
  return { largest: Math.max(...tensors), total, taps };
}

/**
 * Samples that can be drawn in one pass: as many as fit, 0 if not even one does. Memory that one sample alone exceeds
 * is not a reason to draw none.
 */
export function samplesAtOnce({ largest, total, taps }: ActivationSizes, limits: PassLimits): number {
  const bound = Math.floor(limits.binding / (BYTES * largest));
  if (bound === 0) return 0;
  // Taps that fit for some passes and not for others would change the last digits of samples
  const withTaps = Math.floor(limits.binding / (BYTES * Math.max(largest, taps)));
  return Math.max(1, Math.min(bound, withTaps, Math.floor(limits.memory / (BYTES * total))));
}
