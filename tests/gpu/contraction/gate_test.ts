import { assertEquals } from "@std/assert";
import { conv2d, convTranspose2d, type Device, relu, sum, type Tensor } from "../../../src/gpu/mod.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import { VariantScope } from "../../../src/gpu/contraction/variants/variant_scope.ts";
import type { EpilogueActivation } from "../../../src/gpu/kernel/activation.ts";
import type { FloatType } from "../../../src/gpu/kernel/float_memory.ts";
import { f16Test, gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

const LEAKY: EpilogueActivation = { type: "leaky_relu", slope: 0.2 };

interface Case {
  /** Channels between the two operations. */
  readonly maps: number;
  readonly activation?: EpilogueActivation;
  readonly second: (y: Tensor, weight: Tensor) => Tensor;
  /** Shape of the second weight. */
  readonly weight: readonly number[];
  readonly dtype?: FloatType;
}

const halved = (y: Tensor, weight: Tensor) => conv2d(y, weight, { stride: 2, padding: 1 });

/** A convolution with an activation, and an operation that alone takes its result. */
function chain(device: Device, { maps, activation = LEAKY, second, weight, dtype = "f32" }: Case) {
  const tensor = (shape: readonly number[], seed: number) =>
    device.tensor(randomValues(shape.reduce((a, b) => a * b), seed, [-1, 1]), { shape, dtype });
  const [x, first] = [tensor([2, 6, 6, 8], 1), tensor([3, 3, 8, maps], 2)];
  const y = conv2d(x, first, { padding: 1, activation });
  return { x, first, y, z: second(y, tensor(weight, 3)) };
}

/** Throws unless gradients that pass the activation within a kernel are those that pass it apart, to the bit. */
async function checkGate(device: Device, of: Case, spared: number): Promise<void> {
  const within = (chained: ReturnType<typeof chain>) => gradients([chained.z], [chained.x, chained.first]);
  const apart = ({ x, first, y, z }: ReturnType<typeof chain>) => {
    const [behind] = gradients([z], [y]);
    return gradients([y], [x, first], { seeds: [behind!] });
  };
  const [found, expected] = [within, apart].map((take) => device.program({}, () => take(chain(device, of))));
  found!.run();
  expected!.run();
  assertEquals(
    await device.read(found!.outputs as Tensor[]),
    await device.read(expected!.outputs as Tensor[]),
  );
  assertEquals(expected!.stats.launches - found!.stats.launches, spared);
  found![Symbol.dispose]();
  expected![Symbol.dispose]();
}

const CASES: Readonly<Record<string, [of: Case, spared: number]>> = {
  "a convolution": [{ maps: 12, second: halved, weight: [4, 4, 12, 8] }, 1],
  "a convolution of odd channels": [{ maps: 7, second: halved, weight: [4, 4, 7, 5] }, 1],
  "a convolution of few channels, whose taps are folded": [
    { maps: 3, second: halved, weight: [4, 4, 3, 8] },
    1,
  ],
  "a transposed convolution": [
    {
      maps: 8,
      activation: { type: "relu" },
      second: (y, weight) => convTranspose2d(y, weight, { stride: 2, padding: 1 }),
      weight: [4, 4, 5, 8],
    },
    1,
  ],
  "a tanh": [{ maps: 4, activation: { type: "tanh" }, second: halved, weight: [4, 4, 4, 8] }, 1],
  "a convolution that covers its input": [
    { maps: 8, second: (y, weight) => conv2d(y, weight), weight: [6, 6, 8, 4] },
    1,
  ],
  "a change of shape, by itself": [
    {
      maps: 8,
      second: (y, weight) => convTranspose2d(y.reshape([72, 1, 1, 8]), weight),
      weight: [4, 4, 3, 8],
    },
    0,
  ],
  "a convolution to few channels": [
    { maps: 12, second: (y, weight) => conv2d(y, weight, { padding: 1 }), weight: [3, 3, 12, 3] },
    1,
  ],
  "a convolution in groups, in a launch of its own": [
    { maps: 8, second: (y, weight) => conv2d(y, weight, { groups: 2 }), weight: [3, 3, 4, 8] },
    0,
  ],
};

for (const [name, [of, spared]] of Object.entries(CASES)) {
  gpuTest(`a gradient passes the activation before ${name}`, (device) => checkGate(device, of, spared));
}

gpuTest(
  "a gradient passes the activation before a convolution whose sums are cut, if they can be",
  async (device) => {
    const split = "tiled rows 16 columns 16 depth 8 rowQuads 1 columnQuads 1 splits 2";
    using _variants = new VariantScope(device, { get: () => split });
    await checkGate(device, { maps: 8, second: halved, weight: [4, 4, 8, 16] }, 1);
    await checkGate(device, { maps: 7, second: halved, weight: [4, 4, 7, 16] }, 1);
  },
);

f16Test("a gradient passes the activation before a convolution in f16", async (device) => {
  await checkGate(device, { maps: 12, second: halved, weight: [4, 4, 12, 8], dtype: "f16" }, 1);
  await checkGate(device, { maps: 3, second: halved, weight: [4, 4, 3, 8], dtype: "f16" }, 1);
});

gpuTest(
  "a gradient passes the activation before Winograd's filtering in a launch of its own",
  async (device) => {
    using variants = new VariantScope(device, { get: () => "winograd side 2 splits 1" });
    await checkGate(device, { maps: 8, second: halved, weight: [4, 4, 8, 8] }, 0);
    const taken = [...variants.taken.values()];
    assertEquals(taken.some(({ variant }) => variant.schedule.shape === "winograd"), true);
    assertEquals(taken.every(({ contraction }) => contraction.gate === undefined), true);
  },
);

gpuTest("a gradient passes an activation by itself if several operations take its result", async (device) => {
  const weight = device.tensor(randomValues(64, 4, [-1, 1]), { shape: [1, 1, 8, 8] });
  const both = (y: Tensor) => [conv2d(y, weight), relu(y)];
  const of = { maps: 8, second: halved, weight: [4, 4, 8, 8] };
  const { x, y } = chain(device, of);
  const outputs = both(y).map((z) => sum(z));
  const [together] = gradients(outputs, [x]);
  const [behind] = gradients(outputs, [y]);
  const [expected] = gradients([y], [x], { seeds: [behind!] });
  assertEquals(await together!.data(), await expected!.data());
});
