import { concat, type Device, maxPool2d, normalizeImages, type Tensor } from "../../../gpu/mod.ts";
import type { Network } from "../../../nn/mod.ts";
import { sidesOf } from "../../../pictures/mod.ts";
import type { DiscriminatorArchitecture } from "../../networks/infer_architecture.ts";
import { layerTable } from "../../networks/layer_table.ts";
import { type Block, blocksOf } from "./blocks.ts";

/** Side of the grid that maps are pooled to (the paper, section 5.1). */
const GRID = 4;

/** Running statistics, so that the features of a picture do not depend on those beside it. */
const PASS = { training: false, precision: "f32" } as const;

/**
 * Describes pictures by the maps of all convolutions of a discriminator, after their activations: each is
 * max-pooled to a grid of 4x4, and all of them in a row are the features (the paper, section 5.1). The
 * paper's network for ImageNet has 28,672 of them. Maps whose sides the grid does not divide are pooled with
 * windows that overlap, and maps smaller than the grid are taken as they are.
 */
export class DiscriminatorFeatures {
  /** Numbers for each picture. */
  readonly dimensions: number;
  /** Floating-point operations for each picture, a multiply-add counted as two. */
  readonly flop: number;
  #device: Device;
  #blocks: readonly Block[];
  #pack: number;
  #shape: readonly [height: number, width: number, channels: number];

  /** Of a discriminator, which is not disposed with it. */
  constructor(discriminator: Network, architecture: DiscriminatorArchitecture) {
    const { size, channels, pack } = architecture;
    const { width, height } = sidesOf(size);
    this.#device = discriminator.values.device;
    this.#blocks = blocksOf(discriminator.module);
    this.#pack = pack;
    this.#shape = [height, width, channels];
    let dimensions = 0;
    const layers = layerTable(discriminator, () => {
      using blank = this.describe(new Uint8Array(this.pictureBytes));
      dimensions = blank.size;
    });
    this.dimensions = dimensions;
    this.flop = layers.reduce((sum, { flop }) => sum + flop, 0);
  }

  /** Bytes of one picture. */
  get pictureBytes(): number {
    return this.#shape.reduce((product, extent) => product * extent);
  }

  /**
   * Features `[count, dimensions]` of pictures, which the caller disposes.
   *
   * @param pictures `[count, height, width, channels]` as bytes.
   */
  describe(pictures: Uint8Array): Tensor {
    using scope = this.#device.scope();
    const shape = [pictures.length / this.pictureBytes, ...this.#shape];
    const images = normalizeImages(this.#device.tensor(pictures, { shape, dtype: "u8" }));
    const rows = this.maps(images).map((maps) => {
      const pooled = poolToGrid(maps);
      return pooled.reshape([shape[0]!, pooled.size / shape[0]!]);
    });
    return scope.keep(rows.reduce((all, row) => concat(all, row, { axis: 1 })).detach());
  }

  /** The maps of each convolution, first to last, of images `[count, height, width, channels]` in [-1, 1]. */
  maps(images: Tensor): Tensor[] {
    let x = repeatPicture(images, this.#pack);
    return this.#blocks.map((block) => x = block.forward(x, PASS));
  }
}

/**
 * What a discriminator that takes several pictures at once is given of one: the same picture so many times.
 */
export function repeatPicture(images: Tensor, pack: number): Tensor {
  let packed = images;
  for (let more = 1; more < pack; more++) packed = concat(packed, images, { axis: 3 });
  return packed;
}

/** The largest number of each of 4x4 windows, which lie as evenly as windows of one size can. */
function poolToGrid(maps: Tensor): Tensor {
  const [, height = 0, width = 0] = maps.shape;
  // Windows are squares, and maps of pictures that are not square have longer grids
  const shorter = Math.min(height, width);
  if (shorter <= GRID) return maps;
  return maxPool2d(maps, windowsOf(shorter));
}

/** Windows of one size that cover a side from its first pixel to its last. */
function windowsOf(side: number): { kernel: number; stride: number } {
  const stride = Math.floor(side / GRID);
  return { stride, kernel: side - (GRID - 1) * stride };
}
