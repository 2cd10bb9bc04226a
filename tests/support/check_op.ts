import { AssertionError } from "@std/assert";
import type { Device, DType, Tensor } from "../../src/gpu/mod.ts";
import { formatShape, sameShape, type Shape, sizeOf } from "../../src/gpu/tensor/shape.ts";
import { gradients } from "../../src/gpu/autograd/gradients.ts";
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
  /** Inputs that may be f16: where the adapter has that, all is checked once more with these rounded to it. */
  halves?: readonly NoInfer<Name>[];
  /**
   * What gradients in f16 may be off besides. That of results is fixed: they are rounded once, by 2^-11 of themselves.
   * Gradients are further off where they are made of results or of other gradients that were rounded before.
   *
   * @default {{ relative: 2 ** -11, absolute: 0 }}
   */
  halfGradientTolerance?: Tolerance;
}

/** Elements of an input whose gradient is checked one by one; beyond them a random direction is checked. */
const CHECKED_ELEMENTS = 48;
/** Step of the central differences. Their error is the square of it, far below what 32 bits can show. */
const STEP = 1e-5;

/** Holds an operation to its reference in f32 and, where inputs may be f16, with these in f16. */
export async function checkOp<Name extends string>(device: Device, check: OpCheck<Name>): Promise<void> {
  await checkWith(device, check, []);
  const { halves } = check;
  if (!halves) return;
  if (device.capabilities.f16) await checkWith(device, check, halves);
  else if (!told) console.log(`f16 is left out: ${device.adapter.name} has no floats of 16 bits`);
  told = true;
}

/** Whether it was said that f16 is left out. */
let told = false;

/**
 * Holds an operation to its reference, some inputs in f16: the result, the gradient of every input that is not constant (by central
 * differences of the reference in 64 bits), and the same once more recorded in a program, where gradients of two
 * uses are added in tensors that hold NaN before.
 */
async function checkWith<Name extends string>(
  device: Device,
  check: OpCheck<Name>,
  halves: readonly Name[],
): Promise<void> {
  const names = Object.keys(check.inputs) as Name[];
  const dtypeOf = (name: Name): DType => (halves.includes(name) ? "f16" : "f32");
  const described = names.map((name) => `${name} ${dtypeOf(name)} ${formatShape(check.inputs[name].shape)}`)
    .join(", ");
  const rounding = { relative: halves.length === 0 ? 0 : 2 ** -11, absolute: 0 };
  const single = check.tolerance ?? { relative: 1e-4, absolute: 1e-5 };
  const tolerance = sumOf(single, rounding);
  const gradientTolerance = sumOf(
    check.gradientTolerance ?? single,
    halves.length === 0 ? rounding : check.halfGradientTolerance ?? rounding,
  );
  const byName = <T>(make: (name: Name, position: number) => T) =>
    Object.fromEntries(names.map((name, position) => [name, make(name, position)])) as Record<Name, T>;

  const values = byName((name, position) => {
    const { shape, values, range } = check.inputs[name];
    const exact = values
      ? Float64Array.from(values)
      : randomValues(sizeOf(shape), position + 1, range ?? [-2, 2]);
    return dtypeOf(name) === "f16" ? exact.map(Math.f16round) : exact;
  });
  const expected = Float64Array.from(check.reference(values));
  const seed = randomValues(expected.length, 1000, [-1, 1]).map(
    halves.length === 0 ? (value) => value : Math.f16round,
  );
  const loss = (changed: Record<Name, Float64Array>) => dot(check.reference(changed), seed);

  using _scope = device.scope();
  const inputs = byName((name) =>
    device.tensor(values[name], { shape: check.inputs[name].shape, dtype: dtypeOf(name) })
  );
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

  const seeds = [device.tensor(seed, { shape: y.shape, dtype: y.dtype })];
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
    const checked = Array.from(gradient).filter((_, index) => index % stride === 0);
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
    const into = wrt.map(({ shape, dtype }) =>
      device.tensor(new Float32Array(sizeOf(shape)).fill(NaN), { shape, dtype })
    );
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

function sumOf(a: Tolerance, b: Tolerance): Tolerance {
  return { relative: a.relative + b.relative, absolute: a.absolute + b.absolute };
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
