import type { Device, DType, Tensor } from "../../../src/gpu/mod.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import { floatsOf, type GoldenCase, type Results } from "../golden_case.ts";
import { inverse, type Order, permute } from "../layout.ts";

/** Runs a case of one kind of op. */
export type Run = (device: Device, golden: GoldenCase) => Promise<Results>;

/** Tensors on the GPU by their names in the case. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** How to put a case through an op. */
export interface Forward {
  /** Axes of tensors that lie differently on the GPU, by name without `input.`, `output.` and so on. */
  readonly orders?: Readonly<Record<string, Order>>;
  /** Inputs that a run in f16 keeps in it, by name. */
  readonly halves?: readonly string[];
  /** From the inputs to the outputs, by name. */
  readonly forward: (inputs: Tensors) => Tensors;
}

/** Puts a golden tensor on the GPU, its axes in the order given. */
export function upload(
  device: Device,
  golden: GoldenCase,
  name: string,
  { order, dtype = "f32" }: { order?: Order | undefined; dtype?: DType } = {},
): Tensor {
  const tensor = golden.floats(name);
  const { shape, data } = order ? permute(tensor, order) : tensor;
  return device.tensor(data, { shape, dtype });
}

/** All outputs of a case, and all gradients that it has: of the sum of every output times its `grad_output`. */
export async function differentiate(
  device: Device,
  golden: GoldenCase,
  { orders = {}, halves = [], forward }: Forward,
): Promise<Results> {
  const names = golden.names("input.").filter((name) => golden.tensors.get(`input.${name}`)!.dtype === "F32");
  const inputs = Object.fromEntries(
    names.map((name) => {
      const dtype = halves.includes(name) ? golden.precision : "f32";
      return [name, upload(device, golden, `input.${name}`, { order: orders[name], dtype })];
    }),
  );
  const outputs = forward(inputs);

  const contracted = golden.names("grad_output.");
  const seeds = contracted.map((name) =>
    upload(device, golden, `grad_output.${name}`, {
      order: orders[name],
      dtype: (outputs[name] ?? missing(`output '${name}'`)).dtype,
    })
  );
  const wanted = golden.names("grad.");
  const found = wanted.length === 0 ? [] : gradients(
    contracted.map((name) => outputs[name]!),
    wanted.map((name) => inputs[name] ?? missing(`input '${name}'`)),
    { seeds },
  );

  const computed: [name: string, tensor: Tensor, order: Order | undefined][] = [
    ...Object.entries(outputs).map(([name, tensor]) => [`output.${name}`, tensor, orders[name]] as const),
    ...wanted.map((name, position) => [`grad.${name}`, found[position]!, orders[name]] as const),
  ].map(([name, tensor, order]) => [name, tensor, order]);
  const values = await device.read(computed.map(([, tensor]) => tensor));
  return new Map(computed.map(([name, { shape }, order], position) => {
    const result = { shape, data: Float32Array.from(values[position]!) };
    const outside = order ? permute(result, inverse(order)) : result;
    return [name, floatsOf(outside.shape, outside.data)];
  }));
}

function missing(what: string): never {
  throw new Error(`The case asks for a gradient with ${what}, which it does not have`);
}
