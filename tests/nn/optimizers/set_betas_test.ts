import { assertThrows } from "@std/assert";
import { Adam, AdamW } from "../../../src/nn/mod.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

const LENGTH = 9;
const RATE = 0.01;
const EPS = 1e-8;

gpuTest(
  "setBetas() of Adam and AdamW holds from the next step on, with corrections for all betas so far",
  async (device) => {
    const start = randomValues(LENGTH, 1, [-1, 1]);
    for (const Kind of [Adam, AdamW]) {
      const values = device.tensor(start);
      const gradients = device.state([LENGTH]);
      using adam = new Kind({ values, gradients }, { learningRate: RATE, betas: [0.5, 0.9], weightDecay: 0 });
      using program = device.program({}, () => adam.step());
      const expected = Float64Array.from(start);
      const [averages, squares] = [new Float64Array(LENGTH), new Float64Array(LENGTH)];
      let [left1, left2] = [1, 1];
      for (let step = 0; step < 12; step++) {
        const [beta1, beta2] = [0.5 - 0.03 * step, 0.9 + 0.008 * step] as const;
        if (step > 0) adam.setBetas([beta1, beta2]);
        const gradient = randomValues(LENGTH, 20 + step, [-1, 1]);
        gradients.set(gradient);
        program.run();
        left1 *= beta1;
        left2 *= beta2;
        for (let i = 0; i < LENGTH; i++) {
          averages[i] = beta1 * averages[i]! + (1 - beta1) * gradient[i]!;
          squares[i] = beta2 * squares[i]! + (1 - beta2) * gradient[i]! ** 2;
          expected[i]! -= RATE * averages[i]! / (1 - left1) / (Math.sqrt(squares[i]! / (1 - left2)) + EPS);
        }
      }
      assertClose(await values.data(), expected, { relative: 1e-5, absolute: 2e-7 }, Kind.name);
      assertThrows(
        () => adam.setBetas([0.5, 1]),
        RangeError,
        "'betas[1]' must be at least 0 and below 1, found 1",
      );
      assertThrows(() => adam.setBetas([NaN, 0.9]), RangeError, "betas[0]");
    }
  },
);
