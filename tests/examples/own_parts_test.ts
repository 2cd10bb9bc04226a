/** The examples with parts of a script's own do what they say. */
import { assert, assertEquals } from "@std/assert";
import { trainBalanced } from "../../examples/change_the_rate.ts";
import { trainPearson } from "../../examples/custom_loss.ts";
import { trainOwnNetworks } from "../../examples/own_networks.ts";
import { watchOverfitting } from "../../examples/validation_set.ts";
import { gpuTest } from "../support/gpu.ts";

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

gpuTest("examples/own_networks.ts learns, and continues from its checkpoint", async (device) => {
  await inFolder(async (folder) => {
    const losses = await trainOwnNetworks(device, folder, 24);
    assertEquals(losses.length, 24);
    assert(losses.at(-1)! < losses[0]!, losses.join(" "));
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assertEquals(names, ["step-000012", "step-000024"]);
  });
});

gpuTest("examples/custom_loss.ts tells real images from fake ones by its own loss", async (device) => {
  const numbers = await trainPearson(device, 20);
  const losses = numbers.map(({ discriminatorLossReal, discriminatorLossFake }) =>
    discriminatorLossReal + discriminatorLossFake
  );
  assert(losses.at(-1)! < losses[0]!, losses.join(" "));
  assert(numbers.every(({ penalties }) => penalties! > 0));
});

gpuTest("examples/change_the_rate.ts lowers the rate of a discriminator that is too sure", async (device) => {
  await inFolder(async (out) => {
    const options = {
      data: "faces",
      size: 16,
      ngf: 4,
      ndf: 4,
      batch: 4,
      steps: 12,
      samples: 4,
      out,
    } as const;
    // Its numbers are read at least before each grid of samples, and any discriminator is as sure as this
    const rates = await trainBalanced(device, { ...options, sampleEvery: 4, scoreEvery: 0 }, -1);
    assertEquals([rates.length, rates[0]], [12, 2e-4]);
    assert(rates.at(-1)! <= 0.5e-4 && rates.at(-1)! > 0, rates.join(" "));
  });
});

gpuTest(
  "examples/validation_set.ts sees the discriminator know its training images by heart",
  async (device) => {
    const gaps = await watchOverfitting(device, 2, 30);
    const [first, last] = gaps.map(({ trained, heldOut }) => trained - heldOut);
    assert(last! > first! && last! > 0, JSON.stringify(gaps));
  },
);
