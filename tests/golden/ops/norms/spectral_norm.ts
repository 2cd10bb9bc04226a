import { type Device, spectralNorm } from "../../../../src/gpu/mod.ts";
import { gradients } from "../../../../src/gpu/autograd/gradients.ts";
import { Conv2d, ConvTranspose2d, Linear, type Module, Network } from "../../../../src/nn/mod.ts";
import { loadStateDict, stateDict } from "../../../../src/nn/weights/state_dict.ts";
import { toBorder } from "../../../../src/nn/weights/layout.ts";
import { floatsOf, type GoldenCase, type Results } from "../../golden_case.ts";
import { channelsLast, inverse, permute } from "../../layout.ts";
import { type Run, upload } from "../differentiate.ts";

/** What PyTorch's two functions call the weight and the vectors. */
const NAMES = {
  v_then_u: { weight: "weight_orig", u: "weight_u", v: "weight_v" },
  u_then_v: {
    weight: "parametrizations.weight.original",
    u: "parametrizations.weight.0._u",
    v: "parametrizations.weight.0._v",
  },
} as const;

/** The layer of a case, and the axis of its weight with the outputs. */
function layerOf(golden: GoldenCase, parametrized: boolean): { layer: Module; axis: number } {
  const [first, second, kernel] = golden.floats("input.weight").shape as [number, number, number?];
  const options = {
    bias: false,
    spectralNorm: {
      parametrized,
      iterations: golden.number("power_iterations"),
      eps: golden.number("eps"),
    },
  };
  if (kernel === undefined) return { layer: new Linear(second, first, options), axis: 0 };
  const window = {
    kernel,
    stride: golden.number("stride"),
    padding: golden.number("padding"),
  };
  return golden.param("layer") === "conv2d"
    ? { layer: new Conv2d(second, first, { ...options, ...window }), axis: 3 }
    : { layer: new ConvTranspose2d(first, second, { ...options, ...window }), axis: 2 };
}

/** Three training passes of a layer and one in evaluation mode, with the gradients through all of them. */
async function spectralNorms(device: Device, golden: GoldenCase): Promise<Results> {
  const order = golden.param("order");
  if (order !== "v_then_u" && order !== "u_then_v") throw new Error(`There is no order ${order}`);
  const names = NAMES[order];
  const { layer, axis } = layerOf(golden, order === "u_then_v");
  using network = new Network(device, layer);
  const { weight: name, u, v } = names;
  const given = Object.entries(names).map(([own, full]) => [full, golden.floats(`input.${own}`)] as const);
  loadStateDict(network, new Map(given));
  const images = channelsLast(golden.floats("input.x").shape.length);
  const x = upload(device, golden, "input.x", { order: images });
  const weight = network.parameters.get(name)!;

  const results: Results = new Map();
  const outputs = [];
  for (const pass of ["1", "2", "3", "_eval"]) {
    const training = pass !== "_eval";
    const y = network.forward(x, { training });
    outputs.push(y);
    const { shape, data } = permute({ shape: y.shape, data: await y.data() }, inverse(images));
    results.set(`output.y${pass}`, floatsOf(shape, data));
    if (!training) continue;
    const state = await stateDict(network);
    for (const [own, full] of [["u", u], ["v", v]] as const) {
      results.set(`output.${own}${pass}`, state.get(full)!);
    }
    const [left, right] = [u, v].map((full) => network.statistics.get(full)!.tensor);
    const { sigma } = spectralNorm(weight.tensor, { u: left!, v: right!, training: false, axis });
    results.set(`output.sigma${pass}`, floatsOf([], [await sigma.item()]));
  }
  const seeds = ["1", "3", "_eval"].map((pass) =>
    upload(device, golden, `grad_output.y${pass}`, { order: images })
  );
  const found = gradients([outputs[0]!, outputs[2]!, outputs[3]!], [x, weight.tensor], { seeds });
  const [atX, atWeight] = [await found[0]!.data(), await found[1]!.data()];
  const { shape, data } = permute({ shape: x.shape, data: atX }, inverse(images));
  results.set("grad.x", floatsOf(shape, data));
  results.set("grad.weight", floatsOf(weight.layout.shape, toBorder(atWeight, weight.layout)));
  return results;
}

/** Spectral norms of all kinds of weight. */
export const spectralNormRuns: Readonly<Record<string, Run>> = { spectral_norm: spectralNorms };
