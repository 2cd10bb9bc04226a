import { derive, gradients, map, type Tensor } from "../../../gpu/mod.ts";
import { Sequential } from "../../../nn/mod.ts";
import type { Block } from "../networks/blocks.ts";

/** A number of a map: which map, and where in it. */
export interface MapPlace {
  /** The map. */
  readonly channel: number;
  /** Row of the map. */
  readonly row: number;
  /** Column of the map. */
  readonly column: number;
}

/**
 * Guided backpropagation (Springenberg et al. 2014, arXiv:1412.6806): how each pixel raises one number of the
 * last maps, when only what raises it on all of the way counts. Gradients go back through an activation only
 * where its input was above 0 and the gradient that comes from behind is above 0 as well.
 *
 * That is the rule for ReLU. At a LeakyReLU it is the same, and so nothing goes back where the input was
 * below 0, though a gradient would, times the slope: the forward pass is that of the network as it was
 * trained, and only what is shown goes the way of a ReLU.
 *
 * @param blocks Those of a network, up to the maps.
 * @param images `[count, height, width, channels]`.
 * @param places For each image, which number of its last maps.
 * @returns `[count, height, width, channels]`.
 */
export function guidedBackprop(
  blocks: readonly Block[],
  images: Tensor,
  places: readonly MapPlace[],
  prepare: (images: Tensor) => Tensor = (same) => same,
): Tensor {
  const { device } = images;
  using scope = device.scope();
  let maps = prepare(images);
  for (const block of blocks) maps = guidedForward(block, maps);
  const [count = 0, height = 0, width = 0, channels = 0] = maps.shape;
  const ones = new Float32Array(count * height * width * channels);
  for (const [image, { channel, row, column }] of places.entries()) {
    ones[((image * height + row) * width + column) * channels + channel] = 1;
  }
  const seed = device.tensor(ones, { shape: maps.shape });
  const [gradient] = gradients([maps], [images], { seeds: [seed] });
  return scope.keep(gradient!.detach());
}

/** A block whose activation takes gradients back by the guided rule. */
export function guidedForward({ layers }: Block, x: Tensor): Tensor {
  const context = { training: false, precision: "f32" } as const;
  const before = new Sequential(layers.slice(0, -1)).forward(x, context);
  const y = layers.at(-1)!.forward(before, context).detach();
  // What an activation gives is above 0 where its input is
  return derive(y, [before], (gradient) => [
    map(
      "guided backprop",
      { gradient, y },
      "select(vec4f(), gradient, (gradient > vec4f()) & (y > vec4f()))",
    ),
  ]);
}
