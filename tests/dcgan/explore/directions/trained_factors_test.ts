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

/** Mean level of the middle of each picture, where faces show their skin. */
function lightness(pictures: Uint8Array, count: number): number[] {
  return Array.from({ length: count }, (_, picture) => {
    let sum = 0;
    for (let y = 7; y < 11; y++) {
      for (let x = 6; x < 10; x++) {
        for (let c = 0; c < 3; c++) sum += pictures[((picture * 16 + y) * 16 + x) * 3 + c]! / 48;
      }
    }
    return sum;
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

gpuTest(
  "directions() finds known factors of faces in a trained run, each twice with |cos| 0.8",
  async (device) => {
    await withFolder(async (run) => {
      await trainFaces(device, run);
      const labels = ["skin", "hair_color", "hair_style", "glasses", "background", "smile", "turn"];
      const { directions: all } = await directions(device, run, { method: "factors", labels, samples: 2048 });
      const found = all as readonly FactorDirection[];
      const text = found.map(({ name, agreement }) => `${name} ${agreement.toFixed(2)}`).join(", ");
      assertEquals(found.length, 35);
      // A class that a run hardly draws is in a network's noise: one in ten may be
      assert(found.filter(({ agreement }) => agreement >= 0.8).length >= 31, text);
      assert(found.filter((one) => one.found).length >= 28, text);
      for (const label of labels) {
        assert(found.some((one) => one.label === label && one.found), `${label}: ${text}`);
      }

      using generator = await openGenerator(device, run);
      const dark = found.find(({ name }) => name === "skin=espresso")!;
      const count = 64;
      const drawAt = async (sigmas: number) => {
        const latents = generator.latents(9, count);
        for (let i = 0; i < count; i++) {
          latents.set(moveLatent(latents.subarray(i * 16, (i + 1) * 16), [[dark, sigmas]], "normal"), i * 16);
        }
        return lightness(await generator.draw(latents), count);
      };
      // Four deviations along it change what it is of by more than samples differ in that
      const [still, against, along] = [await drawAt(0), mean(await drawAt(-2)), mean(await drawAt(2))];
      const deviation = Math.sqrt(mean(still.map((value) => (value - mean(still)) ** 2)));
      assert(
        against - along > 1.5 * deviation,
        `lightness goes from ${against} to ${along}, deviation ${deviation}`,
      );
    });
  },
);
