import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { parseConfig, type TrainConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { dryRun } from "../../../src/dcgan/run/dry_run.ts";
import { train } from "../../../src/dcgan/train.ts";
import { writeTrainingState } from "../../../src/dcgan/weights/training_state.ts";
import { sha256 } from "../../../src/files/sha256.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { readSafetensors, readTorchFile, writeSafetensors } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { trainTiny, withFolder } from "../tiny.ts";

/** A file that PyTorch 1.13 wrote; see `save_files.py` there. */
const saved = (name: string) => fileURLToPath(new URL(`../../files/torch/saved/${name}`, import.meta.url));

/** Options that leave the networks to the weights. */
const rest = { batch: 4, samples: 4, seed: 3, scoreEvery: 0, report: false, steps: 1 } as const;

async function start(device: Device, options: TrainOptions): Promise<string[]> {
  const events = await Array.fromAsync(train(device, { ...rest, ...options }));
  return events.flatMap((event) => event.type === "warning" ? [event.message] : []);
}

const configOf = async (run: string): Promise<TrainConfig> =>
  parseConfig(await Deno.readTextFile(`${run}/config.json`));

const digestOf = async (...paths: string[]) =>
  await sha256(await Promise.all(paths.map((path) => Deno.readFile(path))));

/** Numbers of a network in the checkpoint of a step. */
const weightsIn = async (run: string, step: string, network = "generator") =>
  (await readSafetensors(`${run}/checkpoints/step-${step}/${network}.safetensors`)).tensors;

gpuTest("train() starts from PyTorch's networks and Adam, and takes options from them", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    // So small a learning rate leaves the weights as they are
    assertEquals(
      await start(device, { from: saved("checkpoint.pt"), out, learningRate: 1e-30, dLearningRate: 1e-30 }),
      [],
    );
    const { startedFrom, ...config } = await configOf(out);
    const { size, ngf, ndf, latent, beta1, beta2, kernel, dNorm } = config;
    assertEquals({ size, ngf, ndf, latent, beta1, beta2, kernel, dNorm }, {
      ...{ size: 16, ngf: 4, ndf: 4, latent: 4, beta1: 0.5, beta2: 0.999, kernel: 4, dNorm: "batch" },
    });
    assertEquals(startedFrom, {
      path: saved("checkpoint.pt"),
      parts: ["generator", "generator optimizer", "discriminator", "discriminator optimizer"],
      sha256: await digestOf(saved("checkpoint.pt")),
    });
    const { tensors } = await readTorchFile(saved("checkpoint.pt"));
    const [netG, netD] = [await weightsIn(out, "000001"), await weightsIn(out, "000001", "discriminator")];
    for (const [name, tensor] of netG) {
      if (name.endsWith("weight")) assertEquals(tensor, tensors.get(`netG.module.${name}`), name);
    }
    for (const [name, tensor] of netD) {
      if (name.endsWith("weight")) assertEquals(tensor, tensors.get(`netD.${name}`), name);
    }
    const training = await weightsIn(out, "000001", "training");
    assertEquals(training.get("generator.step")!.data[0], 4n);
    // The learning rate is PyTorch's if it is not given
    await start(device, { from: saved("checkpoint.pt"), out: `${folder}/rates` });
    assertEquals((await configOf(`${folder}/rates`)).learningRate, 0.0002);
  });
});

gpuTest("train() starts from one network of a file, and makes the other", async (device) => {
  await withFolder(async (folder) => {
    const cases = [
      ["zip.pth", ["generator"], { size: 16, ngf: 4, latent: 4, ndf: 8 }, { ndf: 8 }],
      ["discriminator.pth", ["discriminator"], { size: 16, ngf: 8, latent: 8, ndf: 4 }, {
        ngf: 8,
        latent: 8,
      }],
    ] as const;
    for (const [name, parts, expected, given] of cases) {
      const out = `${folder}/${parts[0]}`;
      await start(device, { from: saved(name), out, ...given });
      const { startedFrom, size, ngf, latent, ndf } = await configOf(out);
      assertEquals(startedFrom!.parts, parts);
      assertEquals({ size, ngf, latent, ndf }, expected);
    }
  });
});

gpuTest("train() starts from a run, averages too, and so does a new start of that run", async (device) => {
  await withFolder(async (folder) => {
    const [first, second] = [`${folder}/first`, `${folder}/second`];
    await trainTiny(device, { steps: 2, ema: 0.9, latentDistribution: "uniform", out: first });
    await start(device, { from: first, ema: 0.5, learningRate: 1e-30, out: second });
    const { startedFrom, latent, latentDistribution } = await configOf(second);
    const place = `${first}/checkpoints/step-000002`;
    assertEquals(startedFrom!.path, place);
    assertEquals([latent, latentDistribution], [8, "uniform"]);
    assertEquals(
      startedFrom!.sha256,
      await digestOf(`${place}/generator.safetensors`, `${place}/discriminator.safetensors`),
    );
    const from = await weightsIn(first, "000002");
    for (const network of ["generator", "generator_ema"]) {
      for (const [name, tensor] of await weightsIn(second, "000001", network)) {
        if (name.endsWith("weight")) assertEquals(tensor, from.get(name), `${network} ${name}`);
      }
    }
    // The folder of the checkpoint, wherever it is
    await Deno.mkdir(`${folder}/moved`);
    await Deno.rename(place, `${folder}/moved/step-000002`);
    await start(device, {
      from: `${folder}/moved/step-000002`,
      out: `${folder}/third`,
      latentDistribution: "uniform",
    });
    const { run } = await configOf(second);
    const third = await configOf(`${folder}/third`);
    assertEquals(third.startedFrom!.sha256, startedFrom!.sha256);
    assert(third.run !== run);

    // One that stopped before its first checkpoint starts over with the same weights, or not at all
    await Deno.remove(`${second}/checkpoints`, { recursive: true });
    await assertRejects(() => Array.fromAsync(train(device, { resume: second })), Error, place);
    await Deno.rename(`${folder}/moved/step-000002`, place);
    const events = await Array.fromAsync(train(device, { resume: second, report: false }));
    assert(events.some((event) => event.type === "warning" && event.message.includes("starts over")));
    assertEquals(
      await weightsIn(second, "000001").then((one) => one.get("main.0.weight")),
      from.get("main.0.weight"),
    );
    assertEquals((await configOf(second)).startedFrom, startedFrom);
    await Deno.writeTextFile(
      `${second}/config.json`,
      (await Deno.readTextFile(`${second}/config.json`)).replace(startedFrom!.sha256, "00"),
    );
    await assertRejects(
      () => Array.fromAsync(train(device, { resume: second })),
      Error,
      "changed or damaged",
    );
  });
});

gpuTest(
  "train() does not start over with other weights than those that a run started from",
  async (device) => {
    await withFolder(async (folder) => {
      const [from, out] = [`${folder}/netG.pth`, `${folder}/run`];
      await Deno.copyFile(saved("zip.pth"), from);
      await start(device, { from, ndf: 4, out });
      await Deno.remove(`${out}/checkpoints`, { recursive: true });
      await Deno.copyFile(saved("uncounted.pth"), from);
      const { message } = await assertRejects(() => Array.fromAsync(train(device, { resume: out })), Error);
      assertStringIncludes(
        message,
        `for which ${from} must have SHA-256 ${await digestOf(saved("zip.pth"))}, found`,
      );
    });
  },
);

gpuTest("train() refuses weights that contradict options, by name", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const refusal = async (options: TrainOptions) =>
      await assertRejects(
        () => start(device, { out, from: saved("checkpoint.pt"), ...options }),
        ConfigError,
      );
    const { issues } = await refusal({
      size: 32,
      ngf: 8,
      ndf: 16,
      latent: 7,
      dNorm: "spectral",
      conditional: true,
    });
    assertEquals(issues.map(({ option }) => option), [
      "size",
      "ngf",
      "latent",
      "ndf",
      "dNorm",
      "conditional",
    ]);
    assertEquals(issues[1]!.problem, `must be 4 as in ${saved("checkpoint.pt")}, found 8. Leave it out`);
    await assertRejects(
      () => start(device, { out, maxMaps: 4, from: saved("checkpoint.pt") }),
      RangeError,
      "generator",
    );
    const resumed = await assertRejects(() => start(device, { resume: out, from: out }), Error);
    assert(resumed.message !== "");
    for (
      const [name, words] of Object.entries({
        "two_generators.pt": "holds 2 generators: g, g_ema. Save one of them alone",
        "tensor.pt": "it must hold a generator or a discriminator",
        "module.pth": "it holds a whole module",
        "nothing.pth": "found nothing there",
      })
    ) {
      const { message } = await assertRejects(() => start(device, { out, from: saved(name) }), Error);
      assertStringIncludes(message, words);
    }
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  });
});

gpuTest("train() names what it leaves out of the state of an optimizer", async (device) => {
  await withFolder(async (folder) => {
    const { tensors } = await readTorchFile(saved("checkpoint.pt"));
    const path = `${folder}/state.safetensors`;
    const metadata = {
      "optimizerG.param_groups.0.eps": "1e-7",
      "optimizerG.param_groups.0.weight_decay": "0.01",
    };
    const changed = (change: (name: string) => string | undefined) =>
      writeSafetensors(
        path,
        new Map([...tensors].flatMap(([name, tensor]) => {
          const other = change(name);
          return other === undefined ? [] : [[other, tensor] as const];
        })),
        metadata,
      );
    await changed((name) => name.startsWith("netD") ? undefined : name);
    assertEquals(await start(device, { from: path, ndf: 4, out: `${folder}/a` }), [
      `optimizerG in ${path} has an eps of 1e-7. This run has 1e-8`,
      `optimizerG in ${path} has a weight decay of 0.01. This run has what "weightDecay" says`,
      `optimizerD in ${path} is of no network there, and is left out`,
    ]);
    const cases = {
      "it must be of parameters 0 to 5, found none of 3": (name: string) =>
        name.startsWith("optimizerG.state.3.") ? undefined : name,
      "it must be of Adam or AdamW, with exp_avg and exp_avg_sq, found step, exp_avg": (name: string) =>
        name.endsWith("exp_avg_sq") ? undefined : name,
      "found amsgrad": (name: string) =>
        name === "optimizerG.state.0.step" ? "optimizerG.state.0.max_exp_avg_sq" : name,
    };
    for (const [words, change] of Object.entries(cases)) {
      await changed(change);
      await assertRejects(() => start(device, { from: path, out: `${folder}/b` }), RangeError, words);
    }
  });
});

gpuTest("dryRun() shows what a run would start from", async (device) => {
  const { config } = await dryRun(device, { ...rest, from: saved("zip.pth"), ndf: 4 });
  assertEquals([config.ngf, config.startedFrom?.parts], [4, ["generator"]]);
});

gpuTest("writeTrainingState() writes what train() starts from again", async (device) => {
  await withFolder(async (folder) => {
    const [run, path] = [`${folder}/run`, `${folder}/state.safetensors`];
    await trainTiny(device, {
      steps: 2,
      out: run,
      learningRate: 0.001,
      dLearningRate: 0.002,
      precision: "f32",
    });
    await writeTrainingState(run, path);
    const { tensors, metadata } = await readSafetensors(path);
    assertEquals(tensors.get("netG.main.0.weight"), (await weightsIn(run, "000002")).get("main.0.weight"));
    assertEquals(metadata["optimizerD.param_groups.0.lr"], "0.002");
    await start(device, { from: path, out: `${folder}/next` });
    const { learningRate, dLearningRate, startedFrom } = await configOf(`${folder}/next`);
    assertEquals([learningRate, dLearningRate, startedFrom!.parts.length], [0.001, 0.002, 4]);
    assertEquals(
      (await weightsIn(`${folder}/next`, "000001", "training")).get("discriminator.step")!.data[0],
      3n,
    );
    await trainTiny(device, { steps: 1, out: `${folder}/scheduled`, beta2: { from: 0.9, to: 0.999 } });
    await assertRejects(
      () => writeTrainingState(`${folder}/scheduled`, path),
      RangeError,
      "beta2 must be one number",
    );
  });
});
