import type { ImageSides } from "../../pictures/mod.ts";
import { type Architecture, doublingsOf, generatorMaps } from "./architecture.ts";

/** What a generator holds of one sample as it draws it, in elements. */
export interface ActivationSizes {
  /** The largest tensor. */
  readonly largest: number;
  /** All tensors together: a pass outside a program gives them back at its end. */
  readonly total: number;
  /**
   * All taps of a layer at once, which a transposed convolution to few channels makes where one binding holds
   * them, of the layer with the most; 0 if there is none.
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

/**
 * How large the generator's tensors are for one sample.
 *
 * @param map Sides of the latent map.
 */
export function activationSizes(
  architecture: Omit<Architecture, "ndf">,
  map: ImageSides = { width: 1, height: 1 },
): ActivationSizes {
  const { channels, latent, upsampling } = architecture;
  const { base: own, count } = doublingsOf(architecture);
  const base = baseOfMap(own, map);
  const pixelsOf = (layer: number) => 4 ** layer * base.width * base.height;
  const tensors: number[] = [latent * map.width * map.height];
  // What a layer gives, and the same normalized
  const widths = generatorMaps(architecture);
  for (const [layer, maps] of widths.entries()) tensors.push(pixelsOf(layer) * maps, pixelsOf(layer) * maps);
  tensors.push(pixelsOf(count) * channels);
  // Nearest upsampling and kernels of 3x3 are a transposed convolution of 4x4, and a convolution follows the
  // last
  const [kernel, last] = upsampling === "nearest" ? [4, []] : [architecture.kernel ?? 4, [channels]];
  const taps = [...widths.slice(1), ...last].map((maps, layer) =>
    maps <= THIN.channels && widths[layer]! >= THIN.maps ? kernel ** 2 * pixelsOf(layer) * maps : 0
  );
  const total = [...tensors, ...taps].reduce((sum, elements) => sum + elements, 0);
  return { largest: Math.max(...tensors), total, taps: Math.max(...taps, 0) };
}

/**
 * Samples that can be drawn in one pass: as many as fit, 0 if not even one does. Memory that one sample alone
 * exceeds is not a reason to draw none.
 */
export function samplesAtOnce({ largest, total, taps }: ActivationSizes, limits: PassLimits): number {
  const bound = Math.floor(limits.binding / (BYTES * largest));
  if (bound === 0) return 0;
  // Taps that fit for some passes and not for others would change the last digits of samples
  const withTaps = Math.floor(limits.binding / (BYTES * Math.max(largest, taps)));
  return Math.max(1, Math.min(bound, withTaps, Math.floor(limits.memory / (BYTES * total))));
}

/**
 * The first maps of a generator that takes a map of latent vectors: its first layer has the kernel `base`,
 * stride 1.
 */
export function baseOfMap(base: ImageSides, map: ImageSides): ImageSides {
  return { width: base.width + map.width - 1, height: base.height + map.height - 1 };
}
