/** Folders for PyTorch against PyTorch. */
import { assert, assertEquals } from "@std/assert";
import { exportRun } from "../../../../src/dcgan/export/export_run.ts";
import type { Architecture } from "../../../../src/dcgan/networks/architecture.ts";
import type { Device } from "../../../../src/gpu/mod.ts";
import { type TensorData, writeSafetensors } from "../../../../src/nn/mod.ts";
import { decodePicture, type Picture, sidesOf, toRgba } from "../../../../src/pictures/mod.ts";
import { sharedDevice } from "../../../support/gpu.ts";
import { withFolder } from "../../../support/temp_folder.ts";
import { type Case, differences, KINDS, makeCase } from "../kinds.ts";
import { pythonTest, runPython } from "./python.ts";

/** Draws with the modules of each folder, and has them judge the pictures. */
const COMPARE = `
import importlib.util, sys, torch
for folder in sys.argv[1:]:
    spec = importlib.util.spec_from_file_location("model", folder + "/torch/model.py")
    model = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(model)
    inputs = model.read_safetensors(folder + "/inputs.safetensors")
    labels = [inputs["labels"]] if "labels" in inputs else []
    with torch.no_grad():
        images = model.load_generator()(inputs["latents"], *labels)
        packed = images.reshape(-1, int(inputs["pack"]) * model.CHANNELS, model.HEIGHT, model.WIDTH)
        logits = model.load_discriminator()(packed, *[one[::int(inputs["pack"])] for one in labels])
    images.numpy().tofile(folder + "/images.bin")
    logits.numpy().tofile(folder + "/logits.bin")
    model.save_png(images, folder + "/images.png")
`;

/** Exports networks of a kind, and writes what they are to be given beside them. */
async function exportCase(device: Device, architecture: Architecture, folder: string): Promise<Case> {
  await Deno.mkdir(folder);
  const known = await makeCase(device, architecture, folder);
  const out = `${folder}/torch`;
  const { paths } = await exportRun(known.checkpoint, { format: "torch", discriminator: true, out });
  const names = ["generator.safetensors", "discriminator.safetensors", "model.py"];
  assertEquals(paths, names.map((name) => `${out}/${name}`));
  const { count, latents, labels } = known;
  const integers = (values: readonly number[]): TensorData => ({
    dtype: "I64",
    shape: [values.length],
    data: BigInt64Array.from(values, BigInt),
  });
  const inputs = new Map<string, TensorData>([
    ["latents", { dtype: "F32", shape: [count, architecture.latent], data: latents }],
    ["pack", integers([architecture.pack ?? 1])],
  ]);
  if (labels) inputs.set("labels", integers(labels));
  await writeSafetensors(`${folder}/inputs.safetensors`, inputs);
  return known;
}

async function floats(path: string): Promise<Float32Array> {
  return new Float32Array((await Deno.readFile(path)).buffer);
}

pythonTest("modelScript() gives PyTorch the same pictures and logits, whatever the networks", async () => {
  const device = await sharedDevice();
  await withFolder(async (root) => {
    const cases: [string, Case][] = [];
    for (const [kind, architecture] of Object.entries(KINDS)) {
      cases.push([kind, await exportCase(device, architecture, `${root}/${kind}`)]);
    }
    // One process, as PyTorch takes seconds to load
    await runPython(["-c", COMPARE, ...cases.map(([kind]) => `${root}/${kind}`)], root);
    for (const [kind, { architecture, count, images, logits }] of cases) {
      const folder = `${root}/${kind}`;
      const drawn = differences(images, await floats(`${folder}/images.bin`));
      assert(drawn.largest < 1e-5, `${kind}: images are off by ${drawn.largest}`);
      assert(drawn.spread > 0.3, `${kind}: all values are within ${drawn.spread}`);
      const judged = differences(logits, await floats(`${folder}/logits.bin`));
      assert(
        judged.largest < 1e-5 * Math.max(1, judged.scale),
        `${kind}: logits are off by ${judged.largest}`,
      );
      assert(judged.spread > 0.01, `${kind}: all logits are within ${judged.spread}`);
      await checkPng(`${folder}/images.png`, architecture, count, images);
    }
  });
});

/** Four pictures in two rows. */
async function checkPng(
  path: string,
  { size, channels }: Architecture,
  count: number,
  images: Float32Array,
): Promise<void> {
  const bytes = await Deno.readFile(path);
  assertEquals(bytes[25], [0, 4, 2, 6][channels - 1], path);
  const { width, height } = sidesOf(size);
  const { data, ...sides } = toRgba(await decodePicture(bytes));
  assertEquals([count, sides.width, sides.height], [4, 2 * width, 2 * height]);
  // The first channel of the last picture
  const plane = images.subarray(3 * channels * width * height);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [width + at % width, height + Math.floor(at / width)];
    const level = (plane[at]! + 1) * 127.5;
    assert(Math.abs(data[4 * (y * 2 * width + x)]! - level) < 0.6, `${path}: ${x}, ${y}`);
  }
}

pythonTest("model.py draws a PNG by itself", async () => {
  const device = await sharedDevice();
  await withFolder(async (root) => {
    const folder = `${root}/plain`;
    await exportCase(device, KINDS.plain!, folder);
    const said = await runPython([`${folder}/torch/model.py`, "--count", "5", "--out", "drawn.png"], root);
    assertEquals(said, "5 images: drawn.png\n");
    const drawn = await decodePicture(await Deno.readFile(`${root}/drawn.png`));
    assertEquals([drawn.width, drawn.height], [3 * 16, 2 * 16]);
    assert(new Set(drawn.data).size > 50);
  });
});

pythonTest("model.py draws one class, or a column of each", async () => {
  const device = await sharedDevice();
  await withFolder(async (root) => {
    const folder = `${root}/classes`;
    await exportCase(device, KINDS.classes!, folder);
    const draw = async (...args: string[]) => {
      await runPython([`${folder}/torch/model.py`, "--count", "6", "--out", "one.png", ...args], root);
      return await decodePicture(await Deno.readFile(`${root}/one.png`));
    };
    const [cats, all] = [await draw("--class", "cat"), await draw()];
    assertEquals([all.width, all.height, cats.width], [3 * 16, 2 * 16, 3 * 16]);
    const inCat = (x: number) => x % 48 < 16;
    const isSame = (picture: Picture, x: number) =>
      Array.from({ length: 32 }, (_, y) => 4 * (y * 48 + x)).every((at) =>
        picture.data[at] === cats.data[at]
      );
    for (let x = 0; x < 48; x++) assertEquals([x, isSame(all, x)], [x, inCat(x)]);
  });
});
