import { directions } from "../../gpu/mod.ts";
import {
  BatchNorm2d,
  ConvolutionLayer,
  ConvTranspose2d,
  type ConvTransposeLayerOptions,
  Embedding,
  LeakyRelu,
  Linear,
  type Module,
  Relu,
  Tanh,
  UpsampleNearest,
} from "../../nn/mod.ts";

/** Channels, height and width, in PyTorch's order. */
export type MapShape = readonly [channels: number, height: number, width: number];

/** What all layers have. */
interface Named {
  /** Its name in PyTorch, such as `main.0`; its tensors are `main.0.weight` and so on. */
  readonly name: string;
}

/** What layers with a weight have. */
interface Weighted extends Named {
  /** Whether there is a bias. */
  readonly hasBias: boolean;
  /** Whether the weight is divided by its spectral norm. */
  readonly isSpectral: boolean;
}

/** A convolution or a transposed one. */
export interface ConvolutionSpec extends Weighted {
  readonly kind: "convolution" | "transposed";
  readonly inputs: number;
  readonly outputs: number;
  /** Height and width. */
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly padding: number;
  /** Of a transposed one: rows and columns that are added at the bottom and right. */
  readonly outputPadding: number;
}

/** A dense layer. */
export interface LinearSpec extends Weighted {
  readonly kind: "linear";
  readonly inputs: number;
  readonly outputs: number;
  /** The maps that its outputs are, if they are. */
  readonly maps: MapShape | undefined;
}

/** One layer of a network, as other frameworks need to know it. */
export type LayerSpec =
  | ConvolutionSpec
  | LinearSpec
  | Weighted & { readonly kind: "embedding"; readonly count: number; readonly length: number }
  | Named & { readonly kind: "batchNorm"; readonly channels: number; readonly eps: number }
  | Named & { readonly kind: "relu" }
  | Named & { readonly kind: "tanh" }
  | Named & { readonly kind: "leakyRelu"; readonly slope: number }
  | Named & { readonly kind: "upsample"; readonly scale: number };

/**
 * The layers of a network in the order of its forward pass. The vectors of classes come last.
 *
 * @throws {TypeError} if it has a layer of another kind than generators and discriminators have.
 */
export function layersOf(module: Module, name = ""): LayerSpec[] {
  const children = Object.entries(module.children());
  if (children.length === 0) return [layerOf(module, name)];
  return children.flatMap(([key, child]) => layersOf(child, name === "" ? key : `${name}.${key}`));
}

function layerOf(module: Module, name: string): LayerSpec {
  if (module instanceof ConvolutionLayer) return convolutionOf(module, name);
  if (module instanceof Relu) return { kind: "relu", name };
  if (module instanceof Tanh) return { kind: "tanh", name };
  if (module instanceof UpsampleNearest) return { kind: "upsample", name, scale: module.scale };
  if (module instanceof LeakyRelu) return { kind: "leakyRelu", name, slope: module.slope };
  const { weight_orig, weight = weight_orig, bias } = module.parameters();
  const weighted = { name, hasBias: bias !== undefined, isSpectral: module.normalizesWeights };
  const [first = 0, second = 0] = weight?.shape ?? [];
  if (module instanceof BatchNorm2d) return { kind: "batchNorm", name, channels: first, eps: module.eps };
  if (module instanceof Embedding) return { kind: "embedding", ...weighted, count: first, length: second };
  if (module instanceof Linear) {
    const [channels, height, width] = weight!.layout.view;
    // Features that are maps have an axis for each of their own
    const maps = weight!.layout.view.length === 4 && first > 1
      ? [channels!, height!, width!] as const
      : undefined;
    return { kind: "linear", ...weighted, inputs: second, outputs: first, maps };
  }
  throw new TypeError(`Cannot export the layer '${name}': it must be one of a DCGAN's, found ${module}`);
}

function convolutionOf(module: ConvolutionLayer<ConvTransposeLayerOptions>, name: string): ConvolutionSpec {
  const { kernel, stride = 1, padding = 0, outputPadding = 0 } = module.options;
  const isTransposed = module instanceof ConvTranspose2d;
  const { weight_orig, weight = weight_orig!, bias } = module.parameters();
  const [first = 0, second = 0] = weight.layout.shape;
  const [inputs, outputs] = isTransposed ? [first, second] : [second, first];
  return {
    kind: isTransposed ? "transposed" : "convolution",
    name,
    inputs,
    outputs,
    kernel: directions(kernel),
    stride: directions(stride)[0],
    padding: directions(padding)[0],
    outputPadding: directions(outputPadding)[0],
    hasBias: bias !== undefined,
    isSpectral: module.normalizesWeights,
  };
}
