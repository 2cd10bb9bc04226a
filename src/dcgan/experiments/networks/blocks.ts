import type { Tensor } from "../../../gpu/mod.ts";
import { Activation, Embedding, type ForwardContext, type Module, Sequential } from "../../../nn/mod.ts";

/**
 * What a network computes from one activation to the next: a layer with a weight, its norm, and the
 * activation.
 */
export class Block {
  /** The layers, the activation last. */
  readonly layers: readonly Module[];
  #sequence: Sequential;

  /** Of layers of a network. */
  constructor(layers: readonly Module[]) {
    this.layers = layers;
    this.#sequence = new Sequential(layers);
  }

  /** What its activation gives, from the same kernels and in the same bytes as in the whole network. */
  forward(x: Tensor, context: ForwardContext): Tensor {
    return this.#sequence.forward(x, context);
  }
}

/**
 * The blocks of a generator or a discriminator, first to last. What follows the last activation, such as the
 * logit of a discriminator, is in none of them; vectors of classes are not either.
 */
export function blocksOf(module: Module): Block[] {
  const blocks: Block[] = [];
  let layers: Module[] = [];
  for (const layer of leavesOf(module)) {
    if (layer instanceof Embedding) continue;
    layers.push(layer);
    if (!(layer instanceof Activation)) continue;
    blocks.push(new Block(layers));
    layers = [];
  }
  return blocks;
}

/**
 * What follows the last activation of a discriminator without classes, and gives its logit.
 *
 * @throws {RangeError} if it has classes: its logit is then no single way through layers.
 */
export function headOf(module: Module): Sequential {
  const leaves = [...leavesOf(module)];
  if (leaves.some((layer) => layer instanceof Embedding)) {
    throw new RangeError(
      "Cannot take the last layer apart: the discriminator must know no classes, found some",
    );
  }
  return new Sequential(leaves.slice(leaves.findLastIndex((layer) => layer instanceof Activation) + 1));
}

/** Modules without children, in order. */
function* leavesOf(module: Module): Generator<Module> {
  const children = Object.values(module.children());
  if (children.length === 0) yield module;
  for (const child of children) yield* leavesOf(child);
}
