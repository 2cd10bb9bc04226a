import { type Device, mean, mul, neg, softplus, sum, type Tensor } from "../../../src/gpu/mod.ts";
import { Conv2d, LeakyRelu, Linear, type Module, Network, penalizedBackward } from "../../../src/nn/mod.ts";
import { gradientDict, loadStateDict, stateDict } from "../../../src/nn/weights/state_dict.ts";
import { floatsOf, type GoldenCase, type Results } from "../golden_case.ts";
import { IMAGE, inverse, permute } from "../layout.ts";
import type { Run } from "./differentiate.ts";

/** A layer of a case: its name there, and its module. */
interface Layer {
  readonly name: string;
  readonly module: Module;
}

/**
 * The layers with weights. Convolutions halve the maps; the last layer takes the whole map. A kernel that is no square is
 * that of a linear layer here, whose weight has the same elements in the same order.
 */
function layersOf(golden: GoldenCase): Layer[] {
  const names = golden.names("input.").filter((name) => name.endsWith(".weight"));
  const halvings = names.length - 1;
  const spectralNorm = golden.param("spectral_norm") !== "none";
  const [height, width] = ["height", "width"].map((side) => golden.number(side) / 2 ** halvings);
  return names.map((weight, position) => {
    const name = weight.slice(0, -".weight".length);
    const bias = golden.has(`input.${name}.bias`);
    const [outputs, inputs, kernel, kernelWidth] = golden.floats(`input.${weight}`).shape;
    if (position < halvings) {
      return {
        name,
        module: new Conv2d(inputs!, outputs!, { kernel: kernel!, stride: 2, padding: 1, bias, spectralNorm }),
      };
    }
    if (kernel !== undefined && kernel === kernelWidth) {
      return { name, module: new Conv2d(inputs!, outputs!, { kernel, bias, spectralNorm }) };
    }
    const channels = kernel === undefined ? inputs! / height! / width! : inputs!;
    const features = { height: height!, width: width!, channels };
    return { name, module: new Linear(features, outputs!, { bias, spectralNorm }) };
  });
}

/** What a case calls the weight and the vectors of a spectral norm. */
const SPECTRAL: Readonly<Record<string, string>> = { weight_orig: "weight", weight_u: "u", weight_v: "v" };

/** The names of a case's tensors, by those of a network of its layers with activations between them. */
function tensorNames(layers: readonly Layer[]): Map<string, string> {
  return new Map(
    layers.flatMap(({ name, module }, position) =>
      Object.keys({ ...module.parameters(), ...module.statistics() }).map((
        tensor,
      ) => [`${2 * position}.${tensor}`, `${name}.${SPECTRAL[tensor] ?? tensor}`])
    ),
  );
}

/** `mean(softplus(-(real - fake)))` of logits `[real..., fake...]`. */
function relativisticLoss(logits: Tensor): Tensor {
  const { device, size } = logits;
  const pairs = logits.reshape([2, size / 2]);
  const differences = sum(mul(pairs, device.tensor([[1], [-1]])), { axes: [0] });
  return mean(softplus(neg(differences)));
}

/** R1 on real images, R2 on fake ones, and both with a loss, each with the gradients of all weights. */
async function gradientPenalties(device: Device, golden: GoldenCase): Promise<Results> {
  const spectral = golden.param("spectral_norm");
  const layers = layersOf(golden);
  const names = tensorNames(layers);
  const modules = layers.flatMap(({ module }) => [module, new LeakyRelu(0.2)]).slice(0, -1);
  using network = new Network(device, modules);
  const shapeOf = (name: string) =>
    (network.parameters.get(name) ?? network.statistics.get(name))!.layout.shape;
  const start = new Map(
    [...names].map(([name, given]) => [
      name,
      { ...golden.floats(`input.${given}`), shape: shapeOf(name) },
    ]),
  );
  const gamma = golden.number("gamma");
  const batch = golden.number("batch");
  const [real, fake] = ["real", "fake"].map((name) => permute(golden.floats(`input.${name}`), IMAGE));
  const { shape: [, ...image] } = real!;
  const images = device.tensor([...real!.data, ...fake!.data], { shape: [2 * batch, ...image] });
  const none = (logits: Tensor) => mul(mean(logits), 0);
  const results: Results = new Map();
  const set = (name: string, values: ArrayLike<number>, shape: readonly number[] = [values.length]) =>
    results.set(name, floatsOf(shape, values));
  for (
    const [part, loss, gammas] of [
      ["r1", none, [gamma, 0]],
      ["r2", none, [0, gamma]],
      ["total", relativisticLoss, [gamma, gamma]],
    ] as const
  ) {
    loadStateDict(network, start);
    const pass = penalizedBackward(network, images, loss, gammas, { training: spectral !== "eval" });
    const [penalties, losses] = await device.read([pass.penalties, pass.loss]);
    if (part === "r1") set("output.r1", [penalties![0]!], []);
    if (part === "r2") set("output.r2", [penalties![1]!], []);
    for (const [name, { data }] of await gradientDict(network)) {
      const given = names.get(name)!;
      set(`grad.${part}.${given}`, data as Float32Array, golden.floats(`input.${given}`).shape);
    }
    if (part !== "total") continue;
    if (spectral === "train") {
      const state = await stateDict(network);
      for (const [name, given] of names) {
        if (network.statistics.has(name)) results.set(`output.${given}`, state.get(name)!);
      }
    }
    set("output.gan", [losses![0]!], []);
    set("output.total", [losses![0]! + penalties![0]! + penalties![1]!], []);
    const logits = await pass.logits.data();
    const gradients = await pass.imageGradients.data();
    for (const [position, which] of ["real", "fake"].entries()) {
      const size = gradients.length / 2;
      const own = { shape: [batch, ...image], data: gradients.slice(position * size, (position + 1) * size) };
      const { shape, data } = permute(own, inverse(IMAGE));
      const each = size / batch;
      const squares = Array.from(
        { length: batch },
        (_, n) => data.subarray(n * each, (n + 1) * each).reduce((total, value) => total + value * value, 0),
      );
      set(`output.d_${which}`, logits.slice(position * batch, (position + 1) * batch));
      set(`output.picture_gradient_${which}`, data, shape);
      set(`output.squared_norm_${which}`, squares);
    }
  }
  return results;
}

/** Gradient penalties of a discriminator. */
export const penalties: Readonly<Record<string, Run>> = { "gradient_penalty:r1r2": gradientPenalties };
