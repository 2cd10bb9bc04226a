import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import { NonFiniteError } from "../../../src/dcgan/numbers/non_finite.ts";
import { parseConfig, resolveConfig } from "../../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { expectAlike } from "../../../src/dcgan/ranks/expect_alike.ts";
import { followTraining } from "../../../src/dcgan/ranks/follow.ts";
import { tell } from "../../../src/dcgan/ranks/rank_messages.ts";
import type { TrainEvent } from "../../../src/dcgan/run/events.ts";
import { train } from "../../../src/dcgan/train.ts";
import { Trainer } from "../../../src/dcgan/trainer.ts";
import { trainingStep } from "../../../src/dcgan/training_step.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { FaultyFiles } from "../../support/faulty_files.ts";
import { withFolder } from "../../support/temp_folder.ts";
import { tiny } from "../tiny.ts";
import { checksums } from "./checksums.ts";
import { peersInProcess } from "./peers_in_process.ts";

const OPTIONS = { ...tiny, data: "faces", batch: 16, dataOptions: { length: 60 } } as const;

/** Trains on so many ranks, all in this process, and gives the events of rank 0. */
async function trainOn(device: Device, ranks: number, options: TrainOptions): Promise<TrainEvent[]> {
  const all = peersInProcess(ranks);
  const others = all.slice(1).map((peers) => followTraining(device, peers));
  const events = await Array.fromAsync(train(device, options, { ranks: all[0]! }));
  await Promise.all(others);
  return events;
}

gpuTest(
  "train() leaves the same bytes on 1, 2, 4 and 8 ranks, and where they change by resuming",
  async (device) => {
    await withFolder(async (folder) => {
      const out = (name: string) => `${folder}/${name}`;
      const run = { ...OPTIONS, steps: 6, checkpointEvery: 2, ema: 0.9 };
      for (const ranks of [1, 2, 4, 8]) await trainOn(device, ranks, { ...run, out: out(`${ranks}`) });
      const expected = await checksums(out("1"), 6);
      for (const ranks of [2, 4, 8]) assertEquals(await checksums(out(`${ranks}`), 6), expected);
      const changing = out("changing");
      await trainOn(device, 4, { ...run, steps: 2, out: changing });
      await trainOn(device, 2, { resume: changing, steps: 4 });
      await trainOn(device, 8, { resume: changing, steps: 6 });
      assertEquals(await checksums(changing, 6), expected);
    });
  },
);

gpuTest("train() says how many ranks share a batch, and refuses ranks that cannot", async (device) => {
  await withFolder(async (folder) => {
    const events = await trainOn(device, 2, { ...OPTIONS, steps: 1, out: `${folder}/run` });
    const start = events.find((event) => event.type === "start")!;
    assertEquals([start.ranks, start.config.shards, start.config.bn], [2, 8, "sync"]);
    await assertRejects(
      () => trainOn(device, 2, { ...OPTIONS, shards: 1, steps: 1, out: `${folder}/other` }),
      ConfigError,
      '"shards" must be more than 1 for 2 ranks',
    );
    const hooks = { ranks: peersInProcess(2)[0]!, beforeStep: () => {} };
    await assertRejects(() => Array.fromAsync(train(device, OPTIONS, hooks)), TypeError, "no beforeStep");
  });
});

gpuTest("train() on ranks goes back to a good checkpoint with all of them", async (device) => {
  await withFolder(async (folder) => {
    // With these, weights grow until something overflows
    const wild = { learningRate: 1, beta1: 0.999, beta2: 0.05, checkpointEvery: 5 } as const;
    const told: string[] = [];
    for (const ranks of [1, 2]) {
      const out = `${folder}/${ranks}`;
      const options = { ...OPTIONS, ...wild, steps: 200, onNan: "rollback", out } as const;
      const error = await assertRejects(() => trainOn(device, ranks, options), NonFiniteError);
      told.push(error.message.replaceAll(out, "RUN"));
    }
    assertEquals(told[1], told[0]);
    const steps = (run: string) =>
      Array.from(Deno.readDirSync(`${folder}/${run}/checkpoints`), ({ name }) => Number(name.slice(5)));
    const last = Math.max(...steps("1"));
    assertEquals(Math.max(...steps("2")), last);
    assertEquals(await checksums(`${folder}/2`, last), await checksums(`${folder}/1`, last));
    const { changes } = parseConfig(await Deno.readTextFile(`${folder}/2/config.json`));
    assert(changes!.some(({ option }) => option === "learningRate"));
  });
});

gpuTest("followTraining() refuses a dataset with other pictures", async (device) => {
  const [first, second] = peersInProcess(2);
  const config = { ...resolveConfig({ ...OPTIONS, shards: 8 }, { channels: 3, length: 60 }), pictures: "00" };
  const following = followTraining(device, second!);
  await tell(first!, { type: "plan", config, options: {}, steps: 0 });
  await assertRejects(() => following, RangeError, "has 60 images, and this one has 60 others");
});

gpuTest(
  "train() on ranks ends all of them where rank 0 cannot write, with its last checkpoint whole",
  async (device) => {
    await withFolder(async (folder) => {
      const run = { ...OPTIONS, steps: 6, checkpointEvery: 2 };
      await trainOn(device, 2, { ...run, out: `${folder}/whole` });
      const out = `${folder}/full`;
      const peers = peersInProcess(2);
      const following = followTraining(device, peers[1]!);
      const failed = await assertRejects(async () => {
        let files: FaultyFiles | undefined;
        try {
          for await (const event of train(device, { ...run, out }, { ranks: peers[0]! })) {
            // The disk is full from here on
            if (event.type === "checkpoint" && event.step === 2) {
              files = new FaultyFiles(out, { at: 3, fault: "killed" });
            }
          }
        } finally {
          files?.[Symbol.dispose]();
        }
      });
      assert(failed instanceof Error);
      await following;
      assertEquals(await checksums(out, 2), await checksums(`${folder}/whole`, 2));
      await trainOn(device, 4, { resume: out, steps: 6 });
      assertEquals(await checksums(out, 6), await checksums(`${folder}/whole`, 6));
    });
  },
);

gpuTest("expectAlike() names the rank that has other weights than rank 0, on all ranks", async (device) => {
  const config = resolveConfig({ ...tiny, shards: 4 });
  const peers = peersInProcess(3);
  using stack = new DisposableStack();
  const trainers = [3, 3, 4].map((seed) => stack.use(new Trainer(device, { ...config, seed })));
  for (
    const result of await Promise.allSettled(peers.map((ranks, at) => expectAlike(ranks, trainers[at]!)))
  ) {
    assert(result.status === "rejected" && result.reason instanceof RangeError);
    assertStringIncludes(
      result.reason.message,
      "after step 0 all must have the same weights, and rank 2 has others",
    );
  }
  await Promise.all(peersInProcess(2).map((ranks, at) => expectAlike(ranks, trainers[at]!)));
});

gpuTest("trainingStep() in shards can be recorded again once its program is gone", (device) => {
  const config = resolveConfig({ ...tiny, shards: 2 });
  using trainer = new Trainer(device, config);
  const shards = { count: 2, first: 0, end: 2, norms: "batch" } as const;
  for (let time = 0; time < 2; time++) {
    using program = device.program({ real: [4, 16, 16, 3], latent: [4, 8] }, (batch) => {
      trainingStep(trainer, trainer.optimizers, batch, { shards });
    });
    program.run();
  }
});
