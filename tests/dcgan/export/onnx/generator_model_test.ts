/** ONNX files against ONNX Runtime. */
import { assert, assertEquals } from "@std/assert";
import * as ort from "onnxruntime-web";
import { exportRun } from "../../../../src/dcgan/export/export_run.ts";
import { sidesOf } from "../../../../src/pictures/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { withFolder } from "../../../support/temp_folder.ts";
import { type Case, differences, KINDS, makeCase } from "../kinds.ts";

ort.env.wasm.numThreads = 1;

/** What ONNX Runtime draws. */
async function drawWithRuntime(path: string, { count, latents, labels, architecture }: Case) {
  const session = await ort.InferenceSession.create(await Deno.readFile(path));
  const inputs: Record<string, ort.Tensor> = {
    latent: new ort.Tensor("float32", latents, [count, architecture.latent]),
  };
  if (labels) inputs.class = new ort.Tensor("int64", BigInt64Array.from(labels, BigInt), [count]);
  assertEquals(session.inputNames, Object.keys(inputs));
  const { image } = await session.run(inputs);
  await session.release();
  return image!;
}

for (const [kind, architecture] of Object.entries(KINDS)) {
  gpuTest(`generatorModel() draws the same pictures in ONNX Runtime: ${kind}`, async (device) => {
    await withFolder(async (folder) => {
      const known = await makeCase(device, architecture, folder);
      const out = `${folder}/generator.onnx`;
      await exportRun(known.checkpoint, { format: "onnx", out });
      const image = await drawWithRuntime(out, known);
      const { width, height } = sidesOf(architecture.size);
      assertEquals(image.dims, [known.count, architecture.channels, height, width]);
      const { largest, spread } = differences(known.images, image.data as Float32Array);
      assert(largest < 1e-4, `off by ${largest}`);
      assert(spread > 0.3, `all values within ${spread}`);
    });
  });
}
