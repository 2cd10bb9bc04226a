import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  Device,
  mul,
  spectralNorm,
  type SpectralNormOptions,
  sum,
  type Tensor,
} from "../../../../src/gpu/mod.ts";
import { gradients } from "../../../../src/gpu/autograd/gradients.ts";
import { type Shape, sizeOf } from "../../../../src/gpu/tensor/shape.ts";
import { spectralNormReference } from "../../../oracles/spectral_norm.ts";
import { checkOp } from "../../../support/check_op.ts";
import { assertClose } from "../../../support/close.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

/** Weights of linear layers and of both kinds of convolution, with rows in fours and not, and a single row. */
const WEIGHTS: readonly (readonly [shape: Shape, axis: number])[] = [
  [[5, 7], 0],
  [[3, 8], 0],
  [[1, 9], 0],
  [[3, 3, 2, 8], 3],
  [[2, 2, 3, 5], 3],
  [[4, 4, 6, 1], 3],
  [[2, 3, 4, 5], 2],
  [[2, 2, 1, 3], 2],
  [[1, 1, 3, 4], 2],
  [[4, 3], 1],
];

function extentsOf(shape: Shape, axis: number): readonly [outer: number, rows: number, inner: number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
}

gpuTest("spectralNorm() divides by uᵀ M v, and takes gradients through it", async (device) => {
  for (const [shape, axis] of WEIGHTS) {
    const extents = extentsOf(shape, axis);
    const [outer, rows, inner] = extents;
    await checkOp(device, {
      inputs: {
        weight: { shape },
        // Of one sign, so that the norm is not near 0
        u: { shape: [rows], constant: true, range: [0.5, 1] },
        v: { shape: [outer * inner], constant: true, values: signsOf(shape, axis) },
      },
      op: ({ weight, u, v }) => spectralNorm(weight, { u, v, training: false, axis }).weight,
      reference: ({ weight, u, v }) => spectralNormReference(weight, { u, v }, extents).weight,
      shape,
    });
  }
});

/** A right vector along the columns' sums of the weight that is checked, whose values are the first random ones. */
function signsOf(shape: Shape, axis: number): Float64Array {
  const [outer, rows, inner] = extentsOf(shape, axis);
  const weight = randomValues(sizeOf(shape), 1, [-2, 2]);
  const u = new Float64Array(rows).fill(0.7);
  const v = new Float64Array(outer * inner);
  return spectralNormReference(weight, { u, v }, [outer, rows, inner], { iterations: 1 }).v;
}

/** A weight with vectors that are not near its singular ones. */
function inputsOf(device: Device, shape: Shape, axis: number): Record<"weight" | "u" | "v", Tensor> {
  const [outer, rows, inner] = extentsOf(shape, axis);
  const random = (shape: Shape, seed: number) =>
    device.tensor(randomValues(sizeOf(shape), seed, [-1, 1]), { shape });
  return { weight: random(shape, 1), u: random([rows], 2), v: random([outer * inner], 3) };
}

gpuTest(
  "spectralNorm() renews u and v in training, in either order, and keeps those of each call",
  async (device) => {
    for (const [shape, axis] of WEIGHTS.filter((_, i) => i % 2 === 1)) {
      for (const order of ["v_then_u", "u_then_v"] as const) {
        using _scope = device.scope();
        const { weight, u, v } = inputsOf(device, shape, axis);
        const given = { weight: await doubles(weight), u: await doubles(u), v: await doubles(v) };
        const options = { u, v, training: true, axis, order };
        const passes = [spectralNorm(weight, options), spectralNorm(weight, { ...options, iterations: 2 })];
        for (const [done, pass] of passes.entries()) {
          const iterations = [1, 3][done]!;
          const expected = spectralNormReference(given.weight, given, extentsOf(shape, axis), {
            iterations,
            order,
          });
          const what = `[${shape}] ${order} ${iterations}`;
          const close = { relative: 1e-5, absolute: 1e-6 };
          assertClose(await pass.weight.data(), expected.weight, close, what);
          assertClose(await pass.sigma.data(), [expected.sigma], close, `${what} sigma`);
          assertClose(await pass.u.data(), expected.u, close, `${what} u`);
          assertClose(await pass.v.data(), expected.v, close, `${what} v`);
          if (done === 1) {
            assertEquals([await u.data(), await v.data()], [
              await pass.u.data(),
              await pass.v.data(),
            ]);
          }
        }
        // Through both calls, whatever the vectors are by now
        const seeds = passes.map((_, i) =>
          device.tensor(randomValues(weight.size, 5 + i, [-1, 1]), { shape })
        );
        const [found] = gradients(passes.map((pass) => pass.weight), [weight], { seeds });
        const slope = new Float64Array(weight.size);
        for (const [i, pass] of passes.entries()) {
          const vectors = { u: await doubles(pass.u), v: await doubles(pass.v) };
          addSlope(slope, given.weight, vectors, extentsOf(shape, axis), await doubles(seeds[i]!));
        }
        assertClose(
          await found!.data(),
          slope,
          { relative: 1e-4, absolute: 1e-5 },
          `[${shape}] ${order} gradient`,
        );
      }
    }
  },
);

async function doubles(tensor: Tensor): Promise<Float64Array> {
  return Float64Array.from(await tensor.data());
}

/** Adds the gradient of `sum of seed * weight / sigma`, by central differences. */
function addSlope(
  slope: Float64Array,
  weight: Float64Array,
  vectors: { u: Float64Array; v: Float64Array },
  extents: readonly [number, number, number],
  seed: Float64Array,
): void {
  const step = 1e-5;
  for (let i = 0; i < weight.length; i++) {
    const at = (shift: number) => {
      const moved = weight.slice();
      moved[i]! += shift;
      return spectralNormReference(moved, vectors, extents).weight.reduce(
        (s, value, k) => s + value * seed[k]!,
        0,
      );
    };
    slope[i]! += (at(step) - at(-step)) / (2 * step);
  }
}

gpuTest("spectralNorm() of a large weight keeps its digits", async (device) => {
  // 8 million elements: a diagonal under small noise, as of the widest layer at 64x64 with 128 maps
  const [rows, columns] = [1024, 8192];
  const values = Float32Array.from(
    { length: rows * columns },
    (_, i) => ((Math.imul(i, 0x9e3779b1) >>> 8) / 2 ** 24 - 0.5) * 1e-3,
  );
  for (let k = 0; k < rows; k++) values[k * rows + k]! += 1 + k / rows;
  using _scope = device.scope();
  // Outputs last, as in a convolution
  const weight = device.tensor(values, { shape: [columns, rows] });
  const start = Float32Array.from({ length: rows }, (_, k) => (k === rows - 1 ? 1 : 0.1 / rows));
  const [u, v] = [device.tensor(start), device.tensor(new Float32Array(columns))];
  const pass = spectralNorm(weight, { u, v, training: true, axis: 1 });
  const reference = powerStep(values, start, columns);
  assertAlmostEquals(await pass.sigma.item(), reference.sigma, 1e-5);
  assertClose(await pass.u.data(), reference.u, { relative: 1e-5, absolute: 1e-7 }, "u");
  assertClose(await pass.v.data(), reference.v, { relative: 1e-5, absolute: 1e-7 }, "v");
});

/** One iteration for a matrix `[columns, rows]`, in double precision. */
function powerStep(weight: Float32Array, start: Float32Array, columns: number) {
  const rows = start.length;
  const unit = (vector: Float64Array) => {
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value ** 2, 0));
    return { vector: vector.map((value) => value / length), length };
  };
  const t = new Float64Array(columns);
  for (let c = 0; c < columns; c++) {
    for (let r = 0; r < rows; r++) t[c]! += weight[c * rows + r]! * start[r]!;
  }
  const v = unit(t).vector;
  const w = new Float64Array(rows);
  for (let c = 0; c < columns; c++) {
    for (let r = 0; r < rows; r++) w[r]! += weight[c * rows + r]! * v[c]!;
  }
  const { vector: u, length: sigma } = unit(w);
  return { u, v, sigma };
}

gpuTest("spectralNorm() is the same as threads of graphics cards compute it", async (device) => {
  const hardware = new Device(device.gpu, { ...device.adapter, software: false }, device.capabilities);
  // Sums in several parts, rows in fours and not, and vectors longer than a workgroup
  for (
    const [shape, axis] of [[[4, 4, 80, 12], 3], [[6, 700], 0], [[1, 2051], 0], [[2, 2, 5, 130], 2]] as const
  ) {
    const run = async (on: Device) => {
      using _scope = on.scope();
      const { weight, u, v } = inputsOf(on, shape, axis);
      const pass = spectralNorm(weight, { u, v, training: true, axis });
      const seeds = [on.tensor(randomValues(weight.size, 5, [-1, 1]), { shape })];
      const [gradient] = gradients([pass.weight], [weight], { seeds });
      return await on.read([pass.sigma, pass.u, pass.v, pass.weight, gradient!]);
    };
    const [found, expected] = [await run(hardware), await run(device)];
    for (const [i, values] of found.entries()) {
      assertClose(values, expected[i]!, { relative: 1e-5, absolute: 1e-6 }, `[${shape}] ${i}`);
    }
  }
});

gpuTest("spectralNorm() of zeros gives NaN, as PyTorch does", async (device) => {
  const [u, v] = [device.tensor([1, 0]), device.tensor([1, 0, 0])];
  const pass = spectralNorm(device.tensor(new Float32Array(6), { shape: [2, 3] }), { u, v, training: true });
  assertEquals(await pass.sigma.item(), 0);
  assert((await pass.weight.data()).every(Number.isNaN));
});

gpuTest("spectralNorm() can be recorded, and goes on from the last run", async (device) => {
  const shape = [3, 3, 2, 8];
  using weight = device.state(shape);
  const start = inputsOf(device, shape, 3);
  const [u, v] = [device.state([8]), device.state([18])];
  const set = async () => {
    weight.set(await start.weight.data());
    u.set(await start.u.data());
    v.set(await start.v.data());
  };
  const once = () => {
    const pass = spectralNorm(weight, { u, v, training: true, axis: 3 });
    const [gradient] = gradients([sum(mul(pass.weight, pass.weight))], [weight]);
    return { sigma: pass.sigma, gradient: gradient! };
  };
  await set();
  const eager: number[][] = [];
  for (let run = 0; run < 2; run++) {
    const { sigma, gradient } = once();
    eager.push([...await sigma.data(), ...await gradient.data()]);
  }
  await set();
  using program = device.program({}, once);
  for (const expected of eager) {
    program.run({});
    const { sigma, gradient } = program.outputs;
    assertEquals([...await sigma.data(), ...await gradient.data()], expected);
  }
  u.dispose();
  v.dispose();
});

gpuTest("spectralNorm() names what does not fit", (device) => {
  const weight = device.tensor(new Float32Array(6), { shape: [2, 3] });
  const [u, v] = [device.tensor([1, 0]), device.tensor([1, 0, 0])];
  const call = (options: Partial<SpectralNormOptions>) => () =>
    spectralNorm(weight, { u, v, training: true, ...options });
  assertThrows(call({ u: v }), RangeError, "of [2, 3]: 'u' must have shape [2], found [3]");
  assertThrows(call({ axis: 1 }), RangeError, "'u' must have shape [3], found [2]");
  assertThrows(call({ axis: 2 }), RangeError, "'axis' must be one of its 2 axes, counted from 0, found 2");
  assertThrows(
    call({ iterations: 0 }),
    RangeError,
    "'iterations' must be a whole number of at least 1, found 0",
  );
  assertThrows(call({ eps: 0 }), RangeError, "'eps' must be above 0 and finite, found 0");
  assertThrows(
    call({ u: device.tensor([1, 0], { dtype: "u32" }) }),
    TypeError,
    "'u' must be of f32, found u32",
  );
  assertThrows(call({ dim: 0 } as never), TypeError, "spectralNorm() has no option 'dim'");
});
