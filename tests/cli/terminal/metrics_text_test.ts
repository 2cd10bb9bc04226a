import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { metricsLine, metricsText } from "../../../src/cli/terminal/metrics_text.ts";
import type { MetricsEvent } from "../../../src/dcgan/run/events.ts";

const event: MetricsEvent = {
  type: "metrics",
  step: 340,
  epoch: 0.4,
  generatorLoss: 2.134,
  discriminatorLossReal: 0.3,
  discriminatorLossFake: 0.312,
  dReal: 0.812,
  dFake: 0.225,
  dFakeAfter: 0.101,
  imagesPerSecond: 412.3,
  secondsLeft: 92,
};

Deno.test("metricsText() tells step, time left, losses, speed and probabilities", () => {
  assertEquals(
    metricsText(event, 1000),
    "step 340/1000  1 min 32 s left  loss D 0.612 G 2.13  412 img/s  D(x) 0.812  D(G(z)) 0.225 / 0.101  epoch 0.400",
  );
});

Deno.test("metricsLine() has all of it in 79 columns, and more where there is room", () => {
  assertEquals(
    metricsLine(event, 1000, 79),
    "step  340/1000  D 0.61 G 2.13  D(x) 0.81 D(G(z)) 0.23   412 img/s  1:32 left",
  );
  const wide =
    "step  340/1000  loss D 0.612 G  2.13  D(x) 0.812  D(G(z)) 0.225 / 0.101   412 img/s  1:32 left";
  assertEquals(metricsLine(event, 1000, 119), `${wide}  epoch 0.400`);
  const further = {
    ...event,
    penalties: 1.5,
    r1Penalty: 0.1234,
    wganGpPenalty: 1.3766,
    learningRate: 1.23456e-4,
    augmentProbability: 0.25,
  };
  const all = `${wide}  epoch 0.400  R1 0.123  WGAN-GP 1.38  rate 0.00012  augment 0.250`;
  assertEquals(metricsLine(further, 1000, 200), all);
  assertEquals(metricsLine(further, 1000, wide.length + 25), `${wide}  epoch 0.400  R1 0.123`);
  // On narrow terminals what is wanted most is left, whole
  for (const columns of [60, 40, 30, 20, 10, 1]) {
    const line = metricsLine(event, 1000, columns);
    assert(line.length <= columns && "step  340/1000".startsWith(line.slice(0, 14)), line);
  }
  assertEquals(metricsLine(event, 1000, 45), "step  340/1000  D 0.61 G 2.13  1:32 left");
});

Deno.test("metricsLine() fits 79 columns with all parts, and keeps their places, whatever the numbers", () => {
  const values = [0, 0.0004, 0.612, 9.994, 9.996, 12.34, 99.96, 123.4, -0.25, -9.96, -31.2];
  for (const [steps, secondsLeft] of [[1, 1], [1000, 92], [10_000, 3599], [100_000, 36_000]] as const) {
    const places = new Set<string>();
    for (const loss of values) {
      for (const [step, probability] of [[1, 0], [Math.ceil(steps / 2), 0.5], [steps, 1]] as const) {
        const line = metricsLine(
          {
            ...event,
            step,
            generatorLoss: loss,
            discriminatorLossReal: loss,
            discriminatorLossFake: 0,
            dReal: probability,
            dFake: probability,
            imagesPerSecond: 1 + 8000 * probability,
            secondsLeft,
          },
          steps,
          79,
        );
        assert(line.length <= 79, line);
        for (const part of [`/${steps}`, "D ", "G ", "D(x) ", "D(G(z)) ", " img/s", " left"]) {
          assertStringIncludes(line, part);
        }
        places.add(["D(x)", "D(G(z))", "img/s", "left"].map((part) => line.indexOf(part)).join());
      }
    }
    assertEquals(places.size, 1, [...places].join(" | "));
  }
});

Deno.test("metricsLine() shows numbers that are none, and times that are not known", () => {
  const line = metricsLine({ ...event, generatorLoss: NaN, secondsLeft: Infinity }, 1000, 79);
  assertEquals(line, "step  340/1000  D 0.61 G  NaN  D(x) 0.81 D(G(z)) 0.23   412 img/s  ? left");
});
