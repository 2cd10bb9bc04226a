import { ExamplesOnGpu } from "../../../../src/dcgan/experiments/svm/products.ts";
import { assertEquals } from "@std/assert";
import { assertClose } from "../../../support/close.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

gpuTest("ExamplesOnGpu multiplies from either side, over chunks of any length", async (device) => {
  const [rows, dimensions, columns] = [300, 37, 11];
  const x = randomValues(rows * dimensions, 1, [-1, 1]);
  const weights = randomValues(columns * dimensions, 2, [-1, 1]);
  const factors = randomValues(columns * rows, 3, [-1, 1]);
  const chunks = [[0, 1], [1, 257], [257, 300]].map(([from, to]) =>
    device.tensor(x.subarray(from! * dimensions, to! * dimensions), { shape: [to! - from!, dimensions] })
  );
  using examples = new ExamplesOnGpu(chunks);
  assertEquals([examples.rows, examples.dimensions], [rows, dimensions]);
  const scores = new Float64Array(rows * columns);
  const sums = new Float64Array(columns * dimensions);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      for (let j = 0; j < dimensions; j++) {
        scores[i * columns + k]! += x[i * dimensions + j]! * weights[k * dimensions + j]!;
        sums[k * dimensions + j]! += factors[k * rows + i]! * x[i * dimensions + j]!;
      }
    }
  }
  const near = { relative: 1e-4, absolute: 1e-4 };
  assertClose(await examples.times(weights, columns), scores, near, "X Wᵀ");
  assertClose(await examples.combine(factors, columns), sums, near, "Gᵀ X");
});
