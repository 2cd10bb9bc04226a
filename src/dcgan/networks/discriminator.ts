import {
  BatchNorm2d,
  ClassProjection,
  Conv2d,
  type Initializer,
  LeakyRelu,
  Linear,
  type Module,
  normal,
  Sequential,
} from "../../nn/mod.ts";
import { type Architecture, doublingsOf, mapsAfter } from "./architecture.ts";
import { GAIN_START, WEIGHT_START } from "./generator.ts";

/** Slope of the LeakyReLU (the paper, section 4). */
const SLOPE = 0.2;

/** Convolutions that halve maps, by their kernel. */
const STRIDED = {
  4: { kernel: 4, stride: 2, padding: 1 },
  5: { kernel: 5, stride: 2, padding: 2 },
} as const;

/**
 * The discriminator: strided convolutions halve the maps and double their number, without pooling; batch norm
 * on all but the first layer, LeakyReLU of slope 0.2; one logit at the end (the paper, section 3).
 *
 * Takes `[batch, height, width, pack * channels]` in [-1, 1], gives logits with `batch` elements, f32 in any
 * precision. With a transposed first layer it is the network of PyTorch's examples/dcgan without its sigmoid,
 * ending in a convolution; with a projection it mirrors the generator and ends in a dense layer, with the
 * names `conv1`, `bn2`, `fc`.
 *
 * With classes it is a projection discriminator (Miyato and Koyama 2018): in place of the last layer, `fc`
 * and `embed` make the logit of the sum over all pixels of the last maps and of the image's class; see
 * `ClassProjection`.
 *
 * Without batch norm, each convolution before a LeakyReLU has a bias. With `dNorm: "spectral"`, each pass
 * divides every weight by an estimate of its spectral norm (Miyato et al. 2018): the scale of the first
 * weights, that of the paper, then only says how fast a learning rate turns them. With no norm at all they
 * start He-normal, as nothing else sets the scale of a layer.
 */
export function createDiscriminator(architecture: Architecture): Module {
  const { channels, ndf, maxMaps, firstLayer, kernel = 4, dNorm = "batch", pack = 1, classes } = architecture;
  const { base: { width, height }, count } = doublingsOf(architecture);
  const dense = firstLayer === "project";
  const norm = dNorm === "batch";
  const spectralNorm = dNorm === "spectral";
  const weightOf = (fanIn: number): Initializer => dNorm === "none" ? heNormal(fanIn) : WEIGHT_START;
  const layers: Record<string, Module> = {};
  for (let level = 1; level <= count; level++) {
    const inputs = level === 1 ? pack * channels : mapsAfter(level - 2, ndf, maxMaps);
    const outputs = mapsAfter(level - 1, ndf, maxMaps);
    layers[`conv${level}`] = new Conv2d(inputs, outputs, {
      ...STRIDED[kernel],
      bias: !norm || (dense && level === 1),
      weight: weightOf(inputs * kernel ** 2),
      spectralNorm,
    });
    if (norm && level > 1) layers[`bn${level}`] = new BatchNorm2d(outputs, { weight: GAIN_START });
    layers[`activation${level}`] = new LeakyRelu(SLOPE);
  }
  const features = mapsAfter(count - 1, ndf, maxMaps);
  const weight = weightOf(features * height * width);
  if (classes) {
    const named = dense ? layers : { main: new Sequential(Object.values(layers)) };
    return new ClassProjection(named, features, classes.length, { weight, spectralNorm });
  }
  if (dense) {
    const maps = { height, width, channels: features };
    return new Sequential({ ...layers, fc: new Linear(maps, 1, { weight, spectralNorm, output: "f32" }) });
  }
  const logit = new Conv2d(features, 1, {
    kernel: [height, width],
    bias: false,
    weight,
    spectralNorm,
    output: "f32",
  });
  return new Sequential({ main: new Sequential([...Object.values(layers), logit]) });
}

/**
 * He et al. 2015, section 2.2: keeps the variance of what passes through a layer and the LeakyReLU after it.
 */
function heNormal(fanIn: number): Initializer {
  return normal(0, Math.sqrt(2 / ((1 + SLOPE ** 2) * fanIn)));
}
