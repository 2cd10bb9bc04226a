import { assert, assertEquals } from "@std/assert";
import { leakyRelu, relu, sigmoid, softplus, tanh, type Tensor } from "../../../../src/gpu/mod.ts";
import { gradients } from "../../../../src/gpu/autograd/gradients.ts";
import {
  leakyReluReference,
  reluReference,
  sigmoidReference,
  softplusReference,
  tanhReference,
} from "../../../oracles/activations.ts";
import { checkOp } from "../../../support/check_op.ts";
import { assertClose } from "../../../support/close.ts";
import { gpuTest } from "../../../support/gpu.ts";

interface Activation {
  name: string;
  op: (x: Tensor) => Tensor;
  reference: (x: Float64Array) => Float64Array;
}

const ACTIVATIONS: readonly Activation[] = [
  { name: "relu()", op: relu, reference: reluReference },
  { name: "leakyRelu()", op: (x) => leakyRelu(x, 0.2), reference: (x) => leakyReluReference(x, 0.2) },
  {
    name: "leakyRelu() with a negative slope",
    op: (x) => leakyRelu(x, -0.5),
    reference: (x) => leakyReluReference(x, -0.5),
  },
  { name: "tanh()", op: tanh, reference: tanhReference },
  { name: "sigmoid()", op: sigmoid, reference: sigmoidReference },
  { name: "softplus()", op: softplus, reference: softplusReference },
];
const SIZES = [1e-30, 1e-10, 1e-4, 0.01, 0.2499, 0.2501, 0.5, 1, 5, 17, 20.5, 90, 1e4, 1e30, 3e38];

for (const { name, op, reference } of ACTIVATIONS) {
  gpuTest(`${name} agrees with its reference, forward and gradient`, async (device) => {
    for (const shape of [[], [1], [3, 5, 7], [2, 4, 4, 8]]) {
      await checkOp(device, {
        inputs: { x: { shape, range: [-4, 4] } },
        halves: ["x"],
        // Half the last bit of a result near 1, times a gradient of up to 1, twice in 1 - y * y.
        halfGradientTolerance: { relative: 2 ** -11, absolute: 2 ** -11 },
        op: ({ x }) => op(x),
        reference: ({ x }) => reference(x),
      });
    }
  });

  gpuTest(`${name} keeps relative accuracy from tiny to huge arguments`, async (device) => {
    const values = Float64Array.from([0, ...SIZES, ...SIZES.map((size) => -size)], Math.fround);
    const x = device.tensor(values);
    const y = op(x);
    const [results, slopes] = await device.read([y, ...gradients([y], [x])]);
    assertClose(results!, reference(values), { relative: 2e-5, absolute: 1e-36 }, name);
    assert(slopes!.every((slope) => Number.isFinite(slope)));
  });

  gpuTest(`${name} lets NaN through`, async (device) => {
    const values = await op(device.tensor([NaN, 1, NaN, -1, NaN])).data();
    assertEquals(Array.from(values, Number.isNaN), [true, false, true, false, true]);
  });
}
