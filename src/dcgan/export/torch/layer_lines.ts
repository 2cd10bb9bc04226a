import type { ConvolutionSpec, LayerSpec } from "../layers.ts";

/** Epsilon that PyTorch's batch norms have by default. */
const USUAL_EPS = 1e-5;

/** The Python that makes a layer, such as `nn.Conv2d(3, 64, 4, stride=2, padding=1)`. */
export function constructorOf(layer: LayerSpec): string {
  const made = plainConstructorOf(layer);
  return "isSpectral" in layer && layer.isSpectral ? `spectral_norm(${made})` : made;
}

function plainConstructorOf(layer: LayerSpec): string {
  switch (layer.kind) {
    case "transposed":
      return `nn.ConvTranspose2d(${convolutionArguments(layer)})`;
    case "convolution":
      return `nn.Conv2d(${convolutionArguments(layer)})`;
    case "linear":
      return `nn.Linear(${layer.inputs}, ${layer.outputs}${layer.hasBias ? "" : ", bias=False"})`;
    case "embedding":
      return `nn.Embedding(${layer.count}, ${layer.length})`;
    case "batchNorm":
      return `nn.BatchNorm2d(${layer.channels}${layer.eps === USUAL_EPS ? "" : `, eps=${layer.eps}`})`;
    case "relu":
      return "nn.ReLU()";
    case "leakyRelu":
      return `nn.LeakyReLU(${layer.slope})`;
    case "tanh":
      return "nn.Tanh()";
    case "upsample":
      return `nn.Upsample(scale_factor=${layer.scale})`;
  }
}

function convolutionArguments(layer: ConvolutionSpec): string {
  const { inputs, outputs, kernel: [height, width], stride, padding, outputPadding, hasBias } = layer;
  return [
    inputs,
    outputs,
    height === width ? height : `(${height}, ${width})`,
    ...stride === 1 ? [] : [`stride=${stride}`],
    ...padding === 0 ? [] : [`padding=${padding}`],
    ...outputPadding === 0 ? [] : [`output_padding=${outputPadding}`],
    ...hasBias ? [] : ["bias=False"],
  ].join(", ");
}

/** Layers by themselves, and those of `nn.Sequential` containers by the container's name. */
export interface Grouped {
  /** Name of the attribute. */
  readonly name: string;
  /** Its layers; a single one if it is no container. */
  readonly layers: readonly LayerSpec[];
  /** Whether it is a container. */
  readonly isSequence: boolean;
}

/** The attributes of a network's class in Python. */
export function groupsOf(layers: readonly LayerSpec[]): Grouped[] {
  return [...Map.groupBy(layers, ({ name }) => name.split(".")[0]!)].map(([name, layers]) => ({
    name,
    layers,
    isSequence: layers[0]!.name !== name,
  }));
}

/** Lines that make the attributes. Activations and upsampling by themselves are functions, and need none. */
export function attributeLines(layers: readonly LayerSpec[]): string[] {
  return groupsOf(layers).flatMap(({ name, layers, isSequence }) => {
    if (isSequence) {
      return [
        `self.${name} = nn.Sequential(`,
        ...layers.map((layer) => `    ${constructorOf(layer)},`),
        ")",
      ];
    }
    return hasTensors(layers[0]!) ? [`self.${name} = ${constructorOf(layers[0]!)}`] : [];
  });
}

function hasTensors({ kind }: LayerSpec): boolean {
  return !["relu", "leakyRelu", "tanh", "upsample"].includes(kind);
}

/**
 * Lines that take a tensor through layers, a line for each activation.
 *
 * @param input The expression of the input.
 * @returns The lines, and the expression of what comes out.
 */
export function forwardLines(
  layers: readonly LayerSpec[],
  input: string,
): { lines: string[]; output: string } {
  const lines: string[] = [];
  let value = input;
  for (const { name, layers: [layer], isSequence } of groupsOf(layers)) {
    value = isSequence ? `self.${name}(${value})` : appliedTo(value, layer!);
    if (!isSequence && (layer!.kind === "relu" || layer!.kind === "leakyRelu")) {
      lines.push(`x = ${value}`);
      value = "x";
    }
  }
  return { lines, output: value };
}

function appliedTo(value: string, layer: LayerSpec): string {
  switch (layer.kind) {
    case "relu":
      return `F.relu(${value})`;
    case "leakyRelu":
      return `F.leaky_relu(${value}, ${layer.slope})`;
    case "tanh":
      return `torch.tanh(${value})`;
    case "upsample":
      return `F.interpolate(${value}, scale_factor=${layer.scale})`;
    case "linear":
      return layer.maps
        ? `self.${layer.name}(${value}).view(-1, ${layer.maps.join(", ")})`
        : `self.${layer.name}(${value}.flatten(1))`;
    default:
      return `self.${layer.name}(${value})`;
  }
}
