import { type Architecture, doublingsOf, generatorMaps } from "./architecture.ts";

/** A layer of the generator, as plain data: `createGenerator()` makes modules of these, and the sampler draws by them. */
export type GeneratorLayer =
  | WeightedGeneratorLayer
  | {
    /** Batch norm. */
    readonly type: "norm";
    /** Its channels. */
    readonly channels: number;
  }
  | {
    /** Each pixel twice in both directions. */
    readonly type: "upsample";
  }
  | {
    /** Applied to each number. */
    readonly type: "relu";
  }
  | {
    /** Applied to each number. */
    readonly type: "tanh";
  };

/** A layer with a weight. */
export type WeightedGeneratorLayer =
  & {
    /** Whether a bias is added. */
    readonly bias: boolean;
    /** Standard deviation of the initial weights. */
    readonly deviation: number;
    /** Numbers that it takes, or their channels. */
    readonly inputs: number;
    /** Channels that it gives. */
    readonly outputs: number;
  }
  & (
    | {
      /** A dense projection to small maps. */
      readonly type: "dense";
      /** Their height. */
      readonly height: number;
      /** Their width. */
      readonly width: number;
    }
    | {
      /** A transposed convolution. */
      readonly type: "transposed";
      /** Whether it takes latent vectors, as maps of 1x1. */
      readonly fromLatent: boolean;
      /** Height and width of its kernel. */
      readonly kernel: readonly [number, number];
      /** Its steps. */
      readonly stride: number;
      /** Rows and columns cut off around its output. */
      readonly padding: number;
      /** Rows and columns added at the bottom and right. */
      readonly outputPadding: number;
    }
    | {
      /** A convolution with kernels of 3x3 that keeps the size. */
      readonly type: "conv";
    }
  );

/** The paper, section 4: all weights start as N(0, 0.02). */
export const WEIGHT_DEVIATION = 0.02;

/** Length of the vector of a class. */
const CLASS_VECTOR = 50;

/** Transposed convolutions that double maps, by their kernel. */
const STRIDED = {
  4: { kernel: [4, 4], stride: 2, padding: 1, outputPadding: 0 },
  5: { kernel: [5, 5], stride: 2, padding: 2, outputPadding: 1 },
} as const;

/** What {@linkcode generatorLayers} looks at. */
export type GeneratorArchitectureLike = Omit<Architecture, "ndf" | "dNorm">;

/**
 * The layers of a generator by their names in PyTorch, first to last: `main.0`, `main.1`, ... as in its
 * examples/dcgan, or with a projection `project`, `bn0`, `conv1`, ..., what layers do, numbered.
 */
export function generatorLayers(architecture: GeneratorArchitectureLike): Map<string, GeneratorLayer> {
  const layers = [first(architecture), ...doublings(architecture), ...last(architecture)];
  return new Map(
    architecture.firstLayer === "transposed"
      ? layers.map((layer, position) => [`main.${position}`, layer])
      : namedLayers(layers),
  );
}

/** Length of the vector of a class; 0 without classes. */
export function classVectorOf({ classes, classVector = CLASS_VECTOR }: GeneratorArchitectureLike): number {
  return classes ? classVector : 0;
}

/** Whether a layer has a bias, counted from the first. */
function hasBias(
  { biases, gNorm }: GeneratorArchitectureLike,
  position: number,
  usual = gNorm === "none",
): boolean {
  return biases?.[position] ?? usual;
}

/** Deviation of the weights of a layer that adds up `terms` inputs for each output, behind a ReLU or not. */
function deviationOf({ gNorm }: GeneratorArchitectureLike, terms: number, behindRelu = true): number {
  // A ReLU lets half of the variance through
  return gNorm === "none" ? Math.sqrt((behindRelu ? 2 : 1) / terms) : WEIGHT_DEVIATION;
}

function first(architecture: GeneratorArchitectureLike): GeneratorLayer {
  // A sample's latent vector, and that of its class behind it
  const inputs = architecture.latent + classVectorOf(architecture);
  const { base: { width, height } } = doublingsOf(architecture);
  const common = {
    inputs,
    outputs: generatorMaps(architecture)[0]!,
    bias: hasBias(architecture, 0),
    deviation: deviationOf(architecture, inputs, false),
  };
  if (architecture.firstLayer === "project") return { type: "dense", ...common, height, width };
  const steps = { kernel: [height, width], stride: 1, padding: 0, outputPadding: 0 } as const;
  return { type: "transposed", fromLatent: true, ...common, ...steps };
}

/** Norm and ReLU of the first layer, then doublings with their own, down to `ngf` maps. */
function doublings(architecture: GeneratorArchitectureLike): GeneratorLayer[] {
  const maps = generatorMaps(architecture);
  return maps.flatMap((channels, position) => [
    ...(position === 0 ? [] : doubling(architecture, maps[position - 1]!, channels, position)),
    ...(architecture.gNorm === "none" ? [] : [{ type: "norm", channels } as const]),
    { type: "relu" },
  ]);
}

function doubling(
  architecture: GeneratorArchitectureLike,
  inputs: number,
  outputs: number,
  position: number,
): GeneratorLayer[] {
  const bias = hasBias(architecture, position);
  if (architecture.upsampling === "transposed") {
    const { kernel = 4 } = architecture;
    // Of 4x4 taps, 2x2 meet each pixel, and of 5x5 a quarter on average
    const deviation = deviationOf(architecture, inputs * (kernel / 2) ** 2);
    return [{ type: "transposed", fromLatent: false, inputs, outputs, ...STRIDED[kernel], bias, deviation }];
  }
  const deviation = deviationOf(architecture, inputs * 3 * 3);
  return [{ type: "upsample" }, { type: "conv", inputs, outputs, bias, deviation }];
}

function last(architecture: GeneratorArchitectureLike): GeneratorLayer[] {
  const { ngf, channels, upsampling } = architecture;
  const { count } = doublingsOf(architecture);
  if (upsampling === "transposed") {
    return [...doubling(architecture, ngf, channels, count), { type: "tanh" }];
  }
  const bias = hasBias(architecture, count + 1, true);
  const deviation = deviationOf(architecture, ngf * 3 * 3);
  return [{ type: "conv", inputs: ngf, outputs: channels, bias, deviation }, { type: "tanh" }];
}

/** Names by what layers do, numbered: the dense layer `project`, batch norms from `bn0`, convolutions from `conv1`. */
function namedLayers(layers: readonly GeneratorLayer[]): [string, GeneratorLayer][] {
  let norms = 0;
  let convolutions = 1;
  return layers.map((layer, position) => {
    if (layer.type === "dense") return ["project", layer];
    if (layer.type === "norm") return [`bn${norms++}`, layer];
    if (layer.type === "conv" || layer.type === "transposed") return [`conv${convolutions++}`, layer];
    return [`layer${position}`, layer];
  });
}
