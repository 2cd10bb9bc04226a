import { basename } from "node:path";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { ExportOptions } from "../../../src/dcgan/export/export_options.ts";
import { exportRun } from "../../../src/dcgan/export/export_run.ts";
import { formatConfig, resolveConfig } from "../../../src/dcgan/options/config.ts";
import { sample } from "../../../src/dcgan/sample.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { readSafetensors, type TensorData, writeSafetensors } from "../../../src/nn/mod.ts";
import { FaultyFiles } from "../../support/faulty_files.ts";
import { gpuTest, sharedDevice } from "../../support/gpu.ts";
import { namesIn, tiny, trainTiny, withFolder } from "../tiny.ts";
import { KINDS, makeCase } from "./kinds.ts";

/** A checkpoint of networks in a folder. */
async function checkpointIn(folder: string, kind = "plain"): Promise<string> {
  return (await makeCase(await sharedDevice(), KINDS[kind]!, folder)).checkpoint;
}

async function drawn(device: Device, source: string, out: string): Promise<Uint8Array> {
  await sample(device, source, { count: 6, out, format: "npy" });
  return await Deno.readFile(out);
}

gpuTest(
  "exportRun() writes weights that sample() draws the same pictures from as from the run",
  async (device) => {
    await withFolder(async (folder) => {
      const kinds = {
        uniform: { latentDistribution: "uniform" },
        average: { ema: 0.9, size: "24x16", firstLayer: "project" },
        classes: { conditional: "glasses", ema: 0 },
      } as const;
      for (const [name, options] of Object.entries(kinds)) {
        const run = `${folder}/${name}`;
        await trainTiny(device, { ...options, data: "faces", steps: 2, out: run });
        const out = `${folder}/${name}.safetensors`;
        const { paths, bytes, warnings } = await exportRun(run, { format: "safetensors", out });
        assertEquals([paths, warnings], [[out], []]);
        assertEquals(bytes, (await Deno.stat(out)).size);
        assertEquals(
          await drawn(device, out, `${folder}/file.npy`),
          await drawn(device, run, `${folder}/run.npy`),
          name,
        );
      }
    });
  },
);

gpuTest("exportRun() takes the weights that are asked for, and both networks of one step", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await trainTiny(device, { ema: 0.5, steps: 2, checkpointEvery: 1, out: run });
    const out = `${folder}/both`;
    const both = { format: "safetensors", discriminator: true, from: 1, ema: false, out } as const;
    const { paths } = await exportRun(run, both);
    assertEquals(paths, [`${out}/generator.safetensors`, `${out}/discriminator.safetensors`]);
    for (const name of ["generator", "discriminator"]) {
      const ours = await readSafetensors(`${run}/checkpoints/step-000001/${name}.safetensors`);
      const { tensors, metadata } = await readSafetensors(`${out}/${name}.safetensors`);
      assertEquals(tensors, ours.tensors);
      const { format, size, latent_distribution, step } = metadata;
      assertEquals([format, size, latent_distribution, step], ["pt", "16x16", "normal", "1"]);
    }
  });
});

Deno.test("exportRun() gives a state dict of any names and floats PyTorch's own names, in 32 bits", async () => {
  await withFolder(async (folder) => {
    const path = `${await checkpointIn(folder)}/generator.safetensors`;
    const { tensors } = await readSafetensors(path);
    const half = new Map([...tensors].map(([name, { shape, data }]): [string, TensorData] => [
      name.replace("main.", "module."),
      { dtype: "F16", shape, data: Float16Array.from(data as ArrayLike<number>, Number) },
    ]));
    await writeSafetensors(path, half);
    const out = `${folder}/out.safetensors`;
    await exportRun(path, { format: "safetensors", latentDistribution: "uniform", out });
    const found = await readSafetensors(out);
    assertEquals([...found.tensors.keys()].sort(), [...tensors.keys()].sort());
    assertEquals(found.metadata.latent_distribution, "uniform");
    for (const [name, { dtype, shape, data }] of found.tensors) {
      const own = tensors.get(name)!;
      assertEquals([name, dtype, shape], [name, own.dtype, own.shape]);
      assertEquals(
        Array.from(data as ArrayLike<number>, Number),
        Array.from(own.data as ArrayLike<number>, (value) => Math.f16round(Number(value))),
      );
    }
  });
});

Deno.test("exportRun() says what is wrong with options", async () => {
  const refuses = async (options: object, words: string, type: typeof Error = RangeError) => {
    await assertRejects(() => exportRun("run", options as ExportOptions), type, words);
  };
  await refuses({ out: "x" }, '"format" must be one of "onnx", "safetensors"');
  await refuses({ format: "onnx" }, '"out" must be the path of a file or folder, found undefined');
  await refuses({ format: "onnx", out: "x", quantize: 8 }, "quantize", TypeError);
  await refuses({ format: "onnx", out: "x", discriminator: true }, 'format "onnx" has no discriminator');
  await refuses({ format: "hub", out: "x" }, '"license" must be chosen for format "hub"');
  await refuses({ format: "hub", out: "x", license: "My own" }, "must be an identifier of lowercase letters");
  await refuses({ format: "torch", out: "x", license: "mit" }, '"license" is for format "hub"');
});

Deno.test("exportRun() says what is wrong with the run, and writes nothing", async () => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await Deno.mkdir(run);
    await Deno.writeTextFile(`${run}/config.json`, formatConfig(resolveConfig({ ...tiny, out: run })));
    const out = `${folder}/new.onnx`;
    const refuses = async (source: string, words: string, options: Partial<ExportOptions> = {}) => {
      await assertRejects(() => exportRun(source, { format: "onnx", out, ...options }), Error, words);
    };
    await refuses(run, `Cannot sample from ${run}: the run has no checkpoint yet`);
    await refuses(`${folder}/none`, `Cannot sample from ${folder}/none: it must be a run folder`);
    const checkpoint = await checkpointIn(folder);
    const file = `${checkpoint}/generator.safetensors`;
    await refuses(file, "Cannot export the discriminator of", { format: "torch", discriminator: true });
    const { tensors } = await readSafetensors(file);
    const without = new Map([...tensors].filter(([name]) => !name.endsWith("running_var")));
    await writeSafetensors(file, without);
    await refuses(file, "it lacks the running statistics of batch norms");
    await writeSafetensors(file, tensors, { latent_distribution: "round" });
    await refuses(file, 'the "latent_distribution" in its metadata must be "normal" or "uniform"');
    const aborted = AbortSignal.abort(new Error("stopped"));
    await refuses(checkpoint, "stopped", { signal: aborted });
    assertEquals(await namesIn(folder), ["run", "step-000007"]);
  });
});

Deno.test("exportRun() keeps what is there, unless it may be replaced", async () => {
  await withFolder(async (folder) => {
    const checkpoint = await checkpointIn(folder);
    const [file, full] = [`${folder}/mine.onnx`, `${folder}/full`];
    await Deno.writeTextFile(file, "mine");
    await Deno.mkdir(full);
    await Deno.writeTextFile(`${full}/model.py`, "mine");
    await Deno.writeTextFile(`${full}/notes.txt`, "mine");
    const refuses = async (out: string, format: "onnx" | "torch", words: string, overwrite = false) => {
      await assertRejects(() => exportRun(checkpoint, { format, out, overwrite }), RangeError, words);
    };
    await refuses(file, "onnx", `Cannot export to ${file}: it must be a new file, found a file`);
    await refuses(full, "onnx", "it must be a new file, found a folder with files. Name another one", true);
    await refuses(full, "torch", "it must be a new or empty folder, found a folder with files");
    await refuses(file, "torch", "it must be a new or empty folder, found a file", true);
    assertEquals(await Deno.readTextFile(file), "mine");

    await exportRun(checkpoint, { format: "onnx", out: file, overwrite: true });
    assert((await Deno.stat(file)).size > 1000);
    await exportRun(checkpoint, { format: "torch", out: `${full}/`, overwrite: true });
    assertEquals(await namesIn(full), ["generator.safetensors", "model.py", "notes.txt"]);
    assertStringIncludes(await Deno.readTextFile(`${full}/model.py`), "class Generator");
    assertEquals(await Deno.readTextFile(`${full}/notes.txt`), "mine");
    await Deno.mkdir(`${folder}/empty`);
    await exportRun(checkpoint, { format: "torch", out: `${folder}/empty` });
    assertEquals(await namesIn(folder), ["empty", "full", "mine.onnx", "step-000007"]);
  });
});

Deno.test("exportRun() leaves nothing, or what was there, if the disk is full at any point", async () => {
  await withFolder(async (folder) => {
    const checkpoint = await checkpointIn(folder);
    const exports = [{ format: "onnx", out: `${folder}/out/a.onnx` }, {
      format: "torch",
      out: `${folder}/out/a`,
    }] as const;
    for (const { format, out } of exports) {
      await Deno.mkdir(`${folder}/out`);
      for (let at = 1;; at++) {
        using faults = new FaultyFiles(`${folder}/out`, { at, fault: "fails" });
        const failure = await exportRun(checkpoint, { format, out }).then(() => undefined, (error) => error);
        if (!faults.isDone) {
          assert(at > 4, `${format} makes ${at - 1} operations`);
          assertEquals(failure, undefined);
          break;
        }
        assertStringIncludes(failure.message, `Cannot write ${out}`);
        assertStringIncludes(failure.message, "No space left on device");
        // By then all is there, and only whether its name would survive a power cut is not known
        const isNamed = faults.log.at(-1) === "sync ";
        assertEquals(await namesIn(`${folder}/out`), isNamed ? [basename(out)] : [], faults.log.join(", "));
        if (isNamed) await Deno.remove(out, { recursive: true });
      }
      await Deno.remove(`${folder}/out`, { recursive: true });
    }
  });
});
