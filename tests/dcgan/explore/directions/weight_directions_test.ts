import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { cosine } from "../../../../src/dcgan/explore/directions/vectors.ts";
import { weightDirections } from "../../../../src/dcgan/explore/directions/weight_directions.ts";
import { createGenerator } from "../../../../src/dcgan/networks/generator.ts";
import { resolveConfig } from "../../../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../../../src/dcgan/options/options.ts";
import { type Device, hostNormal } from "../../../../src/gpu/mod.ts";
import { loadStateDict, Network, stateDict } from "../../../../src/nn/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { tiny } from "../../tiny.ts";

/** A generator whose first layer stretches one direction ten times as much as the others, and that direction. */
async function stretched(device: Device, options: TrainOptions, classes: { classes?: string[] }) {
  const config = { ...resolveConfig({ ...tiny, ...options }), ...classes };
  const network = new Network(device, createGenerator(config), { seed: 1 });
  const truth = hostNormal(tiny.latent, { seed: 5 });
  const length = Math.sqrt(truth.reduce((sum, value) => sum + value * value, 0));
  const tensors = new Map(await stateDict(network));
  const name = tensors.has("main.0.weight") ? "main.0.weight" : "project.weight";
  const weight = tensors.get(name)!;
  const dense = name === "project.weight";
  const outputs = weight.shape.reduce((size, extent) => size * extent) /
    (dense ? weight.shape[1]! : weight.shape[0]!);
  const data = Float32Array.from(weight.data as Float32Array);
  const along = hostNormal(outputs, { seed: 6 });
  for (let i = 0; i < tiny.latent; i++) {
    for (let o = 0; o < outputs; o++) {
      data[dense ? o * weight.shape[1]! + i : i * outputs + o]! += 0.2 * truth[i]! / length * along[o]!;
    }
  }
  tensors.set(name, { ...weight, data } as typeof weight);
  loadStateDict(network, tensors);
  return { network, truth };
}

for (const options of [{}, { firstLayer: "project" }, { classes: ["a", "b"] }] as const) {
  gpuTest(
    `weightDirections() finds what a first layer stretches: ${JSON.stringify(options)}`,
    async (device) => {
      const { classes, ...others } = { classes: undefined, ...options };
      const { network, truth } = await stretched(device, others, classes ? { classes: [...classes] } : {});
      using _ = network;
      const found = await weightDirections(network, tiny.latent, 3);
      assertEquals(found.map(({ name, source }) => [name, source]), [
        ["1", "weights 1"],
        ["2", "weights 2"],
        ["3", "weights 3"],
      ]);
      assert(Math.abs(cosine(found[0]!.vector, truth)) > 0.99);
      assertAlmostEquals(cosine(found[0]!.vector, found[1]!.vector), 0, 1e-6);
    },
  );
}

gpuTest("weightDirections() refuses latent vectors that would take hours", async (device) => {
  using network = new Network(device, createGenerator(resolveConfig(tiny)));
  await assertRejects(
    () => weightDirections(network, 4096, 1),
    RangeError,
    "Cannot find directions: the latent length must be at most 2048, found 4096",
  );
});
