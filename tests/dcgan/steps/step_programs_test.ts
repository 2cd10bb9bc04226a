/** Gradient penalties in every few steps only. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { gpuTest } from "../../support/gpu.ts";
import { assertClose } from "../../support/close.ts";
import { bytesOf, makeTrainer, runSteps } from "../tiny.ts";

const penalized = { dNorm: "none", loss: "wasserstein", r1: 2, gradientPenalty: 10 } as const;

gpuTest(
  "penaltyEvery penalizes the first of so many steps, with so many times the weight",
  async (device) => {
    using lazy = makeTrainer(device, { ...penalized, penaltyEvery: 3 });
    using first = makeTrainer(device, { ...penalized, r1: 6, gradientPenalty: 30 });
    using plain = makeTrainer(device, { ...penalized, r1: 0, gradientPenalty: 0 });
    const { penalized: program, between } = lazy.programs;
    assertEquals(program.stats, first.program.stats);
    // A launch for the penalties that it has not
    assertEquals(between!.stats.launches, plain.program.stats.launches + 1);
    const bytes = first.programs.temporaryBytes + plain.programs.temporaryBytes;
    // Zeros in place of the penalties
    assertClose([lazy.programs.temporaryBytes], [bytes], { relative: 0, absolute: 1024 }, "bytes");
    const work = (first.programs.work + 2 * plain.programs.work) / 3;
    assertClose([lazy.programs.work], [work], { relative: 1e-12, absolute: 0 }, "work");
    assertEquals([program.stats.submits, between!.stats.submits], [1, 1]);
    runSteps(lazy, 1);
    runSteps(first, 1);
    assertEquals(await bytesOf(lazy), await bytesOf(first));

    runSteps(plain, 1);
    const before = await lazy.discriminator.values.data();
    assertNotEquals(before, await plain.discriminator.values.data());
    runSteps(lazy, 4);
    const numbers = await lazy.metrics();
    assertEquals(numbers.map((one) => "penalties" in one), [true, false, false, true, false]);
    const [whole] = await first.metrics();
    // Numbers are those of penalties in each step
    assertClose(
      [numbers[0]!.penalties!],
      [whole!.penalties! / 3],
      { relative: 1e-5, absolute: 0 },
      "penalties",
    );
  },
);

gpuTest(
  "penaltyEvery of 1 is one program, and a step between is the step without penalties",
  async (device) => {
    using usual = makeTrainer(device, penalized);
    assertEquals(usual.programs.between, undefined);
    for (let step = 0; step < 3; step++) assert(usual.programs.of(step) === usual.program);

    using lazy = makeTrainer(device, { ...penalized, penaltyEvery: 2 });
    using plain = makeTrainer(device, { ...penalized, r1: 0, gradientPenalty: 0 });
    const { programs } = lazy;
    assertEquals([0, 1, 2, 3].map((step) => programs.of(step) === programs.between), [
      false,
      true,
      false,
      true,
    ]);
    // Both go on from the second step with the same state
    for (const trainer of [lazy, plain]) {
      for (const [name, tensor] of trainer.state()) if (name === "counter") tensor.set([1]);
      trainer.continueFrom(1);
      runSteps(trainer, 1);
    }
    assertEquals(await bytesOf(lazy), await bytesOf(plain));
  },
);
