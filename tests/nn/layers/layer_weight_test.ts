import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { concat, type Device, mul, sum, type Tensor } from "../../../src/gpu/mod.ts";
import { sizeOf } from "../../../src/gpu/tensor/shape.ts";
import {
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  gradientDict,
  LeakyRelu,
  Linear,
  loadStateDict,
  type Module,
  Network,
  penalizedBackward,
  stateDict,
} from "../../../src/nn/mod.ts";
import { namedParameters, namedStatistics } from "../../../src/nn/module.ts";
import { spectralNormReference } from "../../oracles/spectral_norm.ts";
import { assertClose } from "../../support/close.ts";
import { f16Test, gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

const SHAPE = [3, 8, 8, 2];

function critic(device: Device, norm = true): Network {
  const layers = [
    new Conv2d(2, 5, { kernel: 4, stride: 2, padding: 1, spectralNorm: norm }),
    new LeakyRelu(0.2),
    new Conv2d(5, 4, {
      kernel: 3,
      stride: 2,
      padding: 1,
      bias: false,
      spectralNorm: norm && { iterations: 2 },
    }),
    new LeakyRelu(0.2),
    new Linear({ height: 2, width: 2, channels: 4 }, 1, { spectralNorm: norm }),
  ];
  return new Network(device, layers, { seed: 5 });
}

function imagesOf(device: Device, seed: number): Tensor {
  return device.tensor(randomValues(sizeOf(SHAPE), seed, [-1, 1]), { shape: SHAPE });
}

/** A number that depends on every output differently. */
function weigh(outputs: Tensor): Tensor {
  const { device, shape, size } = outputs;
  return sum(mul(outputs, device.tensor(randomValues(size, 9, [-1, 1]), { shape })));
}

/** Values by name. */
function valuesOf(dict: ReadonlyMap<string, { data: ArrayLike<number | bigint> }>) {
  return new Map([...dict].map(([name, { data }]) => [name, Array.from(data, Number)]));
}

Deno.test("layers with spectral norm have the tensors that PyTorch's have, by either of its functions", () => {
  const namesOf = (module: Module) => ({
    parameters: [...namedParameters(module)].map(([name, { layout }]) => [name, layout.shape]),
    statistics: [...namedStatistics(module)].map(([name, { layout }]) => [name, layout.shape]),
  });
  const conv = new Conv2d(3, 8, { kernel: 4, spectralNorm: true });
  assertEquals(namesOf(conv), {
    parameters: [["weight_orig", [8, 3, 4, 4]], ["bias", [8]]],
    statistics: [["weight_u", [8]], ["weight_v", [48]]],
  });
  const transposed = new ConvTranspose2d(3, 8, {
    kernel: 2,
    bias: false,
    spectralNorm: { parametrized: true },
  });
  assertEquals(namesOf(transposed), {
    parameters: [["parametrizations.weight.original", [3, 8, 2, 2]]],
    statistics: [["parametrizations.weight.0._u", [8]], ["parametrizations.weight.0._v", [12]]],
  });
  assertEquals(namesOf(new Linear(7, 2, { spectralNorm: false })).parameters[0], ["weight", [2, 7]]);
  assertEquals([conv, new Linear(7, 2)].map((layer) => layer.normalizesWeights), [true, false]);
});

Deno.test("layers name an option of a spectral norm that is wrong", () => {
  const conv = (spectralNorm: object) => () => new Conv2d(1, 1, { kernel: 1, spectralNorm });
  assertThrows(
    conv({ iterations: 1.5 }),
    RangeError,
    "'iterations' of a spectral norm must be a whole number",
  );
  assertThrows(
    conv({ eps: -1 }),
    RangeError,
    "'eps' of a spectral norm must be above 0 and finite, found -1",
  );
  assertThrows(conv({ dim: 1 }), TypeError, "spectralNorm has no option 'dim'");
});

gpuTest("a network with spectral norm starts with estimates that are right", async (device) => {
  using network = critic(device);
  const { data } = (await stateDict(network)).get("0.weight_orig")!;
  const weight = Float64Array.from(data as Float32Array);
  const start = { u: new Float64Array(5).fill(0.5), v: new Float64Array(32) };
  // PyTorch's order has the outputs first
  const { sigma } = spectralNormReference(weight, start, [1, 5, 32], { iterations: 200 });
  const images = imagesOf(device, 1);
  const evaluated = await network.forward(images, { training: false }).data();
  using plain = critic(device, false);
  const scaled = new Map(
    [...await stateDict(plain)].map(([name, tensor]) => {
      const values = Float32Array.from(tensor.data as Float32Array, (value) => value / sigma);
      return [name, name === "0.weight" ? { ...tensor, data: values } : tensor];
    }),
  );
  loadStateDict(plain, scaled as never);
  // The other layers are divided by their own norms
  const layers = await stateDict(network);
  for (const name of ["2", "4"]) {
    const { data, shape } = layers.get(`${name}.weight_orig`)!;
    const matrix = Float64Array.from(data as Float32Array);
    const extents = [1, shape[0]!, matrix.length / shape[0]!] as const;
    const ones = { u: new Float64Array(shape[0]!).fill(0.5), v: new Float64Array(extents[2]) };
    const norm = spectralNormReference(matrix, ones, extents, { iterations: 200 }).sigma;
    scaled.set(`${name}.weight`, {
      dtype: "F32",
      shape,
      data: Float32Array.from(matrix, (value) => value / norm),
    });
  }
  loadStateDict(plain, scaled as never);
  const expected = await plain.forward(images, { training: false }).data();
  assertClose(evaluated, expected, { relative: 0.02, absolute: 2e-3 }, "logits");
});

gpuTest("spectral norms are renewed by passes in training, and by none in evaluation", async (device) => {
  using network = critic(device);
  const images = imagesOf(device, 1);
  const before = valuesOf(await stateDict(network));
  network.forward(images, { training: false });
  assertEquals(valuesOf(await stateDict(network)), before);
  network.forward(images);
  const after = valuesOf(await stateDict(network));
  for (const [name, values] of after) {
    // A single row has nothing to estimate
    const same = !/weight_[uv]$/.test(name) || name === "4.weight_u" || name === "4.weight_v";
    if (same) assertClose(values, before.get(name)!, { relative: 0, absolute: 1e-6 }, name);
    else assertNotEquals(values, before.get(name), name);
  }
});

gpuTest(
  "Network.forward() in groups renews spectral norms for each, as several passes do",
  async (device) => {
    using apart = critic(device);
    const [first, second] = [1, 2].map((seed) => apart.forward(imagesOf(device, seed)));
    apart.backward([weigh(concat(first!, second!))]);

    using together = critic(device);
    const outputs = together.forward(concat(imagesOf(device, 1), imagesOf(device, 2)), { groups: 2 });
    together.backward([weigh(outputs)]);

    assertEquals([...await outputs.data()], [...await first!.data(), ...await second!.data()]);
    assertEquals(valuesOf(await stateDict(together)), valuesOf(await stateDict(apart)));
    assertEquals(valuesOf(await gradientDict(together)), valuesOf(await gradientDict(apart)));
    assertThrows(
      () => together.forward(imagesOf(device, 1), { groups: 2 }),
      RangeError,
      "the parts must be a whole number that divides 3, found 2",
    );
  },
);

gpuTest(
  "penalizedBackward() with gammas of 0 is backward() with spectral norm, in training or not",
  async (device) => {
    const images = concat(imagesOf(device, 1), imagesOf(device, 2));
    for (const training of [true, false]) {
      using plain = critic(device);
      plain.backward([weigh(plain.forward(images, { training, groups: 2 }))]);
      using penalized = critic(device);
      const pass = penalizedBackward(penalized, images, weigh, [0, 0], { training });
      assertEquals([...await pass.penalties.data()], [0, 0]);
      assertEquals(pass.imageGradients.shape, images.shape);
      const expected = valuesOf(await gradientDict(plain));
      for (const [name, found] of valuesOf(await gradientDict(penalized))) {
        assertClose(found, expected.get(name)!, { relative: 1e-5, absolute: 1e-6 }, `${name} ${training}`);
      }
      assertEquals(valuesOf(await stateDict(penalized)), valuesOf(await stateDict(plain)));
    }
  },
);

gpuTest(
  "penalizedBackward() with spectral norm leaves nothing behind, and takes gammas as a tensor",
  async (device) => {
    const images = concat(imagesOf(device, 1), imagesOf(device, 2));
    using network = critic(device);
    const run = async (gammas: readonly number[] | Tensor) => {
      using _scope = device.scope();
      const pass = penalizedBackward(network, images, weigh, gammas, { training: false });
      return [...await pass.penalties.data(), ...(valuesOf(await gradientDict(network))).values()]
        .flat();
    };
    using gammas = device.tensor([2, 3]);
    const expected = await run([2, 3]);
    assertEquals(await run(gammas), expected);
    const left = (of: Network) => {
      device.trim();
      const before = device.ledger.read().buffers;
      const pass = penalizedBackward(of, images, weigh, [2, 3]);
      for (const tensor of [pass.logits, pass.loss, pass.penalties, pass.imageGradients]) tensor.dispose();
      device.trim();
      return device.ledger.read().buffers - before;
    };
    using plain = critic(device, false);
    // What the loss function makes
    assertEquals(left(network), left(plain));
  },
);

gpuTest(
  "penalizedBackward() goes through a map of all images, also where groups are passes",
  async (device) => {
    const images = concat(imagesOf(device, 1), imagesOf(device, 2));
    const factors = device.tensor([1, 2, 0.5, -1, 3, 0.1], { shape: [6, 1, 1, 1] });
    const scale = (x: Tensor) => mul(x, factors).detach();
    // After many iterations another one changes nothing, so that two passes are the same as one for both groups
    using network = new Network(device, [
      new Conv2d(2, 5, { kernel: 4, stride: 2, padding: 1, spectralNorm: { iterations: 200 } }),
      new LeakyRelu(0.2),
      new Linear({ height: 4, width: 4, channels: 5 }, 1, { spectralNorm: true }),
    ], { seed: 5 });
    network.forward(images);
    const run = async (training: boolean) => {
      const through = { apply: scale, transposed: scale };
      const pass = penalizedBackward(network, images, weigh, [2, 3], { through, training });
      const found = new Map([["penalties", Array.from(await pass.penalties.data())]]);
      found.set("at images", Array.from(await pass.imageGradients.data()));
      for (const [name, values] of valuesOf(await gradientDict(network))) found.set(name, values);
      return found;
    };
    const expected = await run(false);
    for (const [name, found] of await run(true)) {
      assertClose(found, expected.get(name)!, { relative: 1e-4, absolute: 1e-4 }, name);
    }
  },
);

gpuTest("batch norms beside spectral norms keep groups apart as well", async (device) => {
  const make = () =>
    new Network(device, [
      new Conv2d(2, 4, { kernel: 3, spectralNorm: true }),
      new BatchNorm2d(4),
      new Linear({ height: 6, width: 6, channels: 4 }, 1),
    ], { seed: 2 });
  using apart = make();
  const expected = [1, 2].map((seed) => apart.forward(imagesOf(device, seed)));
  using together = make();
  const found = together.forward(concat(imagesOf(device, 1), imagesOf(device, 2)), { groups: 2 });
  assertEquals([...await found.data()], [...await expected[0]!.data(), ...await expected[1]!.data()]);
  assertEquals(valuesOf(await stateDict(together)), valuesOf(await stateDict(apart)));
});

f16Test("networks with spectral norm refuse f16 by name", (device) => {
  assertThrows(
    () => new Network(device, [new Conv2d(1, 1, { kernel: 1, spectralNorm: true })], { precision: "f16" }),
    TypeError,
    "with spectral norm the precision must be f32",
  );
});
