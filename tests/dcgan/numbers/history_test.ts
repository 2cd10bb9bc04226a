import "../../../src/host/on_native.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { StepMetrics } from "../../../src/dcgan/run/events.ts";
import { plotHistory, plotMetrics } from "../../../src/dcgan/plot/plot.ts";
import { History } from "../../../src/dcgan/numbers/history.ts";

const NAMES = ["generatorLoss", "discriminatorLossReal", "discriminatorLossFake", "dReal", "dFake"] as const;

/** A step whose numbers differ from those of the others. */
function stepOf(step: number): StepMetrics {
  const wave = (place: number) =>
    0.5 + 0.4 * Math.sin(step / 900 + place) + 0.05 * Math.sin(step * 12.9898 + place);
  return {
    step,
    epoch: step / 100,
    generatorLoss: wave(1),
    discriminatorLossReal: wave(2),
    discriminatorLossFake: step % 500 === 0 ? NaN : wave(3),
    dReal: wave(4),
    dFake: wave(5),
    dFakeAfter: wave(6),
  };
}

function* stepsTo(last: number): Generator<StepMetrics> {
  for (let step = 1; step <= last; step++) yield stepOf(step);
}

Deno.test("History keeps up to 8192 steps as they are", () => {
  const history = History.of(stepsTo(8192));
  const { low, high, mean } = history.curve("generatorLoss");
  assertEquals([history.each, history.count, history.ends], [1, 8192, [1, 8192]]);
  assertEquals([low, high], [mean, mean]);
  assertEquals(mean[77], stepOf(78).generatorLoss);
  assertEquals(history.steps().slice(0, 3), Float64Array.of(1, 2, 3));
  assert(Number.isNaN(history.curve("discriminatorLossFake").mean[499]));
});

Deno.test("History has least, greatest and mean value of the steps that share a place, in bounded memory", () => {
  const last = 100_000;
  const history = History.of(stepsTo(last));
  assertEquals([history.each, history.count], [16, last]);
  assertEquals(history.steps().length, last / 16);
  for (const name of NAMES) {
    const { low, high, mean, weight } = history.curve(name);
    for (const place of [0, 31, 4999, last / 16 - 1]) {
      const values = Array.from({ length: 16 }, (_, i) => stepOf(place * 16 + i + 1)[name]);
      const finite = values.filter(Number.isFinite);
      assertEquals([low[place], high[place]], [Math.min(...finite), Math.max(...finite)]);
      assertAlmostEquals(mean[place]!, finite.reduce((sum, value) => sum + value) / finite.length, 1e-12);
      assertEquals(weight[place], finite.length);
    }
  }
});

Deno.test("History keeps numbers that only some steps have", () => {
  const history = History.of(
    [1, 2, 3].map((step) => ({ ...stepOf(step), ...(step === 2 ? { r1: 5, penalties: 0.5 } : {}) })),
  );
  assertEquals(history.curve("r1").mean, Float64Array.of(NaN, 5, NaN));
  assertEquals(history.curve("penalties").weight, Float64Array.of(0, 1, 0));
  assertEquals(history.curve("learningRate").weight, new Float64Array(3));
});

Deno.test("History is the same for a resumed run", () => {
  const straight = History.of(stepsTo(50_000));
  const again = new History();
  for (const step of stepsTo(20_000)) again.add(step);
  for (let step = 20_001; step <= 50_000; step++) again.add(stepOf(step));
  for (const name of NAMES) assertEquals(again.curve(name), straight.curve(name));
});

Deno.test("History keeps steps that are missing apart", () => {
  const history = new History();
  for (let step = 1; step <= 40_000; step++) if (step < 10_000 || step > 30_000) history.add(stepOf(step));
  const steps = history.steps();
  assertEquals(history.count, 19_999);
  assert(!steps.some((step) => step > 10_008 && step < 29_992), "no places where there are no steps");
});

Deno.test("plotHistory() shows a thinned history as it shows all of its steps", () => {
  const { data } = plotHistory(History.of(stepsTo(20_000)), { title: "" });
  // The same curves through fewer steps, each at the middle of those that it stands for
  const sparse = Array.from({ length: 5000 }, (_, i) => ({ ...stepOf(4 * i + 2), step: 4 * i + 2 }));
  const expected = plotMetrics(sparse, { title: "" }).data;
  let differing = 0;
  for (let i = 0; i < data.length; i += 3) {
    if (Math.abs(data[i]! - expected[i]!) > 60) differing++;
  }
  assert(differing / (data.length / 3) < 0.03, `${differing} pixels differ`);
});
