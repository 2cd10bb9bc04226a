import { AssertionError } from "@std/assert";
import type { Device, Tensor } from "../../src/gpu/mod.ts";
import { formatShape, sameShape, type Shape, sizeOf } from "../../src/gpu/shape.ts";
import { gradients } from "../../src/nn/gradients.ts";
import { assertClose, type Tolerance } from "./close.ts";
import { randomValues } from "./random.ts";

/** One input of a checked operation. */
export interface OpInput {
  /** Its shape. */
  shape: Shape;
  /** Its values. Random ones where not given. */
  values?: ArrayLike<number>;
  /**
   * What random values lie between.
   *
   * @default {[-2, 2]}
   */
  range?: readonly [number, number];
  /** No gradient is asked for. */
  constant?: boolean;
}

/** An operation, the reference it is held to, and one set of inputs. */
export interface OpCheck<Name extends string> {
  /** Its inputs. */
  inputs: Readonly<Record<Name, OpInput>>;
  /** The operation on the GPU. */
  op: (inputs: Readonly<Record<Name, Tensor>>) => Tensor;
  /** The same in 64 bits on the host. */
  reference: (inputs: Readonly<Record<Name, Float64Array>>) => ArrayLike<number>;
  /** The shape that the result must have. */
  shape?: Shape;
  /**
   * Of results.
   *
   * @default {{ relative: 1e-4, absolute: 1e-5 }}
   */
  tolerance?: Tolerance;
  /** Of gradients; that of results where not given. */
  gradientTolerance?: Tolerance;
}

/** Elements of an input whose gradient is checked one by one; beyond them a random direction is checked. */
const CHECKED_ELEMENTS = 48;
/** Step of the central differences. Their error is the square of it, far below what 32 bits can show. */
const STEP = 1e-5;

/**
 * Holds an operation to its reference: the result, the gradient of every input that is not constant (by central
 * differences of the reference in 64 bits), and the same once more recorded in a program, where gradients of two
 * uses are added in tensors that hold NaN before.
 */
export async function checkOp<Name extends string>(device: Device, check: OpCheck<Name>): Promise<void> {
  const names = Object.keys(check.inputs) as Name[];
  const described = names.map((name) => `${name} ${formatShape(check.inputs[name].shape)}`).join(", ");
  const tolerance = check.tolerance ?? { relative: 1e-4, absolute: 1e-5 };
  const gradientTolerance = check.gradientTolerance ?? tolerance;
  const byName = <T>(make: (name: Name, position: number) => T) =>
    Object.fromEntries(names.map((name, position) => [name, make(name, position)])) as Record<Name, T>;

  const values = byName((name, position) => {
    const { shape, values, range } = check.inputs[name];
    return values ? Float64Array.from(values) : randomValues(sizeOf(shape), position + 1, range ?? [-2, 2]);
  });
  const expected = Float64Array.from(check.reference(values));
  const seed = randomValues(expected.length, 1000, [-1, 1]);
  const loss = (changed: Record<Name, Float64Array>) => dot(check.reference(changed), seed);

  using _scope = device.scope();
  const inputs = byName((name) => device.tensor(values[name], { shape: check.inputs[name].shape }));
  const variables = names.filter((name) => !check.inputs[name].constant);
  const wrt = variables.map((name) => inputs[name]);

  const y = check.op(inputs);
  if (check.shape && !sameShape(check.shape, y.shape)) {
    throw new AssertionError(
      `result has shape ${formatShape(y.shape)}, expected ${formatShape(check.shape)}: ${described}`,
    );
  }
  assertClose((await device.read([y]))[0]!, expected, tolerance, `result of ${described}`);
  if (wrt.length === 0) return;

  const seeds = [device.tensor(seed, { shape: y.shape })];
  const found = await device.read(gradients([y], wrt, { seeds }));
  for (const [position, name] of variables.entries()) {
    const along = (direction: ReadonlyMap<number, number>) => {
      const moved = (step: number) => {
        const shifted = values[name].slice();
        for (const [index, amount] of direction) shifted[index]! += step * amount;
        return loss({ ...values, [name]: shifted });
      };
      return (moved(STEP) - moved(-STEP)) / (2 * STEP);
    };
    const label = `gradient of ${name} with ${described}`;
    const gradient = found[position]!;
    const stride = Math.ceil(gradient.length / CHECKED_ELEMENTS);
    const checked = gradient.filter((_, index) => index % stride === 0);
    const differences = Array.from(checked, (_, index) => along(new Map([[index * stride, 1]])));
    assertClose(
      checked,
      differences,
      gradientTolerance,
      stride > 1 ? `${label}, every ${stride}th element` : label,
    );
    if (stride > 1) {
      const direction = randomValues(gradient.length, 2000, [-1, 1]);
      const scale = Math.sqrt(dot(gradient, gradient)) + 1;
      const wanted = {
        relative: 0,
        absolute: scale * (gradientTolerance.relative + gradientTolerance.absolute),
      };
      assertClose(
        [dot(gradient, direction)],
        [along(new Map(direction.entries()))],
        wanted,
        `${label}, a direction`,
      );
    }
  }

  using program = device.program({}, () => {
    const results = [check.op(inputs), check.op(inputs)];
    const into = wrt.map(({ shape }) => device.tensor(new Float32Array(sizeOf(shape)).fill(NaN), { shape }));
    return [results[0]!, ...gradients(results, wrt, { into, seeds: [seeds[0]!, seeds[0]!] })];
  });
  program.run();
  const [recorded, ...twice] = await device.read(program.outputs);
  assertClose(recorded!, expected, tolerance, `result of ${described}, recorded`);
  for (const [position, name] of variables.entries()) {
    const doubled = Array.from(found[position]!, (value) => 2 * value);
    assertClose(
      twice[position]!,
      doubled,
      gradientTolerance,
      `gradient of ${name} added twice, with ${described}`,
    );
  }
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
