import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
} from "@std/assert";
import { type LinearModel, trainLinearSvm } from "../../../../src/dcgan/experiments/svm/linear_svm.ts";
import { ExamplesOnGpu } from "../../../../src/dcgan/experiments/svm/products.ts";
import type { Device } from "../../../../src/gpu/mod.ts";
import { assertClose } from "../../../support/close.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

const [ROWS, DIMENSIONS, CLASSES] = [60, 5, 3];

/** A small problem that no plane solves, in chunks of different lengths. */
function problem(device: Device): { examples: ExamplesOnGpu; x: Float64Array; labels: number[] } {
  const x = randomValues(ROWS * DIMENSIONS, 1, [-1, 2]);
  const noise = randomValues(ROWS, 2, [-1, 1]);
  const labels = Array.from({ length: ROWS }, (_, i) => {
    const at = (j: number) => x[i * DIMENSIONS + j]!;
    if (at(0) - at(1) + 0.5 * noise[i]! > 0.5) return 0;
    return at(2) + 0.3 * noise[i]! > 0.5 ? 1 : 2;
  });
  const chunk = (from: number, to: number) =>
    device.tensor(x.subarray(from * DIMENSIONS, to * DIMENSIONS), { shape: [to - from, DIMENSIONS] });
  return { examples: new ExamplesOnGpu([chunk(0, 25), chunk(25, 59), chunk(59, 60)]), x, labels };
}

/** The objective of one class in float64, as the documentation writes it. */
function objective(model: LinearModel, k: number, x: Float64Array, labels: readonly number[]): number {
  const w = model.weights.subarray(k * DIMENSIONS, (k + 1) * DIMENSIONS);
  const b = model.biases[k]!;
  let value = b * b / 2;
  for (const weight of w) value += weight * weight / 2;
  for (const [i, label] of labels.entries()) {
    let score = b;
    for (let j = 0; j < DIMENSIONS; j++) score += w[j]! * x[i * DIMENSIONS + j]!;
    value += model.c * Math.max(0, 1 - (label === k ? score : -score)) ** 2;
  }
  return value;
}

// LinearSVC(C=c, tol=1e-10, dual=False) of scikit-learn 1.2.1 on the same numbers
const SCIKIT_LEARN = [
  {
    c: 0.05,
    weights: [
      ...[0.468576, -0.6769372, 0.121613, -0.152341, 0.0333314],
      ...[-0.2851682, 0.3609607, 0.4494919, 0.0566407, -0.0975686],
      ...[-0.2930372, 0.2240234, -0.6956814, -0.0495506, -0.0345434],
    ],
    biases: [-0.1947932, -0.5024702, -0.0821236],
  },
  {
    c: 2,
    weights: [
      ...[1.982302, -2.358319, 0.1130119, -0.3703033, -0.0089008],
      ...[-0.4450448, 0.7546002, 0.8182492, 0.2397615, -0.057732],
      ...[-0.5848987, 0.4877118, -1.4243731, -0.0606948, -0.1618435],
    ],
    biases: [-0.5711951, -1.1297104, -0.2429816],
  },
];

gpuTest("trainLinearSvm() finds the weights that scikit-learn's LinearSVC finds", async (device) => {
  const { examples, labels } = problem(device);
  for (const { c, weights, biases } of SCIKIT_LEARN) {
    const model = await trainLinearSvm(examples, labels, { classes: CLASSES, c, tolerance: 1e-6 });
    assert(model.converged);
    assertClose(model.weights, weights, { relative: 1e-4, absolute: 1e-5 }, `weights with C ${c}`);
    assertClose(model.biases, biases, { relative: 1e-4, absolute: 1e-5 }, `biases with C ${c}`);
  }
});

gpuTest("trainLinearSvm() ends where no step lowers the objective", async (device) => {
  const { examples, labels, x } = problem(device);
  const model = await trainLinearSvm(examples, labels, { classes: CLASSES, c: 0.3 });
  for (let k = 0; k < CLASSES; k++) {
    const least = objective(model, k, x, labels);
    for (const size of [1e-3, -1e-3, 0.1, -0.1]) {
      for (let j = 0; j <= DIMENSIONS; j++) {
        const weights = model.weights.slice();
        const biases = model.biases.slice();
        if (j < DIMENSIONS) weights[k * DIMENSIONS + j]! += size;
        else biases[k]! += size;
        assertGreater(objective({ ...model, weights, biases }, k, x, labels), least);
      }
    }
  }
});

gpuTest("trainLinearSvm() gives the closed form of two points", async (device) => {
  // w^2 / 2 + 2 C (1 - w)^2 is least at w = 4 C / (1 + 4 C), and the bias is 0 by symmetry
  const examples = new ExamplesOnGpu([device.tensor([[1], [-1]])]);
  for (const c of [0.01, 1, 100]) {
    const { weights, biases } = await trainLinearSvm(examples, [0, 1], { classes: 2, c, tolerance: 1e-7 });
    const w = 4 * c / (1 + 4 * c);
    assertClose(weights, [w, -w], { relative: 1e-5, absolute: 0 }, `weights with C ${c}`);
    for (const bias of biases) assertAlmostEquals(bias, 0, 1e-6);
  }
});

gpuTest(
  "trainLinearSvm() ends at the same weights from another start, and sooner from near ones",
  async (device) => {
    const { examples, labels } = problem(device);
    const options = { classes: CLASSES, tolerance: 1e-6 };
    const cold = await trainLinearSvm(examples, labels, { ...options, c: 1 });
    const start = await trainLinearSvm(examples, labels, { ...options, c: 0.9 });
    const warm = await trainLinearSvm(examples, labels, { ...options, c: 1, start });
    assertClose(warm.weights, cold.weights, { relative: 1e-4, absolute: 1e-5 }, "weights");
    assertLess(warm.iterations, cold.iterations);
  },
);

gpuTest(
  "trainLinearSvm() says if it did not reach its tolerance, and stops when it is told to",
  async (device) => {
    const { examples, labels } = problem(device);
    const options = { classes: CLASSES, c: 1, tolerance: 1e-6 };
    const early = await trainLinearSvm(examples, labels, { ...options, most: 2 });
    assertEquals([early.converged, early.iterations], [false, 2]);
    const signal = AbortSignal.abort(new Error("enough"));
    await assertRejects(() => trainLinearSvm(examples, labels, { ...options, signal }), Error, "enough");
  },
);

gpuTest("trainLinearSvm() leaves the weights of a class without examples negative", async (device) => {
  const { examples, labels } = problem(device);
  const { biases, converged } = await trainLinearSvm(examples, labels, { classes: 4, c: 1 });
  assert(converged);
  assertLess(biases[3]!, -0.5);
});
