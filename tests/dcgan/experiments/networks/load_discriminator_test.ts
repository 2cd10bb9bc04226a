import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import {
  freshDiscriminator,
  loadDiscriminator,
} from "../../../../src/dcgan/experiments/networks/load_discriminator.ts";
import { formatConfig, resolveConfig } from "../../../../src/dcgan/options/config.ts";
import { readSafetensors, stateDict } from "../../../../src/nn/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { tiny, trainTiny, withFolder } from "../../tiny.ts";

gpuTest("loadDiscriminator() loads the discriminator of any checkpoint of a run", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { data: "faces", steps: 4, checkpointEvery: 2, dNorm: "spectral", pack: 2, out });
    for (const from of [2, "last"] as const) {
      const { discriminator, architecture, step } = await loadDiscriminator(device, out, { from });
      using _ = discriminator;
      assertEquals(step, from === 2 ? 2 : 4);
      assertEquals([architecture.channels, architecture.pack, architecture.dNorm], [3, 2, "spectral"]);
      const file = await readSafetensors(`${out}/checkpoints/step-00000${step}/discriminator.safetensors`);
      const loaded = await stateDict(discriminator);
      for (const [name, { data }] of file.tensors) assertEquals([name, loaded.get(name)!.data], [name, data]);
      using fresh = freshDiscriminator(device, architecture, 1);
      assertNotEquals(await fresh.values.data(), await discriminator.values.data());
    }
  });
});

gpuTest("loadDiscriminator() says that a run has no checkpoint", async (device) => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/config.json`, formatConfig(resolveConfig(tiny)));
    await assertRejects(() => loadDiscriminator(device, folder), Error, "it has no checkpoint yet");
  });
});
