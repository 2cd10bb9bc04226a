import { cp as copy } from "node:fs/promises";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { checkpointsIn } from "../../../src/dcgan/checkpoints/checkpoint_files.ts";
import { evaluate } from "../../../src/dcgan/evaluate.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import type { EndEvent, ScoreEvent, TrainEvent } from "../../../src/dcgan/run/events.ts";
import { sample } from "../../../src/dcgan/sample.ts";
import { bestOf, readScores } from "../../../src/dcgan/scores/scores_file.ts";
import { train } from "../../../src/dcgan/train.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { tiny, withFolder } from "../tiny.ts";

const options = { ...tiny, dataOptions: { length: 100 }, logEvery: 0 } as const;

function scoresOf(events: readonly TrainEvent[]): ScoreEvent[] {
  return events.filter((event) => event.type === "score");
}

function endOf(events: readonly TrainEvent[]): EndEvent {
  return events.at(-1) as EndEvent;
}

gpuTest(
  "train() scores every few steps, keeps the best checkpoint, and says how good it is",
  async (device) => {
    await withFolder(async (folder) => {
      const out = `${folder}/run`;
      const events = await Array.fromAsync(
        train(device, { ...options, steps: 5, scoreEvery: 2, checkpointEvery: 1, keep: 2, out }),
      );
      const scored = scoresOf(events);
      assertEquals(scored.map(({ step }) => step), [2, 4, 5]);
      assertEquals(
        await readScores(`${out}/scores.jsonl`),
        scored.map(({ type: _, by: __, isBest: ___, ...rest }) => rest),
      );
      const best = bestOf(scored, "swd")!.step;
      assertEquals(scored.findLast(({ isBest }) => isBest)!.step, best);
      const { verdict, best: told } = endOf(events);
      assertEquals(told, best);
      assert(["noise", "alike"].includes(verdict!.grade), verdict!.sentence);
      const steps = (await checkpointsIn(`${out}/checkpoints`)).map(({ step }) => step);
      assertEquals(steps, [...new Set([5, 4, best].toSorted((a, b) => b - a))]);
      const drawn = async (from: "best" | "last" | number) => {
        await sample(device, out, { count: 4, out: `${folder}/a.npy`, format: "npy", from });
        return await Deno.readFile(`${folder}/a.npy`);
      };
      assertEquals(await drawn("best"), await drawn(best));
      assertEquals(await drawn("last"), await drawn(5));
      assertEquals((await evaluate(device, out, { from: "best", count: 50, features: false })).step, best);
    });
  },
);

gpuTest("a resumed run has the scores of one that never ended", async (device) => {
  await withFolder(async (folder) => {
    const often = { ...options, scoreEvery: 2, checkpointEvery: 3 } as const;
    await Array.fromAsync(train(device, { ...often, steps: 4, out: `${folder}/whole` }));
    await copy(`${folder}/whole`, `${folder}/parts`, { recursive: true });
    // As if it had been killed after step 3, whose checkpoint is there
    await Deno.remove(`${folder}/parts/checkpoints/step-000004`, { recursive: true });
    const events = await Array.fromAsync(train(device, { resume: `${folder}/parts`, steps: 4 }));
    assertEquals(scoresOf(events).map(({ step }) => step), [4]);
    const [whole, parts] = await Promise.all(
      ["whole", "parts"].map((name) => Deno.readTextFile(`${folder}/${name}/scores.jsonl`)),
    );
    assertEquals(parts, whole);
  });
});

gpuTest("stopWhenFlat ends a run whose scores no longer improve", async (device) => {
  await withFolder(async (folder) => {
    const flat = { ...options, scoreEvery: 1, stopWhenFlat: 2, learningRate: 1e-9 } as const;
    const events = await Array.fromAsync(train(device, { ...flat, steps: 400, out: `${folder}/run` }));
    const end = endOf(events);
    assertEquals([end.flat, end.interrupted], [true, false]);
    assert(end.step < 400 && end.step >= 3, `${end.step}`);
    const [a, b, c] = scoresOf(events).slice(-3).map(({ scores }) => scores.swd!.value);
    assert(b! >= a! && c! >= a!);
  });
});

gpuTest("what cannot be scored is said, and training goes on", async (device) => {
  await withFolder(async (folder) => {
    const few = { ...options, steps: 2, scoreEvery: 1 } as const;
    const events = await Array.fromAsync(
      train(device, { ...few, dataOptions: { length: 10 }, out: `${folder}/few` }),
    );
    const messages = events.flatMap((event) => event.type === "warning" ? [event.message] : []);
    assertEquals(messages, ["There are no scores, as the dataset has only 10 images"]);
    assertEquals([endOf(events).step, endOf(events).verdict], [2, undefined]);
    for (const from of ["best", 7] as const) {
      const { issues } = await assertRejects(
        () => evaluate(device, `${folder}/few`, { from }),
        ConfigError,
      );
      assertEquals(issues[0]!.option, "from");
    }
  });
});

gpuTest(
  "train() refuses the Fréchet distance for data without classes, before anything is written",
  async (device) => {
    await withFolder(async (folder) => {
      const picture = await encodePng({ width: 16, height: 16, channels: 1, data: new Uint8Array(256) });
      await Deno.mkdir(`${folder}/photos`);
      for (let i = 0; i < 3; i++) await Deno.writeFile(`${folder}/photos/${i}.png`, picture);
      const run = train(device, {
        ...tiny,
        data: `${folder}/photos`,
        scoreEvery: 1,
        scoreBy: "frechet",
        out: `${folder}/run`,
      });
      const { issues } = await assertRejects(() => Array.fromAsync(run), ConfigError);
      assertEquals(issues[0]!.option, "scoreBy");
      await assertRejects(() => Deno.stat(`${folder}/run`), Deno.errors.NotFound);
    });
  },
);
