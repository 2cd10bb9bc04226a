import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { readCheckpoint } from "../../../src/dcgan/checkpoints/read_checkpoint.ts";
import { writeCheckpoint } from "../../../src/dcgan/checkpoints/checkpoint.ts";
import { hostLatent } from "../../../src/dcgan/networks/latent.ts";
import { resolveConfig, type TrainConfig } from "../../../src/dcgan/options/config.ts";
import { STREAMS } from "../../../src/dcgan/streams.ts";
import { Trainer } from "../../../src/dcgan/trainer.ts";
import { applyWeights } from "../../../src/dcgan/weights/apply_weights.ts";
import { readStartingWeights } from "../../../src/dcgan/weights/starting_weights.ts";
import { trainingStateOf } from "../../../src/dcgan/weights/training_state.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { encodeNpy, readWeights, stateDict, writeSafetensors } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";
import { bytesOf, withFolder } from "../tiny.ts";

const PYTHON = "/usr/bin/python3";
const PART = 100;
const PIXELS = 16 * 16;
const SCRIPT = fileURLToPath(new URL("./continue_in_pytorch.py", import.meta.url));
const config = resolveConfig({ size: 16, ngf: 8, ndf: 8, latent: 8, batch: 4, steps: 3 * PART, seed: 3 });

/** Whether there is a PyTorch. */
async function hasTorch(): Promise<boolean> {
  try {
    return (await new Deno.Command(PYTHON, { args: ["-c", "import torch"] }).output()).success;
  } catch {
    return false;
  }
}

function imagesOf(step: number): Uint8Array {
  return Uint8Array.from(randomValues(config.batch * PIXELS * 3, step + 1, [0, 256]));
}

function runSteps(trainer: Trainer, count: number): void {
  for (let i = 0; i < count; i++) trainer.step(imagesOf(trainer.steps));
}

/** The latents and images of steps, as arrays for PyTorch. */
async function writeBatches(folder: string, first: number, count: number): Promise<string[]> {
  const { batch, latent } = config;
  const latents = new Float32Array(count * batch * latent);
  const images = new Float32Array(count * batch * 3 * PIXELS);
  for (let i = 0; i < count; i++) {
    const source = { seed: config.seed, stream: STREAMS.latent, counter: first + i };
    latents.set(hostLatent(batch, latent, "normal", source), i * batch * latent);
    const bytes = imagesOf(first + i);
    for (let j = 0; j < bytes.length; j++) {
      const [image, pixel, channel] = [Math.floor(j / 3 / PIXELS), Math.floor(j / 3) % PIXELS, j % 3];
      images[((i * batch + image) * 3 + channel) * PIXELS + pixel] = bytes[j]! / 127.5 - 1;
    }
  }
  const paths = [`${folder}/latents.npy`, `${folder}/images.npy`] as const;
  await Deno.writeFile(paths[0], encodeNpy({ shape: [count, batch, latent], data: latents }));
  await Deno.writeFile(paths[1], encodeNpy({ shape: [count, batch, 3, 16, 16], data: images }));
  return [...paths];
}

/** A trainer that continues with what PyTorch saved. */
async function continued(device: Device, path: string, steps: number, config: TrainConfig): Promise<Trainer> {
  const trainer = new Trainer(device, config);
  applyWeights(await readStartingWeights(path), trainer, config);
  trainer.state().get("counter")!.set([steps]);
  trainer.continueFrom(steps);
  return trainer;
}

/** The same file without the states of optimizers. */
async function withoutOptimizers(path: string): Promise<string> {
  const { tensors } = await readWeights(path);
  const target = path.replace(".pt", "-weights.safetensors");
  await writeSafetensors(target, new Map([...tensors].filter(([name]) => name.startsWith("net"))));
  return target;
}

/** How far the parameters of two trainers are apart, relative to how far one has come. */
async function drift(one: Trainer, other: Trainer, start: Trainer): Promise<number> {
  let [apart, come] = [0, 0];
  for (const name of ["generator", "discriminator"] as const) {
    const [a, b, c] = await Promise.all([one, other, start].map((trainer) => stateDict(trainer[name])));
    for (const [key, { data }] of a!) {
      if (key.endsWith("num_batches_tracked")) continue;
      for (let i = 0; i < data.length; i++) {
        apart += (Number(data[i]) - Number(b!.get(key)!.data[i])) ** 2;
        come += (Number(data[i]) - Number(c!.get(key)!.data[i])) ** 2;
      }
    }
  }
  return Math.sqrt(apart / come);
}

gpuTest("a run that PyTorch continues and hands back is the run that went on here", async (device) => {
  if (!await hasTorch()) {
    console.log(`Skipped, as ${PYTHON} has no torch`);
    return;
  }
  await withFolder(async (folder) => {
    using start = new Trainer(device, config);
    using whole = new Trainer(device, config);
    runSteps(whole, PART);
    const path = await writeCheckpoint(`${folder}/checkpoints`, whole);
    const { tensors, metadata } = trainingStateOf(await readCheckpoint({ path, step: PART }), config);
    await writeSafetensors(`${folder}/state.safetensors`, tensors, metadata);

    using same = await continued(device, `${folder}/state.safetensors`, PART, config);
    assertEquals(await bytesOf(same), await bytesOf(whole));

    const batches = await writeBatches(folder, PART, PART);
    for (const kind of ["float", "double"]) {
      const args = [SCRIPT, `${folder}/state.safetensors`, ...batches, `${folder}/${kind}.pt`, kind];
      const { success, stderr } = await new Deno.Command(PYTHON, { args }).output();
      assert(success, new TextDecoder().decode(stderr));
    }
    runSteps(whole, PART);
    using exact = await continued(device, `${folder}/double.pt`, 2 * PART, config);
    using float = await continued(device, `${folder}/float.pt`, 2 * PART, config);
    using weightsAlone = await continued(
      device,
      await withoutOptimizers(`${folder}/double.pt`),
      2 * PART,
      config,
    );
    // What is rounded otherwise turns an activation off that was on, sooner or later, and runs part. In PyTorch
    // they part as well: its floats from its doubles
    const check = async (most: number): Promise<void> => {
      const [toExact, toFloat, ofPytorch] = [
        await drift(whole, exact, start),
        await drift(whole, float, start),
        await drift(float, exact, start),
      ];
      const found = `after ${whole.steps} steps: ${toExact} and ${toFloat}, in PyTorch ${ofPytorch}`;
      assert(ofPytorch < 0.05, found);
      assert(toExact <= Math.max(most, 2 * ofPytorch), found);
      assert(toFloat <= Math.max(most, 2 * ofPytorch), found);
    };
    await check(1e-5);
    for (const one of [whole, exact, float, weightsAlone]) runSteps(one, PART);
    await check(1e-4);
    // Without moments it is another run
    assert(await drift(whole, weightsAlone, start) > 3 * await drift(whole, exact, start));
    await Promise.all([whole, exact, float, weightsAlone].map((one) => one.metrics()));
  });
});
