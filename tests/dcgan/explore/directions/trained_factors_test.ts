import { assert, assertEquals } from "@std/assert";
import { directions } from "../../../../src/dcgan/explore/directions/directions.ts";
import type { FactorDirection } from "../../../../src/dcgan/explore/directions/factor_directions.ts";
import { moveLatent } from "../../../../src/dcgan/explore/directions/latent_direction.ts";
import { openGenerator } from "../../../../src/dcgan/explore/open_generator.ts";
import type { Device } from "../../../../src/gpu/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { trainTiny, withFolder } from "../../tiny.ts";

/** Trains half a minute: faces in which skin, hair, background, glasses and the turn of the head are told apart. */
async function trainFaces(device: Device, out: string): Promise<void> {
  await trainTiny(device, {
    out,
    data: "faces",
    dataOptions: { length: 4000 },
    ...{ ngf: 8, ndf: 8, latent: 16, batch: 32, steps: 400 },
    ...{ upsampling: "nearest", learningRate: 1e-3, sampleEvery: 0 },
  });
}

/** Mean blue minus red of the upper corners, where faces show the background. */
function blueness(pictures: Uint8Array, count: number): number {
  let sum = 0;
  for (let picture = 0; picture < count; picture++) {
    for (const pixel of [0, 1, 14, 15, 16, 31]) {
      const at = (picture * 256 + pixel) * 3;
      sum += (pictures[at + 2]! - pictures[at]!) / (6 * count);
    }
  }
  return sum;
}

gpuTest(
  "directions() finds known factors of faces in a trained run, each twice with |cos| 0.8",
  async (device) => {
    await withFolder(async (run) => {
      await trainFaces(device, run);
      const { directions: all } = await directions(device, run, { method: "factors", samples: 2048 });
      const found = all as readonly FactorDirection[];
      const text = found.map(({ name, agreement }) => `${name} ${agreement.toFixed(2)}`).join(", ");
      assertEquals(found.length, 35);
      // A class that a run hardly draws is in a network's noise: one in ten may be
      assert(found.filter(({ agreement }) => agreement >= 0.8).length >= 31, text);
      assert(found.filter((one) => one.found).length >= 28, text);
      for (const label of ["skin", "hair_color", "hair_style", "glasses", "background", "smile", "turn"]) {
        assert(found.some((one) => one.label === label && one.found), `${label}: ${text}`);
      }

      using generator = await openGenerator(device, run);
      const sky = found.find(({ name }) => name === "background=sky")!;
      const count = 32;
      const drawAt = async (sigmas: number) => {
        const latents = generator.latents(9, count);
        for (let i = 0; i < count; i++) {
          latents.set(moveLatent(latents.subarray(i * 16, (i + 1) * 16), [[sky, sigmas]], "normal"), i * 16);
        }
        return blueness(await generator.draw(latents), count);
      };
      const [against, along] = [await drawAt(-2), await drawAt(2)];
      assert(along - against > 12, `backgrounds go from ${against} to ${along}`);
    });
  },
);
