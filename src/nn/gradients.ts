import { floatTypeOf } from "../gpu/float_memory.ts";
import { accumulate, add, fill, type Tensor, type Wanted } from "../gpu/mod.ts";

/** Where {@linkcode gradients} puts what it finds. */
export interface GradientsOptions {
  /**
   * One tensor for each of `wrt`, overwritten with the gradient. New tensors are made where this is not given.
   */
  into?: readonly Tensor[];
  /**
   * Start values: the gradient of something later with respect to each of the outputs. Ones where not given.
   */
  seeds?: readonly Tensor[];
}

/**
 * Gradients of the sum of `outputs` with respect to `wrt`, by one walk back over the operations between them
 * (reverse-mode differentiation). Only what lies on a path from `wrt` to an output is computed.
 *
 * @example
 * ```ts
 * import { mul, openDevice } from "@x/dcgan/gpu";
 * import { gradients } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * const x = device.tensor([3, 4]);
 * const [dx] = gradients([mul(x, x)], [x]);
 * console.log(await dx!.data()); // Float32Array [6, 8]
 * ```
 *
 * @throws {RangeError} if an output does not depend on one of `wrt`.
 */
export function gradients(
  outputs: readonly Tensor[],
  wrt: readonly Tensor[],
  options: GradientsOptions = {},
): Tensor[] {
  const order = reachable(outputs);
  const targets = new Map(wrt.map((tensor, position) => [tensor, position]));
  if (targets.size !== wrt.length) {
    throw new RangeError("A tensor is named twice among those to differentiate by");
  }
  const useful = leadingTo(order, new Set(wrt));
  const found = new Map<Tensor, Tensor>();
  const place = (tensor: Tensor): Tensor | undefined => options.into?.[targets.get(tensor) ?? -1];
  const receive = (tensor: Tensor, gradient: Tensor) => {
    const known = found.get(tensor);
    const into = place(tensor);
    if (into && gradient !== into) accumulate(into, gradient, known !== undefined);
    found.set(tensor, into ?? (known ? add(known, gradient) : gradient));
  };
  for (const [position, output] of outputs.entries()) {
    if (!useful.has(output)) {
      throw new RangeError(`Output ${position} does not depend on any tensor that gradients were asked for`);
    }
    receive(output, options.seeds?.[position] ?? fill(output.device, output.shape, 1, floatTypeOf(output)));
  }

  for (const tensor of order) {
    const gradient = found.get(tensor);
    if (!gradient || !tensor.origin) continue;
    const { inputs, backward } = tensor.origin;
    const wanted = inputs.map((input, position): Wanted | null => {
      if (!useful.has(input)) return null;
      const into = inputs.indexOf(input) === position ? place(input) : undefined;
      return into ? { into, accumulate: found.has(input) } : {};
    });
    for (const [position, result] of backward(gradient, wanted).entries()) {
      if (wanted[position] && result) receive(inputs[position]!, result);
    }
    if (!targets.has(tensor)) found.delete(tensor);
  }
  return wrt.map((tensor, position) => {
    const gradient = found.get(tensor);
    if (!gradient) {
      throw new RangeError(`No output depends on tensor ${position} of those that gradients were asked for`);
    }
    return gradient;
  });
}

/** All tensors that the outputs came from, latest first: every tensor after all that were computed from it. */
function reachable(outputs: readonly Tensor[]): Tensor[] {
  const seen = new Set<Tensor>();
  const waiting = [...outputs];
  for (let tensor = waiting.pop(); tensor; tensor = waiting.pop()) {
    if (seen.has(tensor)) continue;
    seen.add(tensor);
    if (tensor.origin) waiting.push(...tensor.origin.inputs);
  }
  return [...seen].sort((a, b) => b.serial - a.serial);
}

/** The tensors among `order` that `wrt` leads to, `wrt` included. */
function leadingTo(order: readonly Tensor[], wrt: ReadonlySet<Tensor>): Set<Tensor> {
  const useful = new Set<Tensor>();
  for (const tensor of order.toReversed()) {
    if (wrt.has(tensor) || tensor.origin?.inputs.some((input) => useful.has(input))) useful.add(tensor);
  }
  return useful;
}
