/** The example in plain arrays computes what the module computes. */
import { assert, assertEquals } from "@std/assert";
import { createNetworks, drawShapes, step } from "../../examples/micro_dcgan.ts";
import { hostLatent } from "../../src/dcgan/networks/latent.ts";
import { startOf } from "../../src/dcgan/schedules/scheduled_values.ts";
import { resolveConfig } from "../../src/dcgan/options/config.ts";
import { STREAMS } from "../../src/dcgan/streams.ts";
import { Trainer } from "../../src/dcgan/trainer.ts";
import { type Network, stateDict } from "../../src/nn/mod.ts";
import { gpuTest } from "../support/gpu.ts";
import { readSource } from "../support/source_files.ts";

const LATENT = 8;
const MAPS = 8;

/** Copies a network's parameters, in PyTorch's layout, which is that of the example. */
async function copyParameters(
  from: Network,
  to: ReturnType<typeof createNetworks>["generator"],
): Promise<void> {
  const state = [...await stateDict(from)].filter(([name]) => /\.(weight|bias)$/.test(name));
  assertEquals(state.length, to.parameters.length);
  for (const [i, [name, { data }]] of state.entries()) {
    assertEquals(to.parameters[i]!.value.length, data.length, name);
    to.parameters[i]!.value.set(data as Float32Array);
  }
}

gpuTest("micro_dcgan step() has the losses of the Trainer over ten steps", async (device) => {
  const [batch, seed] = [8, 3];
  const config = resolveConfig(
    { size: 16, channels: 1, ngf: MAPS, ndf: MAPS, latent: LATENT, batch, seed },
  );
  using trainer = new Trainer(device, config);
  const networks = createNetworks(LATENT, MAPS);
  await copyParameters(trainer.generator, networks.generator);
  await copyParameters(trainer.discriminator, networks.discriminator);

  for (let t = 1; t <= 10; t++) {
    const bytes = Uint8Array.from(drawShapes(batch), (value) => Math.round((value + 1) * 127.5));
    trainer.step(bytes);
    const [expected] = await trainer.metrics();

    const source = { seed, stream: STREAMS.latent, counter: t - 1 };
    const latent = Float64Array.from(hostLatent(batch, LATENT, config.latentDistribution, source));
    const real = Float64Array.from(bytes, (byte) => byte / 127.5 - 1);
    const found = step(networks, [real, latent], { n: batch, t, rate: startOf(config.learningRate) });

    const { discriminatorLossReal, discriminatorLossFake, generatorLoss } = expected!;
    for (const [i, loss] of [discriminatorLossReal, discriminatorLossFake, generatorLoss].entries()) {
      assert(Math.abs(found[i]! - loss) <= 1e-4, `step ${t}, loss ${i}, found ${found[i]}, expected ${loss}`);
    }
  }
});

Deno.test("micro_dcgan is at most 200 lines, and imports nothing", async () => {
  const text = await readSource("examples/micro_dcgan.ts");
  assert(text.trimEnd().split("\n").length <= 200);
  assert(!/^\s*import\s|\bimport\(|^export .* from /m.test(text));
});
