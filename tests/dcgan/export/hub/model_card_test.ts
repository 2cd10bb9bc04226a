/** Folders for Hugging Face. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exportRun } from "../../../../src/dcgan/export/export_run.ts";
import { sample } from "../../../../src/dcgan/sample.ts";
import { decodePicture } from "../../../../src/pictures/mod.ts";
import { readSafetensors } from "../../../../src/nn/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { withFiles } from "../../../datasets/support/folders.ts";
import { namesIn, trainTiny, withFolder } from "../../tiny.ts";
import { KINDS, makeCase } from "../kinds.ts";
import { encodePng } from "../../../../src/pictures/mod.ts";
import { ramp } from "../../../pictures/files.ts";

gpuTest("modelCard() tells of a run, and of no folder of its author", async (device) => {
  const pictures = Array.from(
    { length: 24 },
    async (_, at) => [`secret/${at}.png`, await encodePng(ramp(9 + at, 20))] as const,
  );
  await withFiles(Object.fromEntries(await Promise.all(pictures)), async (folder) => {
    const run = `${folder}/cats_1`;
    await trainTiny(device, {
      data: `${folder}/secret`,
      steps: 2,
      ema: 0.5,
      scoreEvery: 2,
      loss: "hinge",
      out: run,
    });
    const out = `${folder}/hub`;
    const { paths } = await exportRun(run, {
      format: "hub",
      license: "cc-by-4.0",
      out,
      device,
      discriminator: true,
    });
    const names = [
      "README.md",
      "config.json",
      "generator.safetensors",
      "discriminator.safetensors",
      "model.py",
      "generator.onnx",
      "samples.png",
    ];
    assertEquals(paths, names.map((name) => `${out}/${name}`));
    const card = await Deno.readTextFile(`${out}/README.md`);
    assert(card.startsWith("---\nlicense: cc-by-4.0\npipeline_tag: unconditional-image-generation\ntags:\n"));
    for (
      const words of [
        "# cats\\_1\n",
        "draws color images of 16x16 pixels",
        "From run cats\\_1, step 2: the moving average of its weights.",
        "Data: pictures of its author, 24 images.",
        "| `loss` | hinge |",
        "| `discriminator.safetensors` | the discriminator's weights",
        "## Scores",
        "| sliced Wasserstein | ",
      ]
    ) assertStringIncludes(card, words);
    for (const name of ["README.md", "config.json", "model.py"]) {
      const text = await Deno.readTextFile(`${out}/${name}`);
      assert(!text.includes("secret") && !text.includes(folder), name);
    }
    const config = JSON.parse(await Deno.readTextFile(`${out}/config.json`));
    assertEquals([
      config.model_type,
      config.step,
      config.weights,
      config.generator.size,
      config.discriminator.ndf,
    ], [
      "dcgan",
      2,
      "ema",
      "16x16",
      4,
    ]);
    const { tensors } = await readSafetensors(`${out}/generator.safetensors`);
    const own = await readSafetensors(`${run}/checkpoints/step-000002/generator_ema.safetensors`);
    assertEquals(tensors, own.tensors);
    // The samples are those of the weights beside them
    const drawn = `${folder}/samples.png`;
    await sample(device, `${out}/generator.safetensors`, { count: 64, seed: 1, scale: 4, out: drawn });
    const [shown, expected] = await Promise.all(
      [`${out}/samples.png`, drawn].map(async (path) => await decodePicture(await Deno.readFile(path))),
    );
    assertEquals(shown, expected);
  });
});

gpuTest("modelCard() tells of a file what is in it", async (device) => {
  await withFolder(async (folder) => {
    const { checkpoint } = await makeCase(device, KINDS.classes!, folder);
    const out = `${folder}/hub`;
    await exportRun(`${checkpoint}/generator.safetensors`, { format: "hub", license: "mit", out, device });
    const card = await Deno.readTextFile(`${out}/README.md`);
    for (
      const words of [
        "a row of 8 of each class, of seed 1",
        '0 cat, 1 a "dog", 2 \u00fc\\\\.',
        "Exported with @x/dcgan",
      ]
    ) {
      assertStringIncludes(card, words);
    }
    for (const words of ["## Training", "## Scores", "discriminator"]) assert(!card.includes(words), words);
    assertEquals((await namesIn(out)).length, 6);
    const { width, height } = await decodePicture(await Deno.readFile(`${out}/samples.png`));
    assertEquals([width, height], [8 * 66 + 2, 3 * 66 + 2]);
  });
});
