import "../../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import { History } from "../../../src/dcgan/numbers/history.ts";
import { chartsOf } from "../../../src/dcgan/report/charts.ts";
import { scoresOf, stepOf } from "./run_folders.ts";

const config = { loss: "non-saturating", scoreBy: "swd", clip: 0 } as const;

function stepsTo(last: number, change: (step: number) => object = () => ({})): History {
  return History.of(Array.from({ length: last }, (_, i) => ({ ...stepOf(i + 1), ...change(i + 1) })));
}

Deno.test("chartsOf() gives the panels of the plot as data", () => {
  const [losses, probabilities, ...others] = chartsOf(stepsTo(3), [], config);
  assertEquals(others, []);
  assertEquals(losses!.title, "Losses");
  assertEquals(losses!.steps, [1, 2, 3]);
  assertEquals(losses!.curves.map(({ label }) => label), [
    "Discriminator, real",
    "Discriminator, fake",
    "Generator",
  ]);
  assertEquals(
    losses!.curves[2]!.values,
    [1, 2, 3].map((step) => Number((2 + Math.sin(step)).toPrecision(4))),
  );
  assertEquals(losses!.curves[0]!.band, undefined);
  assertEquals(probabilities!.reference?.value, 0.5);
});

Deno.test("chartsOf() lets steps share a place in long runs, and keeps the least and the greatest", () => {
  for (const last of [1001, 10_000, 100_000]) {
    const spike = Math.floor(last / 2);
    const [losses] = chartsOf(
      stepsTo(last, (step) => step === spike ? { generatorLoss: 99 } : {}),
      [],
      config,
    );
    const { steps, curves, outside } = losses!;
    assert(steps.length <= 1000 && steps.length > 400, `${steps.length} places`);
    assert(steps[0]! >= 1 && steps.at(-1)! <= last, `${steps[0]} to ${steps.at(-1)}`);
    assert(steps.every((step, i) => i === 0 || step > steps[i - 1]!), "steps ascend");
    assert(Math.max(...curves[2]!.band!.high.map(Number)) === 99);
    assertEquals(outside, 99);
  }
});

Deno.test("chartsOf() leaves gaps for values that are not finite, and counts them", () => {
  const isBad = (step: number) => step === 2 || step === 3;
  const charts = chartsOf(
    stepsTo(4, (step) => isBad(step) ? { generatorLoss: NaN, dReal: Infinity } : { penalties: step }),
    [],
    config,
  );
  const [losses, probabilities, penalties] = charts;
  assertEquals(losses!.curves[2]!.values.map((value) => value === null), [false, true, true, false]);
  assertEquals([losses!.gaps, probabilities!.gaps], [2, 2]);
  // Not every step has penalties
  assertEquals(penalties!.gaps, undefined);
});

Deno.test("chartsOf() shows the norms of gradients on a logarithmic axis, with what they are clipped to", () => {
  const norms = (step: number) => ({
    discriminatorGradientNorm: 10 ** -step,
    generatorGradientNorm: step === 3 ? 0 : 10 ** step,
  });
  const charts = chartsOf(stepsTo(4, norms), [], { ...config, clip: 5 });
  assertEquals(charts.map(({ title }) => title), ["Losses", "Probability of being real", "Gradient norms"]);
  const { log, curves, range, reference, outside } = charts[2]!;
  assertEquals(log, true);
  assertEquals(curves.map(({ label, values }) => [label, ...values]), [
    ["Discriminator", 0.1, 0.01, 0.001, 0.0001],
    ["Generator", 10, 100, 0, 10_000],
  ]);
  assert(range[0] > 1e-5 && range[0] < 1e-4 && range[1] > 1e4 && range[1] < 1e5, `${range}`);
  assertEquals([reference?.value, outside], [5, 0]);
  assertEquals(chartsOf(stepsTo(4, norms), [], config)[2]!.reference, undefined);

  const all = (norm: number) => chartsOf(stepsTo(2, () => ({ generatorGradientNorm: norm })), [], config)[2]!;
  assertEquals([all(0).outside, ...all(0).range.map((end) => end > 0)], [0, true, true]);
  assert(all(7).range[0] < 7 && all(7).range[1] > 7);
  // So few are so small that they would press the others flat
  const falling = chartsOf(stepsTo(12, (step) => ({ generatorGradientNorm: 10 ** -step })), [], config)[2]!;
  assertEquals([falling.outside, falling.range[0] > 1e-10], [1e-12, true]);
});

Deno.test("chartsOf() shows scores from the second on", () => {
  const titles = (count: number) =>
    chartsOf(stepsTo(9), [1, 2, 3].slice(0, count).map((step) => scoresOf(step, 100 / step)), config)
      .slice(2).map(({ title }) => title);
  assertEquals(titles(1), []);
  assertEquals(titles(3), [
    "Score of the samples (low is good)",
    "Patch gap (0 is perfect)",
    "Variety and copies (near 1 is good)",
  ]);
});
