import "../../../../src/host/on_native.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { StepMetrics } from "../../../../src/dcgan/run/events.ts";
import { Judge } from "../../../../src/dcgan/scores/judge/judge.ts";
import type { Judgment } from "../../../../src/dcgan/scores/judge/judgment.ts";
import type { FoundScores } from "../../../../src/dcgan/scores/run_scorer.ts";

const config = {
  steps: 5000,
  batch: 64,
  loss: "non-saturating",
  scoreBy: "swd",
  learningRate: 2e-4,
} as const;

function metrics(step: number, gap: number): StepMetrics {
  const losses = { generatorLoss: 1, discriminatorLossReal: 1, discriminatorLossFake: 1, dFakeAfter: 0 };
  return { step, epoch: 0, ...losses, dReal: gap, dFake: 0 };
}

function scored(step: number, { swd = 10, deviation = 1, nearest = 1, change = 20 } = {}): FoundScores {
  const score = (value: number) => ({ value, error: 0.01 });
  return {
    step,
    samples: 1000,
    pictures: 2000,
    scores: { swd: score(swd), deviation: score(deviation), nearest: score(nearest) },
    change,
  };
}

/** What is said of steps with these gaps between D(x) and D(G(z)), with the step. */
function saidOf(judge: Judge, steps: number, gap: (step: number) => number): [number, Judgment][] {
  const said: [number, Judgment][] = [];
  for (let step = 1; step <= steps; step++) {
    for (const judgment of judge.step(metrics(step, gap(step)))) said.push([step, judgment]);
  }
  return said;
}

Deno.test("a discriminator that wins for long is told once, with the best checkpoint and what to try", () => {
  const judge = new Judge(config);
  judge.score(scored(100));
  const said = saidOf(judge, 2000, () => 0.999);
  assertEquals(said.map(([step, { kind }]) => [step, kind]), [[501, "discriminator-wins"]]);
  assertStringIncludes(said[0]![1].message, "D(x) - D(G(z)) was 0.999 over 300 steps");
  assertStringIncludes(
    said[0]![1].message,
    "The best checkpoint, of step 100, is kept. Try --learning-rate 0.0001",
  );
});

Deno.test("a discriminator that wins at the start, or now and then, is healthy", () => {
  assertEquals(saidOf(new Judge(config), 3000, (step) => step < 400 ? 0.999 : 0.7), []);
  assertEquals(saidOf(new Judge(config), 3000, (step) => step % 100 < 90 ? 0.999 : 0.7), []);
});

Deno.test("the Wasserstein loss has no winner, as the logits of its critic have no bounds", () => {
  const judge = new Judge({ ...config, loss: "wasserstein" });
  assertEquals(saidOf(judge, 2000, () => 1), []);
  assertEquals(judge.score(scored(2001, { change: 0 })), []);
  for (const loss of ["least-squares", "hinge", "rpgan"] as const) {
    const said = saidOf(new Judge({ ...config, loss }), 2000, () => 0.999);
    assertEquals(said.map(([, { kind }]) => kind), ["discriminator-wins"], loss);
  }
});

Deno.test("with the minimax loss a winning discriminator means vanished gradients", () => {
  const said = saidOf(new Judge({ ...config, loss: "minimax" }), 2000, () => 0.999);
  assertEquals(said.map(([, { kind }]) => kind), ["vanished-gradients"]);
  assertStringIncludes(said[0]![1].message, "Use --loss non-saturating");
});

Deno.test("samples that stand still while the discriminator wins are told", () => {
  const judge = new Judge(config);
  saidOf(judge, 1000, () => 0.999);
  assertEquals(judge.score(scored(1000, { change: 30 })), []);
  assertEquals(judge.score(scored(1100, { change: 0.2 })).map(({ kind }) => kind), ["vanished-gradients"]);
  assertEquals(new Judge(config).score(scored(1100, { change: 0.2 })), []);
});

Deno.test("samples that collapse are told once, and samples that never varied after a while", () => {
  const judge = new Judge(config);
  assertEquals(judge.score(scored(400, { deviation: 0.1 })), []);
  assertEquals(judge.score(scored(1400, { deviation: 0.1 })), []);
  const [late] = judge.score(scored(1600, { deviation: 0.1 }));
  assertEquals(late?.kind, "samples-alike");
  assertStringIncludes(
    late!.message,
    "After 1600 steps the samples still vary only 10% as much as the data.",
  );
  assertEquals(judge.score(scored(1700, { deviation: 0.1 })), []);
  const other = new Judge(config);
  other.score(scored(600, { deviation: 0.8 }));
  const [collapsed] = other.score(scored(700, { deviation: 0.2 }));
  assertStringIncludes(collapsed!.message, "The generator has collapsed: the samples of step 700 vary 20%");
  // From a little to nothing: measured on 400 photos
  const few = new Judge(config);
  for (const [step, deviation] of [[300, 0.3], [400, 0.33], [500, 0.04]] as const) {
    assertEquals(few.score(scored(step, { deviation })), []);
  }
  assertEquals(few.score(scored(600, { deviation: 0.03 }))[0]?.kind, "samples-alike");
});

Deno.test("copies are told once", () => {
  const judge = new Judge(config);
  // A gray blur is near to every image, and no copy of one
  assertEquals(judge.score(scored(700, { nearest: 0.2, deviation: 0.4 })), []);
  const [copied] = judge.score(scored(800, { nearest: 0.2 }));
  assertEquals(copied?.kind, "memorized");
  assertStringIncludes(copied!.message, "20%");
  assertEquals(judge.score(scored(900, { nearest: 0.2 })), []);
});

Deno.test("the rate to try is half of the run's, or the paper's if that is far off", () => {
  const rate = (learningRate: number) => {
    const [, { message }] = saidOf(new Judge({ ...config, learningRate }), 600, () => 0.999)[0]!;
    return /--learning-rate ([\de.-]+)/.exec(message)![1];
  };
  assertEquals([2e-4, 1e-5, 1e-3, 1].map(rate), ["0.0001", "0.000005", "0.0002", "0.0002"]);
});

Deno.test("both rates are to be tried where a run has two", () => {
  const judge = new Judge({ ...config, dLearningRate: 1e-4 });
  const [, { message }] = saidOf(judge, 600, () => 0.999)[0]!;
  assertStringIncludes(message, "Try --learning-rate 0.0001 --d-learning-rate 0.00005, or");
});

Deno.test("no progress is told after eight scores without a better one, and counted for --stop-when-flat", () => {
  const judge = new Judge(config);
  const kinds = [9, 8, 8.5, 9, 8.1, 8.2, 9, 8, 8, 9, 8, 7].map((swd, i) => {
    const said = judge.score(scored(100 * (i + 1), { swd })).map(({ kind }) => kind);
    return [judge.flatFor, ...said];
  });
  assertEquals(kinds, [[0], [0], [1], [2], [3], [4], [5], [6], [7], [8, "no-progress"], [9], [0]]);
});

Deno.test("a resumed run takes over what was scored before", () => {
  const judge = new Judge(config);
  judge.recall([scored(100, { swd: 5 }), scored(200, { swd: 6 })]);
  assertEquals(judge.flatFor, 1);
  judge.score(scored(300, { swd: 5.5 }));
  assertEquals(judge.flatFor, 2);
});

Deno.test("too few steps or images are told before the first step", () => {
  const kinds = (steps: number, images: number) =>
    new Judge({ ...config, steps }).begin(images).map(({ kind }) => kind);
  assertEquals(kinds(5000, 60_000), []);
  assertEquals(kinds(100, 60_000), ["too-few-steps"]);
  assertEquals(kinds(5000, 300), ["too-few-pictures"]);
  // Few steps are enough for few images
  assertEquals(kinds(300, 1000), []);
  for (const { message } of new Judge({ ...config, steps: 100 }).begin(300)) assert(message.length < 200);
});
