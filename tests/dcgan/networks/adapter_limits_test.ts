import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import { expectFits } from "../../../src/dcgan/networks/adapter_limits.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { Trainer } from "../../../src/dcgan/trainer.ts";
import { Device, openDevice, TensorTooLargeError } from "../../../src/gpu/mod.ts";
import { Linear, Network } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { bytesOf, namesIn, runSteps, tiny, trainTiny, withFolder } from "../tiny.ts";

const LIMIT = "maxStorageBufferBindingSize";

/** Bytes of the ring of step numbers, which a trainer binds whatever the networks. */
const RING_BYTES = 4096 * 10 * 4;

/** The same device, as if it could bind no more than this. */
function withLimit(device: Device, bytes: number): Device {
  const limits = { ...device.adapter.limits, [LIMIT]: bytes };
  return new Device(device.gpu, { ...device.adapter, limits }, device.capabilities);
}

gpuTest("Trainer gives the same bytes where its rows are bound in parts", async (device) => {
  const narrow = withLimit(device, RING_BYTES);
  const config = resolveConfig({ ...tiny, ngf: 32, ndf: 32 });
  using whole = new Trainer(device, config);
  const launches = whole.program.stats.launches;
  runSteps(whole, 4);
  const expected = [await bytesOf(whole), await whole.metrics()];
  {
    using parts = new Trainer(narrow, config);
    assertEquals(parts.program.stats.launches > launches, true);
    runSteps(parts, 4);
    assertEquals([await bytesOf(parts), await parts.metrics()], expected);
  }
  narrow.ledger.destroyAll();
});

gpuTest("expectFits() finds the largest batch that fits, as recording a step does", (device) => {
  const limit = 1.5 * RING_BYTES;
  const kinds: TrainOptions[] = [
    {},
    { ndf: 1 },
    { upsampling: "nearest" },
    { size: 14, channels: 1 },
    { size: 32, ngf: 1, ndf: 1, channels: 3 },
    { size: "16x32", base: 8, kernel: 5, channels: 4 },
    { size: "24x16", upsampling: "nearest", maxMaps: 4, channels: 2 },
    { upsampling: "nearest", shards: 4 },
  ];
  for (const kind of kinds) {
    const narrow = withLimit(device, limit);
    const config = (batch: number) => resolveConfig({ ...tiny, ...kind, batch });
    const error = assertThrows(() => expectFits(narrow, config(4096)), ConfigError);
    const [issue] = error.issues;
    assertEquals(issue!.option, "batch", error.message);
    const most = Number(/(\d+) is the most that fits/.exec(issue!.problem)![1]);
    expectFits(narrow, config(most));
    {
      using trainer = new Trainer(narrow, config(most));
      const sizes = trainer.program.launches.flatMap(({ launch }) =>
        launch.storages.map(({ bytes }) => bytes)
      );
      const largest = Math.max(...sizes.filter((bytes) => bytes !== RING_BYTES));
      // With one picture more it would be over the limit
      assert(largest / most * (most + 1) > limit, `${JSON.stringify(kind)}: ${largest} of ${most}`);
    }
    narrow.ledger.destroyAll();
  }
});

Deno.test("expectFits() names weight, batch or width, and the most that fits", async () => {
  using device = await openDevice();
  const narrow = withLimit(device, 128 * 2 ** 20);
  const problems = (options: TrainOptions): string[] => {
    const error = assertThrows(() => expectFits(narrow, resolveConfig(options)), ConfigError);
    return error.issues.map(({ option, problem }) =>
      `${option} ${problem.replace(device.adapter.name, "HERE")}`
    );
  };
  assertEquals(problems({ size: 256 }), [
    "batch 64 does not fit HERE with images of 256x256: a tensor of one step takes 512 MiB, and the adapter " +
    "binds at most 128 MiB at once. 16 is the most that fits",
  ]);
  expectFits(narrow, resolveConfig({ size: 256, batch: 16 }));
  assertEquals(problems({ size: 512, batch: 1 }), [
    "ngf 64 does not fit HERE with images of 512x512: the weight 'main.3.weight' takes 512 MiB, and the adapter " +
    "binds at most 128 MiB at once. 32 is the most that fits",
    "ndf 64 does not fit HERE with images of 512x512: the weight 'main.17.weight' takes 512 MiB, and the adapter " +
    "binds at most 128 MiB at once. 32 is the most that fits",
  ]);
  expectFits(narrow, resolveConfig({ size: 512, batch: 1, ngf: 32, ndf: 32 }));
  for (const size of [64, 128] as const) expectFits(narrow, resolveConfig({ size }));
});

gpuTest("train() says what does not fit before it opens data or makes a folder", async (device) => {
  await withFolder(async (folder) => {
    const options = { out: `${folder}/run`, data: "nothing-like-it", size: 512, ndf: 4096 } as const;
    const error = await assertRejects(() => trainTiny(device, options), ConfigError);
    assertStringIncludes(error.message, '"ndf" 4096 does not fit');
    assertEquals(await namesIn(folder), []);
  });
});

gpuTest("Network says which parameter cannot be bound, and keeps no memory", (device) => {
  const narrow = withLimit(device, 4096);
  const error = assertThrows(() => new Network(narrow, [new Linear(64, 64)]), TensorTooLargeError);
  assertEquals([error.shape, error.bytes, error.limit], [[64, 64], 16384, 4096]);
  assertEquals(narrow.ledger.read().buffers, 0);
});

gpuTest("Device.state() may be larger than a binding, and is read and written whole", async (device) => {
  const narrow = withLimit(device, 4096);
  const state = narrow.state([5000]);
  const values = Float32Array.from({ length: 5000 }, (_, i) => i);
  state.set(values);
  assertEquals(await state.data(), values);
  assertThrows(() => narrow.empty([5000]), TensorTooLargeError, "it binds at most 4096 bytes at once");
  narrow.ledger.destroyAll();
});
