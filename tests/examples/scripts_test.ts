/** The examples that people start from do what they say. */
import { assert, assertEquals } from "@std/assert";
import { trainAutoencoder } from "../../examples/autoencoder.ts";
import { sampleBestRun } from "../../examples/sample_best_run.ts";
import { serveSamples } from "../../examples/sample_server.ts";
import { trainAndSample } from "../../examples/train_from_a_script.ts";
import { trainWgan } from "../../examples/wgan_critic.ts";
import { decodePicture } from "../../src/pictures/mod.ts";
import { queryRuns } from "../../src/dcgan/runs/query_runs.ts";
import { train } from "../../src/dcgan/train.ts";
import { withFolder } from "../support/temp_folder.ts";
import { gpuTest } from "../support/gpu.ts";

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

gpuTest("examples/autoencoder.ts learns to draw faces again", async (device) => {
  const losses = await trainAutoencoder(device, 40);
  assert(mean(losses.slice(-5)) < 0.6 * mean(losses.slice(0, 5)), losses.join(" "));
});

gpuTest("examples/wgan_critic.ts tells real images from fake ones", async (device) => {
  const distances = await trainWgan(device, 6);
  assert(distances.every(Number.isFinite));
  assert(Math.max(...distances.slice(1)) > distances[0]!, distances.join(" "));
});

gpuTest("examples/sample_best_run.ts draws from the run with the best score", async (device) => {
  await withFolder(async (folder) => {
    const tiny = { data: "faces", size: 16, ngf: 4, ndf: 4, batch: 4, samples: 4, scoreEvery: 2 } as const;
    for (const steps of [2, 4]) {
      await Array.fromAsync(train(device, { ...tiny, steps, out: `${folder}/${steps}` }));
    }
    const run = await sampleBestRun(device, folder, `${folder}/best.png`);
    const found = await queryRuns(folder, { fields: ["swd"] });
    const least = Math.min(...found.runs.map(({ values }) => values.swd as number));
    assertEquals(found.runs.find((one) => one.run === run)!.values.swd, least);
    const grid = await decodePicture(await Deno.readFile(`${folder}/best.png`));
    assertEquals([grid.width, grid.height], [8 * 18 + 2, 8 * 18 + 2]);
  });
});

gpuTest("examples train from a script, and serve what was trained over HTTP", async (device) => {
  const out = await Deno.makeTempDir();
  try {
    const tiny = { data: "faces", size: 16, ngf: 4, ndf: 4, batch: 4, steps: 3, samples: 4, out } as const;
    const grid = await decodePicture(await Deno.readFile(await trainAndSample(device, tiny)));
    assertEquals([grid.width, grid.height], [8 * 18 + 2, 8 * 18 + 2]);

    await using server = await serveSamples(device, out, { port: 0, onListen: () => {} });
    const get = (query: string) => fetch(`http://localhost:${server.addr.port}/${query}`);
    const [first, again, other] = await Promise.all(
      ["?count=4&seed=1", "?count=4&seed=1", "?count=4&seed=2"].map(get),
    );
    assertEquals(first!.headers.get("content-type"), "image/png");
    const [a, b, c] = await Promise.all([first!.bytes(), again!.bytes(), other!.bytes()]);
    assertEquals(a, b);
    assert(a!.join() !== c!.join());
    const picture = await decodePicture(a!);
    assertEquals([picture.width, picture.height], [38, 38]);
    const refused = await get("?count=0");
    assertEquals([refused.status, await refused.text()], [
      400,
      "count must be a whole number from 1 to 256, found 0",
    ]);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});
