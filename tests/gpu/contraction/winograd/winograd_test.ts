import { assert, assertEquals } from "@std/assert";
import { VariantScope } from "../../../../src/gpu/contraction/variants/variant_scope.ts";
import {
  conv2d,
  type Conv2dOptions,
  convTranspose2d,
  type Device,
  type Tensor,
} from "../../../../src/gpu/mod.ts";
import { gradients } from "../../../../src/gpu/autograd/gradients.ts";
import { assertClose } from "../../../support/close.ts";
import { f16Test, gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

/** Images, height, width and channels of the input, and channels of the output. */
const SHAPES = [
  [2, 8, 8, 4, 8],
  [1, 2, 2, 4, 4],
  // Tiles reach past the end, downwards and across
  [3, 14, 10, 8, 12],
  [1, 28, 20, 4, 4],
  // Weights in blocks
  [2, 16, 8, 12, 64],
  [3, 8, 8, 4, 128],
] as const;

const OPTIONS = { stride: 2, padding: 1, activation: { type: "leaky_relu", slope: 0.2 } } as const;

const OWN_KERNEL = "wide rows 8 vectors 1 lanes 16 groups 1 splits 1";

type Ops = Readonly<Record<string, (x: Tensor, weight: Tensor, options: Conv2dOptions) => Tensor>>;
const OPS: Ops = { conv2d, convTranspose2d };

/** Variants of convolutions alone: products of pairs of matrices take defaults. */
function tableOf(variant: string) {
  return {
    get: (_: string, { direction }: { direction?: string }) => direction === undefined ? undefined : variant,
  };
}

function tensor(
  device: Device,
  shape: readonly number[],
  seed: number,
  dtype: "f32" | "f16" = "f32",
): Tensor {
  const values = randomValues(shape.reduce((a, b) => a * b), seed, [-1, 1]);
  return device.tensor(values, { shape: [...shape], dtype });
}

/** Inputs of an operation for one of the shapes. */
function inputsOf(
  device: Device,
  name: string,
  shape: readonly number[],
  dtype: "f32" | "f16" = "f32",
): Tensor[] {
  const [images, height, width, inputs, outputs] = shape as [number, number, number, number, number];
  const small = [images, height / 2, width / 2, outputs];
  return [
    tensor(device, name === "conv2d" ? [images, height, width, inputs] : small, 1, dtype),
    tensor(device, [4, 4, inputs, outputs], 2, dtype),
    tensor(device, [name === "conv2d" ? outputs : inputs], 3),
  ];
}

/** The result of an operation done twice, and its gradients, the second added to the first. */
function results(
  device: Device,
  op: Ops[string],
  inputs: readonly Tensor[],
  into?: readonly Tensor[],
): Tensor[] {
  const [x, weight, bias] = inputs as [Tensor, Tensor, Tensor];
  const outputs = [op(x, weight, { ...OPTIONS, bias }), op(x, weight, { ...OPTIONS, bias })];
  const seeds = outputs.map(({ shape, dtype }, at) => tensor(device, shape, 4 + at, dtype as "f32" | "f16"));
  return [outputs[0]!, ...gradients(outputs, inputs, { seeds, ...(into ? { into } : {}) })];
}

for (const side of [2, 4]) {
  const variant = `winograd side ${side} splits 1`;
  for (const [name, op] of Object.entries(OPS)) {
    gpuTest(`${name}() by ${variant} is the same as by its own kernels`, async (device) => {
      for (const shape of SHAPES) {
        using _scope = device.scope();
        const inputs = inputsOf(device, name, shape);
        const run = (table: string) => {
          using variants = new VariantScope(device, tableOf(table));
          const into = inputs.map(({ shape }) => device.empty(shape));
          const found = results(device, op, inputs, into);
          return { found, taken: [...variants.taken.values()].map((one) => one.variant.schedule.shape) };
        };
        const expected = run(OWN_KERNEL);
        assert(!expected.taken.includes("winograd"));
        const { found, taken } = run(variant);
        assertEquals(taken.filter((one) => one === "winograd").length >= 3, true, `${taken}`);
        const wanted = await device.read(expected.found);
        const values = await device.read(found);
        using program = device.program({}, () => run(variant).found);
        program.run();
        const recorded = await device.read(program.outputs);
        for (const [at, one] of values.entries()) {
          const what = `result ${at} of ${shape.join("x")}`;
          const scale = Math.max(1, ...wanted[at]!.map(Math.abs));
          assertClose(one, wanted[at]!, { relative: 1e-5, absolute: 4e-6 * scale }, what);
          assertEquals(recorded[at], one, `${what}, in a program`);
        }
      }
    });
  }

  f16Test(`conv2d() of 16 bits by ${variant} sums up in 32 bits`, async (device) => {
    const inputs = inputsOf(device, "conv2d", [2, 16, 8, 12, 64], "f16");
    const run = async (table: string) => {
      using _variants = new VariantScope(device, tableOf(table));
      // Activations would turn differences of signs into larger ones of gradients
      const plain: Ops[string] = (x, weight, { bias }) => conv2d(x, weight, { stride: 2, padding: 1, bias });
      return await device.read(results(device, plain, inputs));
    };
    const [expected, found] = [await run(OWN_KERNEL), await run(variant)];
    for (const [at, values] of found.entries()) {
      const scale = Math.max(1, ...expected[at]!.map(Math.abs));
      const tolerance = { relative: 2 ** -9, absolute: 2 ** -11 * scale };
      assertClose(values, expected[at]!, tolerance, `result ${at}`);
    }
  });

  gpuTest(`a program transforms each operand once by ${variant}`, async (device) => {
    using _variants = new VariantScope(device, tableOf(variant));
    const [x, weight] = inputsOf(device, "conv2d", [2, 8, 8, 8, 64]) as [Tensor, Tensor];
    using program = device.program({}, () => {
      const y = conv2d(x, weight, { stride: 2, padding: 1 });
      return gradients([y], [x, weight]);
    });
    const labels = program.launches.map(({ launch }) => launch.kernel.label)
      .filter((label) => label.startsWith("winograd"));
    assertEquals(labels.sort(), [
      `winograd ${side} input`,
      `winograd ${side} input gradient`,
      `winograd ${side} output`,
      `winograd ${side} output gradient`,
      `winograd ${side} weight`,
      `winograd ${side} weight gradient`,
    ]);
    program.run();
    await device.settled();
  });

  gpuTest(`gradients by ${variant} are right for each of two seeds`, async (device) => {
    const [x, weight] = inputsOf(device, "conv2d", [2, 8, 8, 8, 8]) as [Tensor, Tensor];
    const both = (table: string) => {
      using _variants = new VariantScope(device, tableOf(table));
      return device.program({}, () => {
        const y = conv2d(x, weight, { stride: 2, padding: 1 });
        return [1, 2].flatMap((seed) =>
          gradients([y], [x, weight], { seeds: [tensor(device, y.shape, seed)] })
        );
      });
    };
    using expected = both(OWN_KERNEL);
    using found = both(variant);
    for (const program of [expected, found]) program.run();
    const wanted = await device.read(expected.outputs);
    for (const [at, values] of (await device.read(found.outputs)).entries()) {
      assertClose(values, wanted[at]!, { relative: 1e-5, absolute: 1e-4 }, `gradient ${at}`);
    }
  });
}
