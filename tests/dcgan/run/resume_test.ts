import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { relative } from "node:path";
import { checkpointsIn } from "../../../src/dcgan/checkpoints/checkpoint.ts";
import { parseConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { train } from "../../../src/dcgan/train.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { ramp } from "../../pictures/files.ts";
import { gpuTest } from "../../support/gpu.ts";
import { namesIn, tiny, trainTiny, withFolder } from "../tiny.ts";

const often = { sampleEvery: 3, checkpointEvery: 2, logEvery: 0 } as const;

/** All that a run leaves behind, by name; of its config what does not depend on where it lies. */
async function leftBy(out: string): Promise<Record<string, unknown>> {
  const left: Record<string, unknown> = {};
  for (const name of ["config.json", "metrics.jsonl", "metrics.png", "real.png"]) {
    left[name] = await Deno.readFile(`${out}/${name}`);
  }
  for (const folder of ["samples", ...(await checkpointsIn(`${out}/checkpoints`)).map(({ path }) => path)]) {
    const path = folder.startsWith(out) ? folder : `${out}/${folder}`;
    for (const name of await namesIn(path)) {
      left[`${path.slice(out.length)}/${name}`] = await Deno.readFile(`${path}/${name}`);
    }
  }
  left["config.json"] = { ...parseConfig(await Deno.readTextFile(`${out}/config.json`)), out: "" };
  return left;
}

/** Trains until after a step, and ends by the signal. */
async function trainTo(device: Device, last: number, options: TrainOptions): Promise<void> {
  const controller = new AbortController();
  for await (const event of train(device, { ...tiny, ...options, signal: controller.signal })) {
    if (event.type === "metrics" && event.step >= last) controller.abort();
  }
}

/** Resumes a run to its end, and gives what it told in short. */
async function goOn(device: Device, options: TrainOptions): Promise<string[]> {
  const events = await Array.fromAsync(train(device, options));
  return events.map((event) => "step" in event ? `${event.type} ${event.step}` : event.type);
}

gpuTest("train() resumes a run that was ended, as if it never had been", async (device) => {
  await withFolder(async (folder) => {
    const [whole, parts] = [`${folder}/whole`, `${folder}/parts`];
    for (
      const given of [
        { gpuDataMemory: 1024, labelFlip: 0.2 },
        { gpuDataMemory: 0 },
        // The step after the break has penalties, and the next two have none
        {
          loss: "rpgan",
          dNorm: "none",
          r1: 1,
          gradientPenalty: 5,
          penaltyEvery: 3,
          instanceNoise: { from: 0.2, to: 0 },
        },
      ] as const
    ) {
      const options = { ...often, steps: 7, flip: true, ...given };
      await trainTiny(device, { ...options, out: whole });
      await trainTo(device, 3, { ...options, out: parts });
      assertEquals(await goOn(device, { resume: parts }), [
        "start",
        "metrics 4",
        "checkpoint 4",
        "metrics 5",
        "metrics 6",
        "checkpoint 6",
        "samples 6",
        "metrics 7",
        "checkpoint 7",
        "samples 7",
        "end 7",
      ]);
      const [all, left] = [await leftBy(whole), await leftBy(parts)];
      // Being ended in between left one checkpoint more
      for (const name of Object.keys(left)) if (name.includes("step-000003/")) delete left[name];
      assertEquals(Object.keys(left).sort(), Object.keys(all).sort());
      for (const [name, bytes] of Object.entries(all)) assertEquals(left[name], bytes, name);
      await Deno.remove(whole, { recursive: true });
      await Deno.remove(parts, { recursive: true });
    }
  });
});

gpuTest("train() does more steps than a run had, and leaves that in its config", async (device) => {
  await withFolder(async (folder) => {
    const [whole, parts] = [`${folder}/whole`, `${folder}/parts`];
    await trainTiny(device, { ...often, steps: 6, out: whole });
    await trainTiny(device, { ...often, steps: 4, out: parts });
    const [start] = await Array.fromAsync(train(device, { resume: parts, steps: 6 }));
    assert(start?.type === "start");
    assertEquals([start.stepsBefore, start.config.steps, start.config.out], [4, 6, parts]);
    assertEquals(await leftBy(parts).then((left) => left["config.json"]), { ...start.config, out: "" });
    const network = "checkpoints/step-000006/generator.safetensors";
    assertEquals(await Deno.readFile(`${parts}/${network}`), await Deno.readFile(`${whole}/${network}`));
    const lines = (await Deno.readTextFile(`${parts}/metrics.jsonl`)).trimEnd().split("\n");
    assertEquals(lines.map((line) => JSON.parse(line).step), [1, 2, 3, 4, 5, 6]);
    // By epochs as well: 100,000 faces are 25,000 steps of 4
    const [by] = await Array.fromAsync(train(device, { resume: parts, epochs: 8 / 25_000 }));
    assert(by?.type === "start");
    assertEquals(by.config.steps, 8);
  });
});

gpuTest("train() tells again what a killed run told after its last checkpoint", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...often, steps: 4, out });
    const path = `${out}/metrics.jsonl`;
    const told = await Deno.readTextFile(path);
    const line = told.split("\n")[0]!;
    // A damaged line, two steps more, and the second of them cut short
    await Deno.writeTextFile(path, `\u0000\n${line.replace('"step":1,', '"step":5,')}\n{"step":6,"ep`, {
      append: true,
    });
    await goOn(device, { resume: out, steps: 5 });
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    assertEquals(lines.map((one) => JSON.parse(one).step), [1, 2, 3, 4, 5]);
    assertEquals(lines.slice(0, 4).join("\n"), told.trimEnd());
    assert(lines[4] !== line.replace('"step":1,', '"step":5,'));
  });
});

gpuTest(
  "train() goes on only with as many images as a run began with, wherever they are now",
  async (device) => {
    await withFolder(async (folder) => {
      const plugin = (images: number) =>
        `export default { apiVersion: 1, name: "some", open: ({ size }) => ({
        length: ${images}, shape: [size, size, 1], read: (_, into) => void into.fill(7) }) };`;
      for (const images of [20, 21]) await Deno.writeTextFile(`${folder}/${images}.ts`, plugin(images));
      await Deno.writeTextFile(`${folder}/moved.ts`, plugin(20));
      const out = `${folder}/run`;
      await trainTiny(device, { ...often, data: `${folder}/20.ts`, steps: 2, out });
      const before = await leftBy(out);
      const { message } = await assertRejects(
        () => goOn(device, { resume: out, data: `${folder}/21.ts`, steps: 4 }),
        ConfigError,
      );
      assertMatch(message, /"data" must be the 20 images that .* started with, found 21$/);
      await Deno.remove(`${folder}/20.ts`);
      await assertRejects(
        () => goOn(device, { resume: out, data: `${folder}/20.ts`, steps: 4 }),
        Error,
        "There is nothing at",
      );
      await assertRejects(
        () => goOn(device, { resume: out, steps: 4 }),
        ConfigError,
        `"data" must be given again if a run's dataset is a module`,
      );
      // What cannot go on is left as it was
      assertEquals(await leftBy(out), before);
      await goOn(device, { resume: out, data: `${folder}/moved.ts`, steps: 4 });
      assertEquals((await checkpointsIn(`${out}/checkpoints`))[0]?.step, 4);
    });
  },
);

gpuTest("train() takes up a run before it knows more of it, however its place is written", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...often, steps: 2, out });
    const slow = `${folder}/slow.ts`;
    await Deno.writeTextFile(
      slow,
      `import { faces } from ${JSON.stringify(new URL("../../../datasets.ts", import.meta.url).href)};
      export default { apiVersion: 1, name: "slow", async open(request) {
        await new Promise((go) => setTimeout(go, 500));
        return faces.open({ ...request, options: { length: 100_000, seed: 0 } });
      } };`,
    );
    const first = goOn(device, { resume: `${out}/`, out: `${out}//`, data: slow, steps: 4 });
    await new Promise((go) => setTimeout(go, 200));
    await assertRejects(() => goOn(device, { resume: out, steps: 9 }), RangeError, "is still training in it");
    assertEquals((await first).at(-1), "end 4");
    assertEquals(parseConfig(await Deno.readTextFile(`${out}/config.json`)).out, out);
  });
});

gpuTest("train() changes how pictures are read where a run is resumed, not which", async (device) => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/photos`);
    for (const name of ["a", "b", "c"]) {
      await Deno.writeFile(`${folder}/photos/${name}.png`, await encodePng(ramp(20, 16)));
    }
    const out = `${folder}/run`;
    const dataOptions = { workers: 1, crop: "random" };
    await trainTiny(device, { ...often, data: `${folder}/photos`, dataOptions, steps: 1, out });
    const other = () => goOn(device, { resume: out, steps: 2, dataOptions: { crop: "center" } });
    const { issues } = await assertRejects(other, ConfigError);
    assertMatch(
      issues[0]!.problem,
      /cannot change in a resumed run: crop: it must be "random" as in .*, found "center"\. Give --override/,
    );
    await goOn(device, { resume: out, steps: 2, dataOptions: { workers: 0, memory: 1, crop: "random" } });
    const left = parseConfig(await Deno.readTextFile(`${out}/config.json`));
    assertEquals(left.dataOptions, { workers: 0, crop: "random", memory: 1 });
    const elsewhere = relative(Deno.cwd(), out);
    await goOn(device, { resume: out, out: elsewhere, tune: false, steps: 3 });
    const tuned = await assertRejects(() => goOn(device, { resume: out, tune: true, steps: 4 }), ConfigError);
    assertEquals(
      tuned.issues[0]!.problem,
      `cannot be used with --resume: it decides how a run starts, and ${out} keeps its config`,
    );
  });
});

gpuTest("train() keeps a run folder to itself while it goes on", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const running = train(device, { ...tiny, ...often, steps: 9, out });
    while ((await running.next()).value?.type !== "checkpoint");
    await assertRejects(
      () => goOn(device, { resume: out }),
      RangeError,
      "is still training in it. Stop that run first",
    );
    await Array.fromAsync(running);
    const lines = (await Deno.readTextFile(`${out}/metrics.jsonl`)).trimEnd().split("\n");
    assertEquals(lines.map((line) => JSON.parse(line).step), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert(!(await namesIn(out)).includes(".lock"));
    await goOn(device, { resume: out, steps: 10 });
  });
});

gpuTest("train() keeps what is no number in the metrics of a resumed run", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...often, steps: 2, out });
    const path = `${out}/metrics.jsonl`;
    const text = (await Deno.readTextFile(path)).replace(/"generatorLoss":[^,]+/, '"generatorLoss":null');
    await Deno.writeTextFile(path, text);
    await goOn(device, { resume: out, steps: 3 });
    assertEquals((await Deno.readTextFile(path)).split("\n").slice(0, 2), text.split("\n").slice(0, 2));
  });
});

gpuTest("train() refuses to go on as another run, and with what is none", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...often, steps: 2, out });
    const before = await leftBy(out);
    const refused = (options: TrainOptions) =>
      assertRejects(() => goOn(device, { resume: out, ...options }), ConfigError);
    const { issues } = await refused({ batch: 8, seed: 4, size: 16, steps: 9, learningRate: 2e-4 });
    assertEquals(issues, [
      {
        option: "batch",
        problem: `cannot change in a resumed run: it must be 4 as in ${out}, found 8. ` +
          "Give --override to change it from here on",
      },
      { option: "seed", problem: `cannot change in a resumed run: it must be 3 as in ${out}, found 4` },
    ]);
    assertMatch(
      (await refused({})).message,
      /"steps" must be more than the 2 that .* has trained, found 2\. To train it longer, give --more$/,
    );
    assertMatch((await refused({ steps: 1 })).message, /must be more than the 2 .*, found 1\. To train/);
    assertEquals(await leftBy(out), before);

    await assertRejects(() => goOn(device, { resume: `${folder}/none` }), Error, "is not a run folder");
  });
});
