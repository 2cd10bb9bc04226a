/** What the page says of samples that are alike, and of copies. */
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { assertEquals } from "@std/assert";
import { openGenerator } from "../../../src/dcgan/explore/open_generator.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { train } from "../../../src/dcgan/train.ts";
import type { Trainer } from "../../../src/dcgan/trainer.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { tiny } from "../../dcgan/tiny.ts";
import { sharedDevice } from "../../support/gpu.ts";
import { withFolder } from "../../support/temp_folder.ts";
import { studioTest, waitForState } from "../studio.ts";

/** A rate at which nothing is learned: samples stay what they are. */
const STILL = { learningRate: 1e-12, dLearningRate: 1e-12 } as const;

/** Samples that a run is scored by, all of them from its seed. */
const SCORED = 1000;

studioTest(
  "the studio says in words that samples are alike, and that they are copies",
  (open) =>
    withFolder(async (folder) => {
      const device = await sharedDevice();
      // Samples that nothing was learned for are gray after many steps, too
      const alike = `${folder}/alike`;
      await trainUpTo(device, 1505, { ...STILL, data: "faces", steps: 1508, out: alike });
      // Samples of the run's own seed as its pictures: it draws those to the last byte
      const teacher = `${folder}/teacher`;
      await trainUpTo(device, 150, { data: "faces", steps: 150, out: teacher });
      const pictures = `${folder}/pictures.zip`;
      await Deno.writeFile(pictures, await samplesOf(device, teacher));
      const copying = `${folder}/copying`;
      await trainUpTo(device, 3, { ...STILL, from: teacher, data: pictures, steps: 6, out: copying });

      const { page, wrong } = await open();
      const files = page.locator("#train .drop-zone input[type=file]");
      const notices = page.locator(".notices");
      await files.first().setInputFiles(alike);
      await waitForState(page, "Paused");
      await page.getByRole("button", { name: "Continue" }).click();
      await waitForState(page, "Done");
      await notices.getByText("The samples look alike: the generator may have collapsed.").waitFor();

      await page.getByRole("button", { name: "New run" }).click();
      await files.first().setInputFiles(copying);
      await notices.getByText("give it its pictures again").waitFor();
      await files.nth(1).setInputFiles(pictures);
      await waitForState(page, "Paused");
      assertEquals(await notices.getByText("near copies of your pictures").count(), 0);
      await page.getByRole("button", { name: "Continue" }).click();
      await waitForState(page, "Done");
      await notices.getByText(
        "The samples are near copies of your pictures: the networks have memorized them.",
      )
        .waitFor();
      assertEquals(wrong, []);
    }),
);

/** Trains a tiny run to a step, and leaves it there. It is scored at its end alone, which the page reaches. */
async function trainUpTo(device: Device, step: number, options: TrainOptions): Promise<void> {
  const all = { ...tiny, ...options, scoreEvery: 1_000_000, sampleEvery: 0 };
  let steps = 0;
  const hooks = {
    stepsAhead: () => step - steps,
    begin: (trainer: Trainer) => void (steps = trainer.steps),
  };
  for await (const event of train(device, all, hooks)) {
    if (event.type !== "metrics") continue;
    steps = event.step;
    if (steps >= step) break;
  }
}

/** A zip of the samples of a run's seed. */
async function samplesOf(device: Device, run: string): Promise<Uint8Array> {
  using generator = await openGenerator(device, run);
  const [width, channels] = [16, 3] as const;
  const each = width * width * channels;
  const data = await generator.draw(generator.latents(tiny.seed, SCORED));
  const zip = new ZipWriter(new Uint8ArrayWriter());
  for (let at = 0; at < SCORED; at++) {
    const bytes = data.slice(at * each, (at + 1) * each);
    const png = await encodePng({ width, height: width, channels, data: bytes });
    await zip.add(`${at}.png`, new Uint8ArrayReader(png));
  }
  return await zip.close();
}
