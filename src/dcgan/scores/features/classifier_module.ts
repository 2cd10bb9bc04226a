import { avgPool2d, type Tensor } from "../../../gpu/mod.ts";
import {
  BatchNorm2d,
  Conv2d,
  type ForwardContext,
  LeakyRelu,
  Linear,
  Module,
  Sequential,
} from "../../../nn/mod.ts";
import { type ImageSize, sidesOf } from "../../../pictures/mod.ts";

/** Numbers that describe a picture. */
export const FEATURES = 128;

/** Feature maps of the first layer; each layer after it has twice as many, up to {@linkcode MOST_MAPS}. */
const MAPS = 16;

/** Feature maps of a layer at most. */
const MOST_MAPS = 128;

/**
 * Edge that larger pictures are averaged down to, so that a classifier of photos takes no longer than one of
 * icons.
 */
const LARGEST = 64;

/** Side that maps are not halved below. */
const SMALLEST = 4;

/** Slope of the LeakyReLU. */
const SLOPE = 0.2;

/**
 * A small image classifier: strided convolutions with batch norm and LeakyReLU, as the paper's discriminator
 * has, a dense layer to 128 features, and from these a dense layer for each label.
 */
export class ClassifierModule extends Module {
  #trunk: Sequential;
  #heads: readonly Linear[];
  #pooling: number;

  /**
   * For pictures of one shape.
   *
   * @param classes Number of classes of each label.
   */
  constructor(size: ImageSize, channels: number, classes: readonly number[]) {
    super();
    let { width, height } = sidesOf(size);
    const halve = () => [width, height] = [width / 2, height / 2];
    this.#pooling = 1;
    for (; Math.max(width, height) > LARGEST; halve()) this.#pooling *= 2;
    const layers: Module[] = [];
    let maps = channels;
    const isHalved = () => width % 2 === 0 && height % 2 === 0 && Math.min(width, height) / 2 >= SMALLEST;
    for (let level = 0; isHalved(); level++, halve()) {
      const next = Math.min(MAPS * 2 ** level, MOST_MAPS);
      layers.push(new Conv2d(maps, next, { kernel: 4, stride: 2, padding: 1, bias: level === 0 }));
      if (level > 0) layers.push(new BatchNorm2d(next));
      layers.push(new LeakyRelu(SLOPE));
      maps = next;
    }
    layers.push(new Linear({ height, width, channels: maps }, FEATURES), new LeakyRelu(SLOPE));
    this.#trunk = new Sequential(layers);
    this.#heads = classes.map((count) => new Linear(FEATURES, count));
  }

  /** The trunk, and a head for each label. */
  override children(): Record<string, Module> {
    return { trunk: this.#trunk, ...Object.fromEntries(this.#heads.map((head, i) => [`head${i}`, head])) };
  }

  /** Features `[batch, 128]` of pictures `[batch, height, width, channels]` in [-1, 1]. */
  override forward(pictures: Tensor, context: ForwardContext): Tensor {
    const small = this.#pooling === 1 ? pictures : avgPool2d(pictures, { kernel: this.#pooling });
    return this.#trunk.forward(small, context);
  }

  /** Logits `[batch, classes]` of each label, from features. */
  logits(features: Tensor, context: ForwardContext): Tensor[] {
    return this.#heads.map((head) => head.forward(features, context));
  }
}
