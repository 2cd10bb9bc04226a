import { assertEquals, assertThrows } from "@std/assert";
import { cast, type Device, mean, type Tensor } from "../../../src/gpu/mod.ts";
import {
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  LeakyRelu,
  Linear,
  Module,
  Network,
  type Parameter,
  penalizedBackward,
  type Piece,
  Sequential,
  Sigmoid,
  Tanh,
} from "../../../src/nn/mod.ts";
import { f16Test, gpuTest } from "../../support/gpu.ts";

const IMAGES = [4, 4, 4, 2];

const head = () => new Linear({ height: 4, width: 4, channels: 2 }, 1);

/** Expects a sentence, and that nothing was launched before it. */
function expectRefusal(
  device: Device,
  network: Network,
  kind: typeof TypeError | typeof RangeError,
  sentence: string,
  gammas: readonly number[] = [1, 1],
): void {
  using program = device.program({ images: IMAGES }, ({ images }) => {
    assertThrows(() => penalizedBackward(network, images, (logits) => mean(logits), gammas), kind, sentence);
    return {};
  });
  assertEquals(program.stats.launches, 0);
}

gpuTest("penalizedBackward() names the module that is not piecewise linear", (device) => {
  const refused: [Module, string][] = [
    [new BatchNorm2d(2), "BatchNorm2d"],
    [new Tanh(), "Tanh"],
    [new Sigmoid(), "Sigmoid"],
    [new ConvTranspose2d(2, 2, { kernel: 1 }), "ConvTranspose2d"],
  ];
  for (const [module, name] of refused) {
    using network = new Network(device, [
      new Sequential({ conv: new Conv2d(2, 2, { kernel: 1 }), odd: module }),
      head(),
    ]);
    expectRefusal(
      device,
      network,
      TypeError,
      "Cannot penalize gradients: every module must be piecewise linear, take each image by itself and give its " +
        `pieces(), found ${name} '0.odd'. Leave it out`,
    );
  }
  using alone = new Network(device, new Tanh());
  expectRefusal(device, alone, TypeError, "found Tanh. Leave it out");
});

gpuTest("penalizedBackward() says what is wrong with groups and gammas", (device) => {
  using network = new Network(device, [head()]);
  const expect = (gammas: readonly number[], sentence: string) =>
    expectRefusal(device, network, RangeError, sentence, gammas);
  expect([], "the images must fall into 0 equal groups");
  expect(
    [1, 1, 1],
    "the images must fall into 3 equal groups, one for each gamma, found images of shape [4, 4, 4, 2]",
  );
  expect([1, -1], "a gamma must be a finite number of at least 0, found -1");
  expect([NaN], "found NaN");
  const images = device.tensor(new Float32Array(128), { shape: IMAGES });
  const loss = (logits: Tensor) => mean(logits);
  const matrix = device.tensor([[1, 1]]);
  assertThrows(() => penalizedBackward(network, images, loss, matrix), TypeError, "found f32 [1, 2]");
});

gpuTest("penalizedBackward() needs one logit for each image", (device) => {
  using network = new Network(device, [new Conv2d(2, 1, { kernel: 3 }), new LeakyRelu(0.2)]);
  const images = device.tensor(new Float32Array(128), { shape: IMAGES });
  assertThrows(
    () => penalizedBackward(network, images, (logits) => mean(logits), [1]),
    RangeError,
    "the network must give one logit for each of 4 images, found logits of shape [4, 2, 2, 1]",
  );
});

/** A module that gives the pieces of its layer so many times. */
class Repeated extends Module {
  constructor(readonly layer: Linear, readonly times: number) {
    super();
  }

  override parameters(): Record<string, Parameter> {
    return this.layer.parameters();
  }

  override pieces(): readonly Piece[] {
    return Array.from({ length: this.times }, () => this.layer.pieces()).flat();
  }

  override forward(x: Tensor): Tensor {
    return this.layer.forward(x, { training: true });
  }
}

gpuTest("penalizedBackward() wants each parameter in one piece", (device) => {
  for (const times of [0, 2]) {
    using network = new Network(device, [new Repeated(head(), times)]);
    expectRefusal(device, network, RangeError, `found '0.weight' used ${times} times`);
  }
});

f16Test("penalizedBackward() refuses f16", (device) => {
  using half = new Network(device, [head()], { precision: "f16" });
  expectRefusal(device, half, TypeError, "the network must be of f32, found f16");
  using single = new Network(device, [head()]);
  const images = cast(device.tensor(new Float32Array(128), { shape: IMAGES }), "f16");
  assertThrows(
    () => penalizedBackward(single, images, (logits) => mean(logits), [1]),
    TypeError,
    "the images must be of f32, found f16",
  );
});
