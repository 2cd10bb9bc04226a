import "../../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import {
  isSteady,
  type RateConfig,
  rateFlags,
  ratesAt,
  rateWarnings,
} from "../../../src/dcgan/optimizers/learning_rates.ts";

const config: RateConfig = { learningRate: 0.5, schedule: "linear", warmup: 2, steps: 6 };

Deno.test("ratesAt() takes both learning rates through the schedule of a run", () => {
  const rates = (config: RateConfig) =>
    Array.from({ length: config.steps }, (_, step) => Object.values(ratesAt(step, config)));
  assertEquals(rates(config), [0.25, 0.5, 0.5, 0.375, 0.25, 0.125].map((rate) => [rate, rate]));
  assertEquals(
    rates({ ...config, dLearningRate: 1 }),
    [0.25, 0.5, 0.5, 0.375, 0.25, 0.125].map((rate) => [rate, 2 * rate]),
  );
});

Deno.test("ratesAt() takes rates with schedules of their own through that of the run, too", () => {
  const own = { from: 1, to: 0.5, steps: 2, shape: "linear" } as const;
  const rates = [0, 1, 2, 4].map((step) => ratesAt(step, { ...config, dLearningRate: own }).discriminator);
  assertEquals(rates, [0.5, 0.75, 0.5, 0.25]);
  assertEquals(rateFlags({ learningRate: own }, (rate) => rate / 10), "--learning-rate 0.1:0.05@2,linear");
});

Deno.test("isSteady() is true only if all steps have the same rates", () => {
  const learningRate = 0.1;
  assertEquals(isSteady({ learningRate, schedule: "constant", warmup: 0 }), true);
  assertEquals(isSteady({ learningRate, schedule: "constant", warmup: 1 }), false);
  assertEquals(isSteady({ learningRate, schedule: "cosine", warmup: 0 }), false);
  const changing = { from: 0.1, to: 0.2 };
  assertEquals(isSteady({ learningRate: changing, schedule: "constant", warmup: 0 }), false);
  assertEquals(isSteady({ learningRate, dLearningRate: changing, schedule: "constant", warmup: 0 }), false);
});

Deno.test("rateWarnings() tells how a rate jumps where a schedule spans other steps, and nothing else", () => {
  const longer = { ...config, steps: 12 };
  assertEquals(rateWarnings(config, longer, 6), [
    "The linear schedule now spans 12 steps instead of 6: the learning rate was 0.13 in step 6, and is 0.3 in step 7",
  ]);
  assertEquals(rateWarnings(config, config, 3), []);
  // A run that starts over
  assertEquals(rateWarnings(config, longer, 0), []);
  const constant = { ...config, schedule: "constant" } as const;
  assertEquals(rateWarnings(constant, { ...constant, steps: 12 }, 6), []);
  assertEquals(rateWarnings(config, { ...longer, schedule: "constant" }, 6), []);
});

Deno.test("rateFlags() sets all learning rates that a run has", () => {
  const half = (rate: number) => rate / 2;
  assertEquals(rateFlags({ learningRate: 2e-4 }, half), "--learning-rate 0.0001");
  assertEquals(
    rateFlags({ learningRate: 2e-4, dLearningRate: 3.33e-4 }, half),
    "--learning-rate 0.0001 --d-learning-rate 0.00017",
  );
});
