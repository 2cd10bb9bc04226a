import { floatTypeOf } from "../kernel/float_memory.ts";
import { leavesOf } from "./leaves.ts";
import { add } from "../ops/arithmetic.ts";
import { accumulate } from "../ops/elementwise/accumulate.ts";
import { fill } from "../ops/fill.ts";
import { expectKnownOptions } from "../tensor/known_options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Wanted } from "./origin.ts";

/** Options of {@linkcode gradients}. */
export interface GradientsOptions {
  /**
   * One tensor for each of `wrt`, of the same shape, overwritten with the gradient. None may share its elements with
   * another, with a seed or with one of `wrt`. By default, new tensors are created.
   */
  into?: readonly Tensor[];
  /**
   * Start values: the gradient of something later with respect to each of the outputs, of the same shape. Ones if
   * not given.
   */
  seeds?: readonly Tensor[];
}

/**
 * Gradients of the sum of `outputs` with respect to `wrt`, by one walk back over the operations between them
 * (reverse-mode differentiation). Only what lies on a path from `wrt` to an output is computed.
 *
 * The tensors on that path must live until then: one that was disposed, also by a scope, no longer knows what it was
 * computed from.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mul, openDevice } from "@x/dcgan/gpu";
 * import { gradients } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * const x = device.tensor([3, 4]);
 * const [dx] = gradients([mul(x, x)], [x]);
 * assertEquals([...await dx!.data()], [6, 8]);
 * ```
 *
 * @throws {RangeError} if an output does not depend on one of `wrt`, or if `seeds` or `into` do not fit.
 * @throws {Error} if a seed was disposed, or a tensor between `wrt` and an output.
 */
export function gradients(
  outputs: readonly Tensor[],
  wrt: readonly Tensor[],
  options: GradientsOptions = {},
): Tensor[] {
  expectKnownOptions("gradients()", options, { into: true, seeds: true });
  const order = reachable(outputs);
  const targets = new Map(wrt.map((tensor, position) => [tensor, position]));
  if (targets.size !== wrt.length) {
    throw new RangeError("The tensors of 'wrt' must be different, found one twice");
  }
  checkSeeds(outputs, options.seeds);
  checkInto(wrt, options);
  checkConnected(outputs, order, wrt);
  const useful = leadingTo(order, new Set(wrt));
  const found = new Map<Tensor, Tensor>();
  const alone = usedOnce(order, outputs, wrt);
  /** Tensors of which the gradient before their activation was found. */
  const before = new Set<Tensor>();
  const place = (tensor: Tensor): Tensor | undefined => options.into?.[targets.get(tensor) ?? -1];
  const receive = (tensor: Tensor, gradient: Tensor) => {
    const known = found.get(tensor);
    const into = place(tensor);
    if (into && gradient !== into) accumulate(into, gradient, known !== undefined);
    found.set(tensor, into ?? (known ? add(known, gradient) : gradient));
  };
  for (const [position, output] of outputs.entries()) {
    if (!useful.has(output)) {
      throw new RangeError(
        `Cannot compute gradients: output ${position} must depend on a tensor of 'wrt', found that it depends on none`,
      );
    }
    receive(output, options.seeds?.[position] ?? fill(output.device, output.shape, 1, floatTypeOf(output)));
  }

  for (const tensor of order) {
    const gradient = found.get(tensor);
    if (!gradient || !tensor.origin) continue;
    const { inputs, backward, heedsBefore } = tensor.origin;
    const wanted = inputs.map((input, position): Wanted | null => {
      if (!useful.has(input)) return null;
      const into = inputs.indexOf(input) === position ? place(input) : undefined;
      if (into) return { into, accumulate: found.has(input) };
      const activation = input.origin?.activation;
      if (position > 0 || !heedsBefore || !activation || !alone.has(input)) return {};
      before.add(input);
      return { before: activation };
    });
    const isWanted = wanted.some((one) => one !== null);
    const results = isWanted ? backward(gradient, wanted, before.has(tensor)) : [];
    for (const [position, result] of results.entries()) {
      if (wanted[position] && result) receive(inputs[position]!, result);
    }
    if (!targets.has(tensor)) found.delete(tensor);
  }
  const handedOut = new Set(options.seeds);
  return wrt.map((tensor, position) => {
    const gradient = found.get(tensor);
    if (!gradient) {
      throw new RangeError(
        `Cannot compute gradients: tensor ${position} of 'wrt' must have an output that depends on it, found none`,
      );
    }
    // A rule may return the tensor that it received, as that of a sum does: disposing one result must not free another.
    if (handedOut.has(gradient)) return gradient.detach();
    handedOut.add(gradient);
    return gradient;
  });
}

function checkSeeds(outputs: readonly Tensor[], seeds: readonly Tensor[] | undefined): void {
  if (!seeds) return;
  if (seeds.length !== outputs.length) {
    throw new RangeError(
      `'seeds' must have one tensor for each output, found ${seeds.length} for ${outputs.length}`,
    );
  }
  for (const [position, { shape }] of outputs.entries()) {
    const seed = seeds[position]!;
    expectShape(`Seed ${position}`, seed, "the output", shape);
    if (seed.disposed) throw new Error(`Seed ${position} must not be disposed before gradients are computed`);
  }
}

/** Kernels write gradients while others still read seeds and `wrt`: shared elements would be read after the change. */
function checkInto(wrt: readonly Tensor[], { into, seeds = [] }: GradientsOptions): void {
  if (!into) return;
  if (into.length !== wrt.length) {
    throw new RangeError(
      `'into' must have one tensor for each of 'wrt', found ${into.length} for ${wrt.length}`,
    );
  }
  const inUse = new Set([...wrt, ...seeds].map(({ storage }) => storage));
  for (const [position, { shape }] of wrt.entries()) {
    const target = into[position]!;
    expectShape(`Tensor ${position} of 'into'`, target, "its tensor of 'wrt'", shape);
    if (inUse.has(target.storage)) {
      throw new RangeError(
        `Tensor ${position} of 'into' must have elements of its own, found that it shares them with another of 'into', ` +
          "'seeds' or 'wrt'",
      );
    }
    inUse.add(target.storage);
  }
}

function expectShape(name: string, tensor: Tensor, model: string, shape: readonly number[]): void {
  if (sameShape(tensor.shape, shape)) return;
  throw new RangeError(
    `${name} must have the shape of ${model}, ${formatShape(shape)}, found ${formatShape(tensor.shape)}`,
  );
}

/** Throws if the way back to one of `wrt` ends at a tensor that was disposed: gradients would silently lack a part. */
function checkConnected(
  outputs: readonly Tensor[],
  order: readonly Tensor[],
  wrt: readonly Tensor[],
): void {
  const cut = order.find((tensor) => tensor.cutOff && wrt.some((one) => mayHaveLedTo(one, tensor)));
  if (!cut) return;
  const position = outputs.findIndex((output) => reachable([output]).includes(cut));
  const what = outputs[position] === cut ? "" : `an intermediate of shape ${formatShape(cut.shape)} of `;
  throw new Error(
    `Cannot compute gradients: ${what}output ${position} was disposed before, by dispose(), 'using' or the end of a ` +
      "scope. Compute gradients before that, inside the scope, keep the tensor with scope.keep(), or detach() it if no " +
      "gradient should pass",
  );
}

/** Whether a tensor that was cut off may have been computed from another one. */
function mayHaveLedTo(tensor: Tensor, cut: Tensor): boolean {
  const lost = leavesOf(cut);
  if (!tensor.origin) return lost.has(tensor);
  // Of computed tensors only the leaves are remembered, and which was created first
  return tensor.serial < cut.serial && leavesOf(tensor).isSubsetOf(lost);
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

/** The tensors that one input of one operation takes, and nothing else: the gradient of that is theirs. */
function usedOnce(
  order: readonly Tensor[],
  outputs: readonly Tensor[],
  wrt: readonly Tensor[],
): Set<Tensor> {
  const uses = [...outputs, ...wrt, ...order.flatMap(({ origin }) => origin?.inputs ?? [])];
  const once = new Set<Tensor>();
  const seen = new Set<Tensor>();
  for (const tensor of uses) {
    if (seen.has(tensor)) once.delete(tensor);
    else once.add(tensor);
    seen.add(tensor);
  }
  return once;
}

/** The tensors among `order` that `wrt` leads to, `wrt` included. */
function leadingTo(order: readonly Tensor[], wrt: ReadonlySet<Tensor>): Set<Tensor> {
  const useful = new Set<Tensor>();
  for (const tensor of order.toReversed()) {
    if (wrt.has(tensor) || tensor.origin?.inputs.some((input) => useful.has(input))) useful.add(tensor);
  }
  return useful;
}
