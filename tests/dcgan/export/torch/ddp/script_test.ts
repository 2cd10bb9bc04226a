import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { exportRun } from "../../../../../src/dcgan/export/export_run.ts";
import type { TrainOptions } from "../../../../../src/dcgan/options/options.ts";
import { sample } from "../../../../../src/dcgan/sample.ts";
import { train } from "../../../../../src/dcgan/train.ts";
import { encodeNpy } from "../../../../../src/nn/mod.ts";
import { encodePng } from "../../../../../src/pictures/mod.ts";
import { gpuTest, sharedDevice } from "../../../../support/gpu.ts";
import { randomValues } from "../../../../support/random.ts";
import { namesIn, tiny, trainTiny, withFolder } from "../../../tiny.ts";
import { pythonTest } from "../python.ts";
import { runAlone, runTogether, unusedNames } from "./processes.ts";
import { drift, packFaces, PART, scripted, written } from "./scripted.ts";

gpuTest("exportRun() writes a training script only of what it can go on with", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    const refuses = async (source: string, message: string, options: TrainOptions) => {
      await trainTiny(device, { data: "faces", steps: 1, ...options, out: source });
      const error = await assertRejects(
        () => exportRun(source, { format: "torch", ddp: true, out: `${folder}/torch` }),
        RangeError,
      );
      assertStringIncludes(error.message, message);
    };
    const schedule = { from: 0.9, to: 0.99 };
    await refuses(run, '"beta2" must be one number, found a schedule', { beta2: schedule });
    await refuses(`${folder}/local`, '"bn" must be sync', { shards: 2, bn: "local" });
    if (device.capabilities.f16) {
      await refuses(`${folder}/f16`, '"precision" must be f32', { precision: "f16" });
    }
    await exportRun(run, { format: "safetensors", out: `${folder}/g.safetensors` });
    const scriptOf = (source: string, format: "torch" | "onnx" = "torch") =>
      exportRun(source, { format, ddp: true, out: `${folder}/torch` });
    await assertRejects(
      () => scriptOf(`${folder}/g.safetensors`),
      RangeError,
      "found the file of a generator",
    );
    await assertRejects(() => scriptOf(run, "onnx"), RangeError, '"ddp" is for format "torch"');
    await Deno.rename(`${run}/checkpoints/step-000001`, `${folder}/step-000001`);
    await assertRejects(() => scriptOf(`${folder}/step-000001`), RangeError, "found a checkpoint alone");
    await assertRejects(() => Deno.stat(`${folder}/torch`), Deno.errors.NotFound);
  });
});

gpuTest("exportRun() says what of a run is not in its training script", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await trainTiny(device, { data: "faces", steps: 1, emaSnapshots: 2, onNan: "rollback", out: run });
    const out = `${folder}/torch`;
    const { paths, warnings } = await exportRun(run, { format: "torch", ddp: true, out });
    assertEquals(warnings, [
      "The script keeps no snapshots for --ema-length (emaSnapshots)",
      "The script stops at a NaN, and does not roll back (onNan)",
    ]);
    const names = ["discriminator.safetensors", "generator.safetensors", "model.py"];
    assertEquals(await namesIn(out), [...names, "train_ddp.py", "training.safetensors"]);
    assertEquals(paths.length, 5);
    const lines = (await Deno.readTextFile(`${out}/train_ddp.py`)).split("\n");
    assertEquals(lines.filter((line) => line.length > 110), []);
  });
});

pythonTest("train_ddp.py has nothing that its run does not use, and goes on from its own state", async () => {
  const device = await sharedDevice();
  await withFolder(async (folder) => {
    const ada = { augment: ["color", "translation"], augmentTarget: 0.6, ema: 0.9 } as const;
    await scripted(device, folder, { ...ada, loss: "least-squares", steps: 2 * PART });
    await packFaces(`${folder}/faces.npy`);
    const script = `${folder}/torch/train_ddp.py`;
    assertEquals(await unusedNames(script), "");
    const data = ["--data", "faces.npy", "--workers", "1"];
    const go = async (...args: string[]) => {
      const { success, errors } = await runAlone([script, ...data, ...args], folder);
      assert(success, errors);
    };
    await go("--out", "whole");
    await go("--out", "parts", "--steps", `${PART + 3}`);
    await go("--out", "parts", "--from", "parts/state.pt");
    assertEquals(await namesIn(`${folder}/parts`), [
      "netG.pth",
      "samples-000007.png",
      "samples-000008.png",
      "state.pt",
    ]);
    assertEquals(await written(`${folder}/parts`, true), await written(`${folder}/whole`, true));

    const says = async (message: string, ...args: string[]) => {
      const { success, errors } = await runAlone([script, ...args], folder);
      assert(!success);
      assertStringIncludes(errors, message);
    };
    const floats = encodeNpy({ shape: [1, 16, 16, 3], data: new Float32Array(16 * 16 * 3) });
    await Deno.writeFile(`${folder}/floats.npy`, floats);
    await Deno.mkdir(`${folder}/empty`);
    await Promise.all([
      says(
        "There is a state already: whole/state.pt.",
        ...data,
        "--out",
        "whole",
        "--from",
        "parts/state.pt",
      ),
      says(`All ${2 * PART} steps are done.`, ...data, "--out", "whole", "--from", "whole/state.pt"),
      says("found nothing at nowhere", "--data", "nowhere"),
      says("must be a folder of pictures or a .npy file", "--data", "whole/netG.pth"),
      says("floats.npy must hold bytes of the shape [N, 16, 16, 3], found", "--data", "floats.npy"),
      says("empty must hold pictures, found none", "--data", "empty"),
    ]);
    const three = await runTogether(3, [script, ...data], folder);
    assertEquals([three.success, three.output], [false, ""]);
    assertEquals(
      three.errors.trim(),
      "The batch of 8 must fall into 1 x 1 equal shares (ACCUMULATE x PACK) for each " +
        "process, found 3 processes. Start fewer.",
    );
    assertEquals(await namesIn(folder), [
      "empty",
      "faces.labels.json",
      "faces.npy",
      "floats.npy",
      "parts",
      "run",
      "torch",
      "whole",
    ]);
  });
});

pythonTest("train_ddp.py takes a folder of pictures in the run's order, its folders as classes", async () => {
  const device = await sharedDevice();
  await withFolder(async (folder) => {
    const names = [
      "cats/b.png",
      "cats/A.png",
      "cats/\u00fc.png",
      "dogs/10.png",
      "dogs/9.png",
      "dogs/in/c.png",
    ];
    // Code units have another order than characters
    names.push("dogs/\uff5e.png", "dogs/\u{1f600}.png");
    for (const [at, name] of names.entries()) {
      const data = Uint8Array.from(randomValues(16 * 16 * 3, at + 1, [0, 256]));
      const path = `${folder}/pictures/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeFile(path, await encodePng({ width: 16, height: 16, channels: 3, data }));
    }
    await scripted(device, folder, {
      data: `${folder}/pictures`,
      dataOptions: {},
      conditional: true,
      steps: 2 * PART,
    });
    const script = `${folder}/torch/train_ddp.py`;
    const ended = await runTogether(
      2,
      [script, "--data", "pictures", "--out", "out", "--workers", "0"],
      folder,
    );
    assert(ended.success, ended.errors);
    assertEquals(ended.output.includes("another order"), false);
    assert(await drift(folder, await written(`${folder}/out`), 2) < 1e-5);

    // What it draws from is drawn from here, its classes by their names
    await sample(device, `${folder}/out/netG.pth`, { count: 4, classes: ["in"], out: `${folder}/in.png` });
    const again = { ...tiny, data: `${folder}/pictures`, from: `${folder}/out/state.pt`, steps: 1 };
    await Array.fromAsync(train(device, { ...again, batch: 8, out: `${folder}/again` }));

    await Deno.rename(`${folder}/pictures/cats`, `${folder}/pictures/birds`);
    const renamed = await runAlone([script, "--data", "pictures", "--out", "more"], folder);
    assert(!renamed.success);
    assertStringIncludes(
      renamed.errors,
      "must be the classes ['cats', 'dogs', 'in'], found ['birds', 'dogs', 'in']",
    );
    await Deno.rename(`${folder}/pictures/birds`, `${folder}/pictures/cats`);
    await Deno.writeTextFile(`${folder}/pictures/cats/b.png`, "no picture");
    const broken = await runAlone([script, "--data", "pictures", "--out", "more"], folder);
    assertStringIncludes(broken.errors, "Cannot read the picture pictures/cats/b.png");
  });
});
