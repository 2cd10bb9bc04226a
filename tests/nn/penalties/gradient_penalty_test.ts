import { assert, assertEquals, assertThrows } from "@std/assert";
import { cast, type Device, mean, mul, type Tensor } from "../../../src/gpu/mod.ts";
import {
  BatchNorm2d,
  constant,
  Conv2d,
  gradientPenalty,
  type GradientPenaltyOptions,
  Linear,
  Network,
  penalizedBackward,
  Relu,
  Sequential,
} from "../../../src/nn/mod.ts";
import { assertClose } from "../../support/close.ts";
import { f16Test, gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";
import { discriminator, dot, gradientsOf, largeImages, TINY } from "./penalized_networks.ts";

const IMAGES = 3;
const NONE = (logits: Tensor) => mul(mean(logits), 0);

function tinyImages(device: Device): Tensor {
  const shape = [IMAGES, ...TINY.image];
  return device.tensor(randomValues(shape.reduce((a, b) => a * b), 11, [-1, 1]), { shape });
}

/** The gammas with which penalizedBackward() has the same gradients: of each image as a group of its own. */
function gammasOf(
  norms: ArrayLike<number>,
  { weight, center = 1 }: { weight: number; center?: number },
): number[] {
  return Array.from(norms, (norm) => 2 * weight / norms.length * (1 - center / norm));
}

gpuTest("gradientPenalty() has the gradients of penalties of each image, and adds them", async (device) => {
  using network = new Network(device, TINY.layers(), { seed: 6 });
  const x = tinyImages(device);
  for (const options of [{ weight: 10 }, { weight: 3, center: 0 }, { weight: 0.5, center: 2.5 }]) {
    const { weight, center = 1 } = options;
    network.backward([mean(network.forward(x))]);
    const before = await gradientsOf(network);
    const pass = gradientPenalty(network, x, options);
    const found = await gradientsOf(network);
    const [penalty, norms, imageGradients, logits] = await device.read([
      pass.penalty,
      pass.norms,
      pass.imageGradients,
      pass.logits,
    ]);
    assertEquals([pass.penalty.shape, pass.imageGradients.shape], [[], x.shape]);

    const other = penalizedBackward(network, x, NONE, device.tensor(gammasOf(norms!, options)));
    const what = JSON.stringify(options);
    for (const [name, values] of await gradientsOf(network)) {
      const added = found.get(name)!.map((value, at) => value - before.get(name)![at]!);
      assertClose(added, values, { relative: 1e-4, absolute: 1e-6 * weight }, `${name} of ${what}`);
    }
    assertEquals(logits, await other.logits.data());
    assertEquals(imageGradients, await other.imageGradients.data());
    const each = imageGradients!.length / IMAGES;
    const squares = Array.from({ length: IMAGES }, (_, n) => {
      const own = imageGradients!.slice(n * each, (n + 1) * each);
      return dot(own, own);
    });
    assertClose(norms!, squares.map(Math.sqrt), { relative: 1e-5, absolute: 0 }, "norms");
    const expected = weight * squares.reduce((total, square) =>
      total + (Math.sqrt(square) - center) ** 2, 0) /
      IMAGES;
    assertClose(penalty!, [expected], { relative: 1e-5, absolute: 1e-7 }, what);
  }
});

gpuTest("gradientPenalty() with a center of 0 is R1 of penalizedBackward()", async (device) => {
  using network = new Network(device, TINY.layers(), { seed: 6 });
  const x = tinyImages(device);
  const gamma = 1.7;
  const r1 = penalizedBackward(network, x, NONE, [gamma]);
  const expected = await gradientsOf(network);
  network.gradients.set(new Float32Array(network.gradients.size));
  const { penalty } = gradientPenalty(network, x, { weight: gamma / 2, center: 0 });
  assertClose(await penalty.data(), await r1.penalties.data(), { relative: 1e-5, absolute: 0 }, "penalty");
  for (const [name, found] of await gradientsOf(network)) {
    assertClose(found, expected.get(name)!, { relative: 1e-4, absolute: 1e-7 }, name);
  }
});

gpuTest(
  "gradientPenalty() of images with a gradient of 0 is finite, and adds nothing of them",
  async (device) => {
    // Behind the ReLU, only the second image has a gradient: [3, 3]
    using network = new Network(device, [
      new Linear(2, 1, { weight: constant(3), bias: false }),
      new Relu(),
      new Linear(1, 1, { weight: constant(1), bias: false }),
    ]);
    const penaltyAt = async (rows: number[][]) => {
      network.gradients.set(new Float32Array(network.gradients.size));
      const { penalty, norms } = gradientPenalty(network, device.tensor(rows), { weight: 10 });
      const gradients = await gradientsOf(network);
      return {
        penalty: await penalty.item(),
        norms: [...await norms.data()],
        gradients: [...gradients.values()].flatMap((values) => [...values]),
      };
    };
    const dead = await penaltyAt([[-1, -1], [-2, -1]]);
    assertEquals(dead, { penalty: 10, norms: [0, 0], gradients: [0, 0, 0] });
    const [both, alone] = [await penaltyAt([[-1, -1], [1, 1]]), await penaltyAt([[1, 1]])];
    assert(alone.gradients.every((value) => value > 1), `${alone.gradients}`);
    assertClose(
      both.gradients,
      alone.gradients.map((value) => value / 2),
      { relative: 1e-5, absolute: 0 },
      "both",
    );
    assertClose([both.penalty], [(10 + alone.penalty) / 2], { relative: 1e-5, absolute: 0 }, "penalty");
  },
);

gpuTest("gradientPenalty() can be recorded, and leaves what it returns", async (device) => {
  using network = new Network(device, TINY.layers(), { seed: 6 });
  const x = tinyImages(device);
  const data = await x.data();
  using program = device.program({ images: x.shape }, ({ images }) => {
    network.backward([mean(network.forward(images))]);
    return { ...gradientPenalty(network, images, { weight: 10 }) };
  });
  program.run({ images: data });
  const recorded = [...await device.read(Object.values(program.outputs)), await gradientsOf(network)];
  const before = () => {
    device.trim();
    return device.ledger.read().buffers;
  };
  {
    using _scope = device.scope();
    network.backward([mean(network.forward(x))]);
  }
  const held = before();
  const pass = gradientPenalty(network, x, { weight: 10 });
  assert(before() - held <= 4, `${before() - held} buffers`);
  assertEquals([...await device.read(Object.values(pass)), await gradientsOf(network)], recorded);
});

gpuTest(
  "gradientPenalty() takes a weight that changes between runs, to the bytes of each",
  async (device) => {
    using network = new Network(device, TINY.layers(), { seed: 6 });
    const x = tinyImages(device);
    using weight = device.state([1]);
    const record = (weight: number | Tensor) =>
      device.program({}, () => {
        network.backward([mean(network.forward(x))]);
        return { penalty: gradientPenalty(network, x, { weight, center: 0.5 }).penalty };
      });
    using changing = record(weight);
    assertEquals(changing.outputs.penalty.shape, []);
    for (const value of [3, 0.1, 0]) {
      weight.set([value]);
      changing.run();
      const found = [await changing.outputs.penalty.item(), await network.gradients.data()];
      using steady = record(value);
      steady.run();
      assertEquals([await steady.outputs.penalty.item(), await network.gradients.data()], found, `${value}`);
    }
    assertThrows(
      () => gradientPenalty(network, x, { weight: device.tensor([1, 2]) }),
      TypeError,
      "'weight' must be a number or one f32, found f32 [2].",
    );
  },
);

gpuTest(
  "gradientPenalty() at 64x64x3 changes with the size of each layer's weights as it says",
  async (device) => {
    using network = discriminator(device, 0.2);
    network.gradients.set(new Float32Array(network.gradients.size));
    const { norms } = gradientPenalty(network, largeImages(device), { weight: 10, center: 0.3 });
    const all = await norms.data();
    // Without biases a layer's weights times 1 + h move no kink, and make each norm 1 + h times as large
    const slope = 20 * all.reduce((total, norm) => total + (norm - 0.3) * norm, 0) / all.length;
    const gradients = await gradientsOf(network);
    for (const [name, { tensor }] of network.parameters) {
      const found = dot(gradients.get(name)!, await tensor.data());
      assertClose([found], [slope], { relative: 1e-4, absolute: 0 }, name);
    }
  },
);

gpuTest("gradientPenalty() says what it cannot take, before anything is launched", (device) => {
  const head = () => new Linear({ height: 4, width: 4, channels: 2 }, 1);
  using network = new Network(device, [head()]);
  using normed = new Network(device, [
    new Sequential({ conv: new Conv2d(2, 2, { kernel: 1 }), norm: new BatchNorm2d(2) }),
    head(),
  ]);
  const cases: [Network, Partial<GradientPenaltyOptions>, typeof TypeError | typeof RangeError, string][] = [
    [normed, {}, TypeError, "give its pieces(), found BatchNorm2d '0.norm'. Leave it out"],
    [network, { weight: -1 }, RangeError, "'weight' must be a finite number of at least 0, found -1."],
    [network, { center: NaN }, RangeError, "'center' must be a finite number of at least 0, found NaN."],
  ];
  for (const [given, options, kind, sentence] of cases) {
    using program = device.program({ images: [4, 4, 4, 2] }, ({ images }) => {
      assertThrows(() => gradientPenalty(given, images, { weight: 10, ...options }), kind, sentence);
      return {};
    });
    assertEquals(program.stats.launches, 0);
  }
  using many = new Network(device, [new Conv2d(2, 1, { kernel: 3 })]);
  const images = device.tensor(new Float32Array(128), { shape: [4, 4, 4, 2] });
  assertThrows(
    () => gradientPenalty(many, images, { weight: 10 }),
    RangeError,
    "one logit for each of 4 images, found logits of shape [4, 2, 2, 1]",
  );
});

f16Test("gradientPenalty() refuses f16", (device) => {
  using network = new Network(device, [new Linear(2, 1)]);
  const images = cast(device.tensor([[1, 2]]), "f16");
  assertThrows(
    () => gradientPenalty(network, images, { weight: 10 }),
    TypeError,
    "the images must be of f32, found f16",
  );
});
