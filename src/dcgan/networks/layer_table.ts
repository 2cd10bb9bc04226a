import type { Tensor } from "../../gpu/mod.ts";
import {
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  Embedding,
  Linear,
  type Module,
  type Network,
} from "../../nn/mod.ts";

/** One layer of a network, as it takes an image. */
export interface LayerRow {
  /** Its name in PyTorch. */
  readonly name: string;
  /** What it is, such as `Conv2d`. */
  readonly kind: string;
  /** Shape of what it gives for one image, without the axis of the batch. */
  readonly output: readonly number[];
  /** Trainable numbers. */
  readonly parameters: number;
  /**
   * Floating-point operations of its forward pass for one image, a multiply-add counted as two: of products
   * only, with all taps at all pixels, padding included.
   */
  readonly flop: number;
}

/** Layers that have rows of their own; activations and reshaping are part of them. */
const KINDS = { Conv2d, ConvTranspose2d, Linear, BatchNorm2d, Embedding } as const;

/**
 * The layers of a network with parameters, in the order in which a forward pass meets them.
 *
 * @param pass Takes one image through the network.
 */
export function layerTable(network: Network, pass: () => void): LayerRow[] {
  const rows: LayerRow[] = [];
  using watched = new DisposableStack();
  for (const [name, layer] of leavesOf(network.module)) {
    const kind = Object.entries(KINDS).find(([, type]) => layer instanceof type)?.[0];
    if (kind === undefined) continue;
    const forward = layer.forward;
    layer.forward = (x: Tensor, ...rest: [never]) => {
      const y = forward.call(layer, x, ...rest);
      const output = y.shape.slice(1);
      rows.push({ name, kind, output, parameters: parametersOf(layer), flop: flopOf(layer, x, y) });
      return y;
    };
    // What is left is the method of its class
    watched.defer(() => void Reflect.deleteProperty(layer, "forward"));
  }
  pass();
  return rows;
}

/** Modules without children, by full name. */
function* leavesOf(module: Module, name = ""): Generator<[string, Module]> {
  const children = Object.entries(module.children());
  if (children.length === 0) yield [name, module];
  for (const [key, child] of children) yield* leavesOf(child, name === "" ? key : `${name}.${key}`);
}

function parametersOf(layer: Module): number {
  return sum(Object.values(layer.parameters()).map(({ shape }) => product(shape)));
}

/**
 * Each weight of a product is used once at each pixel: of the input of a transposed convolution, of the
 * output of others.
 */
function flopOf(layer: Module, x: Tensor, y: Tensor): number {
  if (layer instanceof BatchNorm2d || layer instanceof Embedding) return 0;
  const weights = sum(
    Object.values(layer.parameters()).filter(({ use }) => use === "operand").map(({ shape }) =>
      product(shape)
    ),
  );
  return 2 * weights * (layer instanceof Linear ? 1 : pixels(layer instanceof ConvTranspose2d ? x : y));
}

/** Of `[batch, height, width, channels]`. */
function pixels({ shape }: Tensor): number {
  return shape.length === 4 ? shape[1]! * shape[2]! : 1;
}

function product(shape: readonly number[]): number {
  return shape.reduce((all, extent) => all * extent, 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
