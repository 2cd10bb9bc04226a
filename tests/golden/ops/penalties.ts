import {
  concat,
  type Device,
  mean,
  mixImages,
  mul,
  neg,
  softplus,
  sum,
  type Tensor,
} from "../../../src/gpu/mod.ts";
import {
  Conv2d,
  gradientPenalty,
  LeakyRelu,
  Linear,
  type Module,
  Network,
  penalizedBackward,
} from "../../../src/nn/mod.ts";
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
 * The layers with weights. Convolutions halve the maps; the last layer takes the whole map.
 */
function layersOf(golden: GoldenCase): Layer[] {
  const names = golden.names("input.").filter((name) => name.endsWith(".weight"));
  const halvings = names.length - 1;
  const spectralNorm = golden.param("spectral_norm") !== "none";
  const [height, width] = ["height", "width"].map((side) => golden.number(side) / 2 ** halvings);
  return names.map((weight, position) => {
    const name = weight.slice(0, -".weight".length);
    const bias = golden.has(`input.${name}.bias`);
    const [outputs, inputs, ...kernel] = golden.floats(`input.${weight}`).shape as [
      number,
      number,
      ...([number, number] | []),
    ];
    const convolution = { bias, spectralNorm };
    if (position < halvings) {
      const halving = { ...convolution, kernel: 4, stride: 2, padding: 1 };
      return { name, module: new Conv2d(inputs, outputs, halving) };
    }
    if (kernel.length === 2) {
      return { name, module: new Conv2d(inputs, outputs, { ...convolution, kernel }) };
    }
    const features = { height: height!, width: width!, channels: inputs / height! / width! };
    return { name, module: new Linear(features, outputs, { bias, spectralNorm }) };
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

/** The discriminator of a case, with the names that the case has for its tensors. */
class PenalizedNetwork implements Disposable {
  readonly network: Network;
  #golden: GoldenCase;
  #names: Map<string, string>;

  constructor(device: Device, golden: GoldenCase) {
    const layers = layersOf(golden);
    const modules = layers.flatMap(({ module }) => [module, new LeakyRelu(0.2)]).slice(0, -1);
    this.#golden = golden;
    this.#names = tensorNames(layers);
    this.network = new Network(device, modules);
  }

  /** Sets weights and statistics to those that the case starts with. */
  start(): void {
    const { parameters, statistics } = this.network;
    const given = [...this.#names].map(([name, given]) => {
      const { shape } = (parameters.get(name) ?? statistics.get(name))!.layout;
      return [name, { ...this.#golden.floats(`input.${given}`), shape }] as const;
    });
    loadStateDict(this.network, new Map(given));
  }

  /** The gradients of all weights, after what they are called. */
  async gradients(prefix: string): Promise<Results> {
    const found = [...await gradientDict(this.network)].map(([name, { data }]) => {
      const given = this.#names.get(name)!;
      const { shape } = this.#golden.floats(`input.${given}`);
      return [`${prefix}.${given}`, floatsOf(shape, data as Float32Array)] as const;
    });
    return new Map(found);
  }

  /** The vectors of spectral norms. */
  async vectors(): Promise<Results> {
    const state = await stateDict(this.network);
    const own = [...this.#names].filter(([name]) => this.network.statistics.has(name));
    return new Map(own.map(([name, given]) => [`output.${given}`, state.get(name)!]));
  }

  [Symbol.dispose](): void {
    this.network[Symbol.dispose]();
  }
}

/** R1 on real images, R2 on fake ones, and both with a loss, each with the gradients of all weights. */
async function gradientPenalties(device: Device, golden: GoldenCase): Promise<Results> {
  const spectral = golden.param("spectral_norm");
  using penalized = new PenalizedNetwork(device, golden);
  const { network } = penalized;
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
    penalized.start();
    const pass = penalizedBackward(network, images, loss, gammas, { training: spectral !== "eval" });
    const [penalties, losses] = await device.read([pass.penalties, pass.loss]);
    if (part === "r1") set("output.r1", [penalties![0]!], []);
    if (part === "r2") set("output.r2", [penalties![1]!], []);
    for (const [name, values] of await penalized.gradients(`grad.${part}`)) results.set(name, values);
    if (part !== "total") continue;
    if (spectral === "train") {
      for (const [name, values] of await penalized.vectors()) results.set(name, values);
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

/** WGAN-GP alone, and with the loss of Wasserstein GANs, each with the gradients of all weights. */
async function mixedPenalty(device: Device, golden: GoldenCase): Promise<Results> {
  const training = golden.param("spectral_norm") !== "eval";
  using penalized = new PenalizedNetwork(device, golden);
  const { network } = penalized;
  const batch = golden.number("batch");
  const [real, fake] = ["real", "fake"].map((name) => permute(golden.floats(`input.${name}`), IMAGE));
  const { shape } = real!;
  const upload = ({ data }: { data: ArrayLike<number> }) => device.tensor(data, { shape });
  const [reals, fakes] = [upload(real!), upload(fake!)];
  const mixes = mixImages(reals, fakes, device.tensor(golden.floats("input.eps").data));
  const results: Results = new Map();
  const add = (found: Results) => {
    for (const [name, values] of found) results.set(name, values);
  };
  for (const part of ["penalty", "total"]) {
    penalized.start();
    const logits = network.forward(concat(reals, fakes), { training, groups: 2 }).reshape([2, batch]);
    const factors = device.tensor([[-1 / batch], [1 / batch]]);
    const loss = sum(mul(logits, factors));
    network.backward([part === "total" ? loss : mul(loss, 0)]);
    const pass = gradientPenalty(network, mixes, { weight: golden.number("lambda"), training });
    add(await penalized.gradients(`grad.${part}`));
    if (part === "penalty") continue;
    if (golden.param("spectral_norm") === "train") add(await penalized.vectors());
    const [gan, penalty] = [await loss.item(), await pass.penalty.item()];
    const rows = await logits.data();
    const scalars = { gan, penalty, total: gan + penalty };
    for (const [name, value] of Object.entries(scalars)) results.set(`output.${name}`, floatsOf([], [value]));
    const lists = {
      d_real: rows.slice(0, batch),
      d_fake: rows.slice(batch),
      d_mix: await pass.logits.data(),
      norm: await pass.norms.data(),
    };
    for (const [name, values] of Object.entries(lists)) {
      results.set(`output.${name}`, floatsOf([batch], values));
    }
    const atMixes = permute({ shape, data: await pass.imageGradients.data() }, inverse(IMAGE));
    results.set("output.picture_gradient_mix", floatsOf(atMixes.shape, atMixes.data));
  }
  return results;
}

/** Gradient penalties of a discriminator. */
export const penalties: Readonly<Record<string, Run>> = {
  "gradient_penalty:r1r2": gradientPenalties,
  "gradient_penalty:wgan_gp": mixedPenalty,
};
