import { createDiscriminator } from "../../../src/dcgan/networks/discriminator.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import {
  crossEntropy,
  type Device,
  mean,
  type Shape,
  square,
  sum,
  type Tensor,
} from "../../../src/exports/gpu.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import type { Module } from "../../../src/nn/module.ts";
import { Network } from "../../../src/nn/network.ts";
import type { TensorData } from "../../../src/files/safetensors.ts";
import { gradientDict, loadStateDict, stateDict } from "../../../src/nn/weights/state_dict.ts";
import { type FormulaInput, formulaInput } from "../formula_inputs.ts";
import { floatsOf, GoldenCase, type Results } from "../golden_case.ts";
import { IMAGE, inverse, permute } from "../layout.ts";
import { batchNorms } from "./norms/batch_norm.ts";
import { contractions } from "./contractions.ts";
import { differentiate, type Run } from "./differentiate.ts";
import { losses } from "./losses.ts";
import { resizing } from "./images/resizing.ts";

/**
 * An op at a size whose arrays are too large to keep: what goes in is made by a formula, and of what comes out the
 * norm, the sum and some elements are held to the golden ones.
 */
function large(run: Run): Run {
  return async (device, golden) => summarize(await run(device, expand(golden)), golden);
}

/** A case with the arrays in it that its formulas stand for, and names for the gradients that are asked for. */
function expand(golden: GoldenCase, more: ReadonlyMap<string, TensorData> = new Map()): GoldenCase {
  const tensors = new Map<string, TensorData>(more);
  for (const kind of ["inputs", "grad_output"]) {
    const formulas = golden.param(kind) as Readonly<Record<string, FormulaInput>>;
    const prefix = kind === "inputs" ? "input" : kind;
    for (const [name, formula] of Object.entries(formulas)) {
      tensors.set(`${prefix}.${name}`, formulaInput(formula));
    }
  }
  for (const name of gradientsOf(golden)) tensors.set(`grad.${name}`, floatsOf([0], []));
  return new GoldenCase({ op: golden.op, params: paramsOf(golden) }, tensors, golden.precision);
}

function paramsOf(golden: GoldenCase): Record<string, unknown> {
  const names = ["kernel", "stride", "padding", "training", "momentum", "eps", "dim"];
  return Object.fromEntries(names.map((name) => [name, golden.param(name)]));
}

function gradientsOf(golden: GoldenCase): string[] {
  return golden.names("grad.").filter((name) => name.endsWith(".at")).map((name) => name.slice(0, -3));
}

/** What is kept of large results. Scalars stay as they are. */
function summarize(results: Results, golden: GoldenCase): Results {
  const summary: Results = new Map();
  for (const [name, tensor] of results) {
    const indices = golden.tensors.get(`index.${name}`);
    if (!indices) {
      summary.set(name, tensor);
      continue;
    }
    const data = tensor.data as Float32Array;
    let [squares, total] = [0, 0];
    for (const value of data) {
      squares += value * value;
      total += value;
    }
    summary.set(`${name}.l2`, floatsOf([], [Math.sqrt(squares)]));
    summary.set(`${name}.sum`, floatsOf([], [total]));
    summary.set(
      `${name}.at`,
      floatsOf(indices.shape, Array.from(indices.data, Number).map((i) => data[i]!)),
    );
  }
  return summary;
}

/** Running statistics begin as those of PyTorch's layers do. */
const batchNormAtSize: Run = async (device, golden) => {
  const channels = (golden.param("inputs") as Record<string, FormulaInput>).weight!.shape;
  const start = (value: number) => floatsOf(channels, new Float32Array(channels[0]!).fill(value));
  const running = new Map([["input.running_mean", start(0)], ["input.running_var", start(1)]]);
  return summarize(await batchNorms.batch_norm!(device, expand(golden, running)), golden);
};

/** Sums of all elements three times over, or of rows and of columns. */
const sums: Run = async (device, golden) => {
  const forward = golden.param("dims") === undefined
    ? ({ x }: Readonly<Record<string, Tensor>>) => ({
      sum: sum(x!),
      mean: mean(x!),
      sum_of_squares: sum(square(x!)),
    })
    : ({ x }: Readonly<Record<string, Tensor>>) => ({
      rows: sum(x!, { axes: [1] }),
      columns: sum(x!, { axes: [0] }),
    });
  return summarize(await differentiate(device, expand(golden), { forward }), golden);
};

const crossEntropyAtSize: Run = async (device, golden) => {
  const { values } = golden.param("labels") as { values: number[] };
  const labels = device.tensor(values, { dtype: "u32" });
  const forward = ({ x }: Readonly<Record<string, Tensor>>) => ({ loss: crossEntropy(x!, labels) });
  const seeded = new Map([["grad_output.loss", floatsOf([], [1])]]);
  return summarize(await differentiate(device, expand(golden, seeded), { forward }), golden);
};

/** A network in training mode: its output, and the gradients of what goes in and of each parameter. */
async function networkAtSize(
  device: Device,
  golden: GoldenCase,
  { module, input, output, shape }: { module: Module; input: string; output: string; shape: Shape },
): Promise<Results> {
  const expanded = expand(golden);
  using network = new Network(device, module);
  const state = await stateDict(network);
  for (const name of expanded.names("input.")) {
    if (state.has(name)) state.set(name, expanded.floats(`input.${name}`));
  }
  loadStateDict(network, state);
  const toDevice = (name: string) => {
    const tensor = expanded.floats(name);
    const { shape, data } = tensor.shape.length === 4 ? permute(tensor, IMAGE) : tensor;
    return device.tensor(data, { shape });
  };
  const x = toDevice(`input.${input}`);
  const y = network.forward(x).reshape(shape);
  const seeds = [toDevice(`grad_output.${output}`)];
  network.backward([y], { seeds });
  const [ofX] = gradients([y], [x], { seeds });
  const read = async (tensor: Tensor) => {
    const result = { shape: tensor.shape, data: await tensor.data() };
    const outside = tensor.rank === 4 ? permute(result, inverse(IMAGE)) : result;
    return floatsOf(outside.shape, outside.data);
  };
  const results: Results = new Map([
    [`output.${output}`, await read(y)],
    [`grad.${input}`, await read(ofX!)],
  ]);
  for (const [name, tensor] of await gradientDict(network)) results.set(`grad.${name}`, tensor);
  return summarize(results, golden);
}

/** Ops at the sizes people train. */
export const largeOps: Readonly<Record<string, Run>> = {
  "large:matmul": large(contractions.matmul!),
  "large:linear": large(contractions.linear!),
  "large:conv2d": large(contractions.conv2d!),
  "large:avg_pool2d": large(resizing.avg_pool2d!),
  "large:softmax": large(losses.softmax!),
  "large:cross_entropy": crossEntropyAtSize,
  "large:batch_norm": batchNormAtSize,
  "large:sum": sums,
  "large:discriminator": (device, golden) => {
    const [size, channels] = [golden.number("image_size"), golden.number("nc")];
    const sizes = { size, channels, ngf: 1, ndf: golden.number("ndf"), latent: 1 };
    const module = createDiscriminator({ ...sizes, firstLayer: "transposed", upsampling: "transposed" });
    const shape = [golden.number("batch")];
    return networkAtSize(device, golden, { module, input: "x", output: "logits", shape });
  },
  "large:generator_nearest": (device, golden) => {
    const [size, channels] = [golden.number("image_size"), golden.number("nc")];
    const sizes = { size, channels, ngf: golden.number("ngf"), ndf: 1, latent: golden.number("nz") };
    const module = createGenerator({ ...sizes, firstLayer: "project", upsampling: "nearest" });
    const shape = [golden.number("batch"), size, size, channels];
    return networkAtSize(device, golden, { module, input: "z", output: "images", shape });
  },
};
