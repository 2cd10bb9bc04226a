import { assertEquals } from "@std/assert";
import { History } from "../../../src/dcgan/numbers/history.ts";
import { panelsOf } from "../../../src/dcgan/plot/panels.ts";
import type { StepMetrics } from "../../../src/dcgan/run/events.ts";

/** The panels of a run of 40 steps, and the names of their curves. */
function panels(change: (step: number) => Partial<StepMetrics>): Record<string, string[]> {
  const numbers = { generatorLoss: 4, discriminatorLossReal: 2, discriminatorLossFake: 1 };
  const shares = { dReal: 0.9, dFake: 0.3, dFakeAfter: 0.1 };
  const steps = Array.from(
    { length: 40 },
    (_, i) => ({ step: i + 1, epoch: 0, ...numbers, ...shares, ...change(i + 1) }),
  );
  const all = panelsOf(History.of(steps), "hinge");
  return Object.fromEntries(all.map(({ title, curves }) => [title, curves.map(({ label }) => label)]));
}

Deno.test("panelsOf() has a curve for each gradient penalty, and their sum where steps have nothing else", () => {
  const curves = (change: (step: number) => Partial<StepMetrics>) => panels(change)["Gradient penalties"];
  const all = (step: number) => ({
    penalties: 3 * step,
    r1Penalty: step,
    r2Penalty: step,
    wganGpPenalty: step,
  });
  assertEquals(curves(() => ({})), undefined);
  assertEquals(curves(all), ["R1", "R2", "WGAN-GP"]);
  assertEquals(curves((step) => ({ penalties: step, r2Penalty: step })), ["R2"]);
  // Penalties in every few steps are no older ones
  assertEquals(curves((step) => step % 4 === 0 ? { penalties: step, r1Penalty: step } : {}), ["R1"]);
  assertEquals(curves((step) => ({ penalties: step })), ["Sum of penalties"]);
  assertEquals(curves((step) => step < 20 ? { penalties: 3 * step } : all(step)), [
    "R1",
    "R2",
    "WGAN-GP",
    "Sum of penalties",
  ]);
});

Deno.test("panelsOf() shows every value with a schedule, with its largest", () => {
  const changing = (step: number) => ({
    r1: 20 - step / 4,
    gradientPenalty: step / 4,
    instanceNoise: 0.1 - step / 400,
    learningRate: 2e-4,
  });
  assertEquals(panels(changing)["Schedules, as shares of the largest value"], [
    "R1 20",
    "WGAN-GP 10",
    "noise 0.098",
    "learning rate 0.0002",
  ]);
});
