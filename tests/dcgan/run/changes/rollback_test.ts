import { assert, assertEquals, assertInstanceOf, assertMatch, assertRejects } from "@std/assert";
import { writeCheckpoint } from "../../../../src/dcgan/checkpoints/checkpoint.ts";
import { NonFiniteError } from "../../../../src/dcgan/numbers/non_finite.ts";
import { parseConfig, resolveConfig } from "../../../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../../../src/dcgan/options/options.ts";
import { MOST_ROLLBACKS, rollBack, type Rollbacks } from "../../../../src/dcgan/run/changes/rollback.ts";
import { planRun, type RunPlan } from "../../../../src/dcgan/run/plan.ts";
import { RunScoring } from "../../../../src/dcgan/run/scoring.ts";
import { NonFiniteSamplesError } from "../../../../src/dcgan/sampling/generate.ts";
import { Judge } from "../../../../src/dcgan/scores/judge/judge.ts";
import { train } from "../../../../src/dcgan/train.ts";
import type { Device } from "../../../../src/gpu/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { namesIn, tiny, trainTiny, withFolder } from "../../tiny.ts";

/** Options with which weights grow until something overflows. */
const wild = { learningRate: 1, beta1: 0.999, beta2: 0.05, checkpointEvery: 5, sampleEvery: 7 } as const;

/** All that a run leaves behind, by name; of its config what does not depend on where it lies, nor on `onNan`. */
async function leftBy(out: string, folder = ""): Promise<Record<string, unknown>> {
  const left: Record<string, unknown> = {};
  for (const name of await namesIn(`${out}${folder}`)) {
    const path = `${folder}/${name}`;
    if ((await Deno.stat(`${out}${path}`)).isDirectory) Object.assign(left, await leftBy(out, path));
    else left[path] = await Deno.readFile(`${out}${path}`);
  }
  if (folder !== "") return left;
  const config = parseConfig(await Deno.readTextFile(`${out}/config.json`));
  return { ...left, "/config.json": { ...config, out: "", onNan: "" } };
}

/**
 * Trains, and resumes by hand with half the learning rate as long as numbers go bad: from the last checkpoint before
 * that, or if that was so the last time too, from the one before. Returns the rates.
 */
async function trainByHand(device: Device, options: TrainOptions & { out: string }): Promise<number[]> {
  const rates = [1];
  let last: number | undefined;
  let next: TrainOptions = { ...tiny, ...options };
  for (;;) {
    try {
      await Array.fromAsync(train(device, next));
      return rates;
    } catch (error) {
      if (!(error instanceof NonFiniteError) || rates.length > MOST_ROLLBACKS) throw error;
      rates.push(rates.at(-1)! / 2);
      const steps = (await namesIn(`${options.out}/checkpoints`)).map((name) => Number(name.slice(5)));
      const good = steps.filter((step) => step < error.step).toReversed();
      const step = good[0] === last ? good[1] ?? good[0]! : good[0]!;
      next = { resume: options.out, report: false, learningRate: rates.at(-1)!, step };
      last = step;
    }
  }
}

gpuTest("train() rolls back where a number becomes NaN, as one would by hand", async (device) => {
  await withFolder(async (folder) => {
    const [first, byHand, out] = [`${folder}/first`, `${folder}/by-hand`, `${folder}/run`];
    const bad = await assertRejects(
      () => trainTiny(device, { ...wild, steps: 200, out: first }),
      NonFiniteError,
    );
    const options = { ...wild, steps: bad.step };
    const rates = await trainByHand(device, { ...options, out: byHand });
    assert(rates.length > 1);

    const events = await trainTiny(device, { ...options, onNan: "rollback", out });
    const told = events.flatMap((event) => event.type === "warning" ? [event.message] : []);
    const step = Math.floor((bad.step - 1) / 5) * 5;
    assertEquals(told.length, rates.length - 1);
    assertEquals(
      told[0],
      `Rolled back to the checkpoint of step ${step} and halved the learning rate to 0.5, as at step ${bad.step} ` +
        `${bad.what} (rollback 1 of at most 5)`,
    );
    assertEquals(events.at(-1)?.type, "end");
    const left = await leftBy(out);
    assertEquals(left, await leftBy(byHand));
    assertEquals(Reflect.get(left["/config.json"] as object, "changes"), [
      { step, option: "learningRate", from: 1, to: rates.at(-1) },
    ]);
    // The steps after the checkpoint are there once
    const lines = (await Deno.readTextFile(`${out}/metrics.jsonl`)).trimEnd().split("\n");
    assertEquals(
      lines.map((line) => JSON.parse(line).step),
      Array.from({ length: bad.step }, (_, i) => i + 1),
    );
  });
});

gpuTest("train() stops as ever where it cannot roll back, and saves what it rolled back", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const options = { ...wild, steps: 200, onNan: "rollback", out } as const;
    const none = { ...options, checkpointEvery: 0, out: `${folder}/none` };
    const error = await assertRejects(() => trainTiny(device, none), NonFiniteError);
    assertMatch(error.message, /No checkpoint was written before that\. Start a new run with/);
    // A script that ends after a rollback keeps the steps since
    let isBack = false;
    for await (const event of train(device, { ...tiny, ...options })) {
      if (event.type === "warning") isBack = true;
      if (isBack && event.type === "metrics") break;
    }
    const [last] = (await namesIn(`${out}/checkpoints`)).toReversed();
    assert(Number(last!.slice(5)) % 5 > 0, last);
  });
});

/** Plans a run and calls `body` after a number of its steps, with a checkpoint after each. */
async function afterSteps(
  device: Device,
  options: TrainOptions,
  body: (run: RunPlan) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const planning = planRun(device, {
      ...tiny,
      steps: 9,
      onNan: "rollback",
      out: `${folder}/run`,
      ...options,
    });
    let planned = await planning.next();
    while (!planned.done) planned = await planning.next();
    await using run = planned.value;
    for (let step = 1; step <= 4; step++) {
      await run.trainer.next();
      await run.trainer.metrics();
      if (step > 1) await writeCheckpoint(run.folder.checkpoints, run.trainer, { run: run.config.run! });
    }
    await body(run);
  });
}

const NONE: Rollbacks = { count: 0, step: undefined };

const bad = (step: number) => new NonFiniteError({ kind: "loss", step, what: "the generator's loss is NaN" });

gpuTest(
  "rollBack() goes to the last checkpoint that is whole, then further back, five times",
  async (device) => {
    await afterSteps(device, {}, async (run) => {
      const { path } = run.folder;
      await Deno.writeTextFile(`${path}/checkpoints/step-000004/training.safetensors`, "damaged");
      let rollbacks = NONE;
      // There is nothing before step 2
      for (const step of [3, 2, 2, 2, 2]) {
        rollbacks = await rollBack(run, bad(5), rollbacks);
        const rate = 2e-4 / 2 ** rollbacks.count;
        assertEquals(rollbacks.step, step);
        assertEquals([run.trainer.steps, run.config.learningRate], [step, rate]);
        assertEquals(parseConfig(await Deno.readTextFile(`${path}/config.json`)), run.config);
        for (
          const { state } of [run.trainer.optimizers.generator, run.trainer.optimizers.discriminator].map(
            (optimizer) => ({ state: optimizer.state() }),
          )
        ) {
          assertEquals(await state.learning_rate!.data(), new Float32Array([rate]));
        }
      }
      assertEquals(run.config.changes, [{ step: 2, option: "learningRate", from: 2e-4, to: 2e-4 / 32 }]);
      assertEquals(run.warnings.filter((message) => message.startsWith("Rolled back")).length, 5);
      assertMatch(run.warnings[1]!, /step-000004.*\. Step 3 is used instead$/);
      assertEquals(await namesIn(`${path}/checkpoints`), ["step-000002"]);
      assertEquals(await namesIn(`${path}/set-aside-1`), ["step-000004"]);
      assertEquals(await namesIn(`${path}/set-aside-2`), ["step-000003"]);
      const last = bad(5);
      assertEquals(rollbacks.count, MOST_ROLLBACKS);
      assertEquals(await assertRejects(() => rollBack(run, last, rollbacks), NonFiniteError), last);
    });
  },
);

gpuTest("rollBack() takes no checkpoint whose samples are bad", async (device) => {
  await afterSteps(device, {}, async (run) => {
    await rollBack(run, new NonFiniteSamplesError(0), NONE);
    assertEquals(run.trainer.steps, 3);
    assertEquals(await namesIn(`${run.folder.path}/set-aside-1`), ["step-000004"]);
    assertEquals(
      run.warnings[0],
      "Rolled back to the checkpoint of step 3 and halved the learning rate to 0.0001, as at step 4 the generator " +
        "draws images with values that are NaN or infinite (rollback 1 of at most 5)",
    );
  });
});

gpuTest("rollBack() throws what it cannot undo, and changes nothing", async (device) => {
  await afterSteps(device, {}, async (run) => {
    const { config } = run;
    const refuses = async (thrown: unknown) => {
      const caught = await rollBack(run, thrown, NONE).then(() => "nothing", (error) => error);
      assertEquals([caught === thrown, run.config === config, run.trainer.steps, run.warnings], [
        true,
        true,
        4,
        [],
      ]);
    };
    await refuses(new RangeError("The disk fell out"));
    // Before the first checkpoint
    await refuses(bad(2));
    for (const step of [2, 3, 4]) {
      await Deno.remove(`${run.folder.checkpoints}/step-00000${step}/generator.safetensors`);
    }
    await refuses(bad(5));
  });
  await afterSteps(device, { onNan: "stop" }, async (run) => {
    const thrown = bad(5);
    assertInstanceOf(await rollBack(run, thrown, NONE).catch((error) => error), NonFiniteError);
    assertEquals(run.trainer.steps, 4);
  });
});

gpuTest("RunScoring forgets the scores of steps that are undone", async (device) => {
  const line = (step: number, value: number) =>
    `{"step":${step},"samples":9,"pictures":9,"scores":{"swd":{"value":${value},"error":null}}}\n`;
  await afterSteps(device, { scoreEvery: 1 }, async (run) => {
    await Deno.writeTextFile(`${run.folder.path}/scores.jsonl`, line(2, 9) + line(3, 8) + line(4, 7));
    using scoring = new RunScoring(run);
    await Array.fromAsync(scoring.begin());
    assertEquals([scoring.best, scoring.hasScored(4)], [4, true]);
    await rollBack(run, bad(4), NONE);
    scoring.goBack();
    assertEquals([scoring.best, scoring.hasScored(4), scoring.hasScored(3)], [3, false, true]);
    assertEquals(await Deno.readTextFile(`${run.folder.path}/scores.jsonl`), line(2, 9) + line(3, 8));
  });
});

Deno.test("Judge goes back to fewer scores, forgets later steps, and says nothing twice", () => {
  const config = resolveConfig({ steps: 9 });
  const judge = new Judge(config);
  const score = (step: number, value: number) => ({
    step,
    samples: 9,
    pictures: 9,
    change: undefined,
    scores: { swd: { value, error: NaN }, nearest: { value: 0.1, error: NaN } },
  });
  const kinds = (judgments: readonly { readonly kind: string }[]) => judgments.map(({ kind }) => kind);
  const won = (first: number, count: number) =>
    Array.from({ length: count }, (_, i) =>
      judge.step({
        step: first + i,
        epoch: 1,
        discriminatorLossReal: 0,
        discriminatorLossFake: 0,
        generatorLoss: 9,
        dReal: 1,
        dFake: 0,
        dFakeAfter: 0,
      })).flat();
  assertEquals(kinds(judge.score(score(1, 5))), ["memorized"]);
  for (const step of [2, 3, 4]) assertEquals(judge.score(score(step, 6)), []);
  assertEquals([judge.flatFor, won(2000, 200)], [3, []]);
  judge.goBack({ ...config, learningRate: 1e-4 }, [score(1, 5), score(2, 6)]);
  assertEquals([judge.flatFor, won(2000, 200)], [1, []]);
  assertEquals(kinds(won(2200, 100)), ["discriminator-wins"]);
  assertEquals([judge.score(score(3, 4)), judge.flatFor], [[], 0]);
});
