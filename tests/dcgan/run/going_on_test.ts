import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { checkpointsIn } from "../../../src/dcgan/checkpoints/checkpoint_files.ts";
import { parseConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { train } from "../../../src/dcgan/train.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { ramp } from "../../pictures/files.ts";
import { gpuTest } from "../../support/gpu.ts";
import { namesIn, trainTiny, withFolder } from "../tiny.ts";

const often = { sampleEvery: 2, checkpointEvery: 2, logEvery: 0 } as const;

/** Resumes a run to its end, and gives its warnings. */
async function goOn(device: Device, options: TrainOptions): Promise<string[]> {
  const events = await Array.fromAsync(train(device, { report: false, ...options }));
  return events.flatMap((event) => event.type === "warning" ? [event.message] : []);
}

/** Files of a run whose bytes two equal runs share. */
async function bytesOf(run: string, step: string): Promise<Uint8Array[]> {
  const names = ["metrics.jsonl", "metrics.png", "real.png", `samples/${step}.png`];
  for (const network of ["generator", "discriminator", "training"]) {
    names.push(`checkpoints/${step}/${network}.safetensors`);
  }
  return await Promise.all(names.map((name) => Deno.readFile(`${run}/${name}`)));
}

gpuTest("train() goes back to the checkpoint of a step, and sets later ones aside", async (device) => {
  await withFolder(async (folder) => {
    const [whole, out] = [`${folder}/whole`, `${folder}/run`];
    for (const run of [whole, out]) await trainTiny(device, { ...often, steps: 6, out: run });
    const aside = (number: number, what: string) =>
      `${what} now in ${out}/set-aside-${number}. Delete that folder if you do not need it`;
    assertEquals(await goOn(device, { resume: out, step: 2 }), [
      aside(1, "The 2 checkpoints after step 2 are"),
    ]);
    assertEquals(await bytesOf(out, "step-000006"), await bytesOf(whole, "step-000006"));
    assertEquals(await namesIn(`${out}/set-aside-1`), ["step-000004", "step-000006"]);
    assertEquals(await goOn(device, { resume: out, step: 4 }), [aside(2, "The checkpoint after step 4 is")]);
    assertEquals(await bytesOf(out, "step-000006"), await bytesOf(whole, "step-000006"));

    const { issues } = await assertRejects(() => goOn(device, { resume: out, step: 3 }), ConfigError);
    assertEquals(issues[0]!.problem, `must be that of a checkpoint in ${out} (2, 4, 6), found 3`);
    await assertRejects(
      () => trainTiny(device, { out: `${folder}/new`, step: 3 }),
      ConfigError,
      'needs "resume"',
    );
    assertEquals(await namesIn(folder), ["run", "whole"]);
  });
});

gpuTest(
  "train() begins a run again that has no checkpoint, by resume or with the same folder",
  async (device) => {
    await withFolder(async (folder) => {
      const [whole, out] = [`${folder}/whole`, `${folder}/run`];
      await trainTiny(device, { ...often, steps: 4, out: whole });
      const leave = async () => {
        await trainTiny(device, { ...often, steps: 4, out });
        await Deno.remove(`${out}/checkpoints`, { recursive: true });
        // As a kill in a write of each leaves it
        await Deno.mkdir(`${out}/checkpoints/.step-000002.tmp`, { recursive: true });
        await Deno.writeTextFile(`${out}/metrics.png.0123abcd.tmp`, "half");
        await Deno.writeTextFile(`${out}/samples/step-000002.png.0123abcd.tmp`, "half");
      };
      const lists = async (
        run: string,
      ) => [await namesIn(run), await namesIn(`${run}/samples`), await namesIn(`${run}/checkpoints`)];
      await leave();
      assertEquals(await goOn(device, { resume: out }), [
        `${out} has no checkpoint yet. It starts over at its first step`,
      ]);
      assertEquals(await bytesOf(out, "step-000004"), await bytesOf(whole, "step-000004"));
      assertEquals(await lists(out), await lists(whole));
      await Deno.remove(out, { recursive: true });

      await leave();
      const events = await trainTiny(device, { ...often, steps: 4, out });
      const said = events.flatMap((event) => event.type === "warning" ? [event.message] : []);
      assertEquals(said, [
        `The run in ${out} stopped before its first checkpoint. This run replaces it`,
      ]);
      assertEquals(await bytesOf(out, "step-000004"), await bytesOf(whole, "step-000004"));
      assertEquals(await lists(out), await lists(whole));
      // What has a checkpoint, or is no run, is left alone
      await assertRejects(
        () => trainTiny(device, { steps: 1, out }),
        RangeError,
        "must be a new or empty folder",
      );
      const project = `${folder}/project`;
      await Deno.mkdir(`${project}/samples`, { recursive: true });
      await Deno.writeTextFile(`${project}/config.json`, "{}");
      await Deno.writeTextFile(`${project}/samples/mine.wav`, "mine");
      await assertRejects(
        () => trainTiny(device, { steps: 1, out: project }),
        RangeError,
        "must be a new or empty folder",
      );
      assertEquals(await namesIn(`${project}/samples`), ["mine.wav"]);
    });
  },
);

gpuTest("train() tells in one sentence what metrics.jsonl lacks", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...often, steps: 4, out });
    const path = `${out}/metrics.jsonl`;
    const [first, second, ...others] = (await Deno.readTextFile(path)).split("\n");
    await Deno.writeTextFile(path, [first, second!.slice(0, 20), ...others].join("\n"));
    assertEquals(await goOn(device, { resume: out, steps: 5 }), [
      `${path} lacks 1 of the 4 steps before the checkpoint, and so will metrics.png; ` +
      `1 of its lines is damaged or repeated, and left out from here on`,
    ]);
    const steps = async () =>
      (await Deno.readTextFile(path)).trimEnd().split("\n").map((one) => JSON.parse(one).step);
    assertEquals(await steps(), [1, 3, 4, 5]);
    await Deno.remove(path);
    assertEquals(await goOn(device, { resume: out, steps: 6 }), [
      `${path} lacks 5 of the 5 steps before the checkpoint, and so will metrics.png`,
    ]);
    assertEquals(await steps(), [6]);
  });
});

gpuTest("train() goes on only with the pictures that a run began with, wherever they lie", async (device) => {
  await withFolder(async (folder) => {
    const [photos, moved, out] = [`${folder}/photos`, `${folder}/moved`, `${folder}/run`];
    await Deno.mkdir(photos);
    for (const [i, name] of ["a", "b", "c"].entries()) {
      await Deno.writeFile(`${photos}/${name}.png`, await encodePng(ramp(20 + i, 16)));
    }
    await trainTiny(device, { ...often, data: photos, dataOptions: { workers: 0 }, steps: 2, out });
    const { pictures } = parseConfig(await Deno.readTextFile(`${out}/config.json`));
    assertMatch(pictures!, /^[0-9a-f]{32}$/);
    const kept = await Deno.readFile(`${photos}/b.png`);
    await Deno.writeFile(`${photos}/b.png`, await encodePng(ramp(33, 17)));
    const { issues } = await assertRejects(() => goOn(device, { resume: out, steps: 4 }), ConfigError);
    assertEquals(issues, [{
      option: "data",
      problem: `must be the images that ${out} started with, found as many different ones. ` +
        `Give the old ones, or start a new run with --out`,
    }]);
    assertEquals((await checkpointsIn(`${out}/checkpoints`)).map(({ step }) => step), [2]);
    await Deno.writeFile(`${photos}/b.png`, kept);
    await Deno.rename(photos, moved);
    assertEquals(await goOn(device, { resume: out, data: moved, steps: 4 }), []);
  });
});

gpuTest("train() does not go on where its config is not the one that it began with", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...often, steps: 2, out });
    const path = `${out}/config.json`;
    const text = await Deno.readTextFile(path);
    for (
      const [from, to] of [['"seed": 3', '"seed": 7'], ['"batch": 4', '"batch": 5'], [
        '"beta1": 0.5',
        '"beta1": 0.6',
      ]]
    ) {
      assertStringIncludes(text, from!);
      await Deno.writeTextFile(path, text.replace(from!, to!));
      await assertRejects(
        () => goOn(device, { resume: out, steps: 4 }),
        RangeError,
        "found a changed or damaged one",
      );
    }
    // How long it goes on, and what it writes, may be changed
    await Deno.writeTextFile(
      path,
      text.replace('"steps": 2', '"steps": 3').replace('"logEvery": 0', '"logEvery": 1'),
    );
    assertEquals(await goOn(device, { resume: out }), []);
  });
});

gpuTest(
  "train() clears what killed processes left in a resumed run, and nothing else",
  async (device) => {
    await withFolder(async (folder) => {
      const out = `${folder}/run`;
      await trainTiny(device, { ...often, steps: 4, out });
      const before = await namesIn(out);
      for (
        const name of [
          "config.json",
          "metrics.jsonl",
          "metrics.png",
          "real.png",
          "report.html",
          "samples/step-000002.png",
        ]
      ) {
        await Deno.writeTextFile(`${out}/${name}.0a1b2c3d.tmp`, "half");
      }
      await Deno.writeTextFile(`${out}/notes.tmp`, "mine");
      await Deno.mkdir(`${out}/checkpoints/.step-000001.old.tmp`);
      await Deno.mkdir(`${out}/checkpoints/step-000001`);
      await Deno.writeTextFile(`${out}/checkpoints/step-000001/training.safetensors`, "what a kill left");
      assertEquals(await goOn(device, { resume: out, steps: 5 }), []);
      assertEquals(await namesIn(out), [...before, "notes.tmp"].sort());
      assertEquals(await namesIn(`${out}/checkpoints`), ["step-000002", "step-000004", "step-000005"]);
      assertEquals(await namesIn(`${out}/samples`), [
        "step-000002.png",
        "step-000004.png",
        "step-000005.png",
      ]);
    });
  },
);

gpuTest(
  "train() draws the samples that a kill kept a run from, with the cadence that follows its length",
  async (device) => {
    await withFolder(async (folder) => {
      const [whole, out] = [`${folder}/whole`, `${folder}/run`];
      await trainTiny(device, { checkpointEvery: 8, steps: 24, out: whole });
      for await (
        const event of train(device, {
          size: 16,
          ngf: 4,
          ndf: 4,
          latent: 8,
          batch: 4,
          samples: 4,
          seed: 3,
          scoreEvery: 0,
          checkpointEvery: 8,
          steps: 24,
          out,
        })
      ) {
        // Left by break as by a kill: the picture of step 8 comes after its checkpoint
        if (event.type === "checkpoint" && event.step === 8) break;
      }
      assertEquals((await namesIn(`${out}/samples`)).at(-1), "step-000006.png");
      await goOn(device, { resume: out });
      assertEquals(await namesIn(`${out}/samples`), await namesIn(`${whole}/samples`));
      assert((await namesIn(`${out}/samples`)).length > 12);
      assertEquals(await bytesOf(out, "step-000024"), await bytesOf(whole, "step-000024"));
    });
  },
);

gpuTest("RunLock refuses what is no plain file", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...often, steps: 2, out });
    await Deno.symlink(`${folder}/target`, `${out}/.lock`);
    await assertRejects(
      () => goOn(device, { resume: out, steps: 3 }),
      RangeError,
      ".lock must be a plain file",
    );
    assertEquals(await namesIn(folder), ["run"]);
  });
});
