import { assert, assertEquals } from "@std/assert";
import { mean, mul, neg, softplus, sum, type Tensor } from "../../../src/gpu/mod.ts";
import { conv2dReference } from "../../../src/gpu/ops/products/conv2d.ts";
import { Network, penalizedBackward } from "../../../src/nn/mod.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";
import { discriminator, dot, gradientsOf, largeImages, TINY } from "./penalized_networks.ts";

const [HEIGHT, WIDTH, CHANNELS] = TINY.image;
const IMAGES = 4;
const PIXELS = HEIGHT * WIDTH * CHANNELS;
const GAMMAS = [0.7, 1.9];

const NONE = (logits: Tensor) => mul(mean(logits), 0);

/** `mean(softplus(-(real - fake)))` of logits `[real..., fake...]`, which compares images with each other. */
function relativistic(logits: Tensor): Tensor {
  const { device, size } = logits;
  const differences = sum(mul(logits.reshape([2, size / 2]), device.tensor([[1], [-1]])), { axes: [0] });
  return mean(softplus(neg(differences)));
}

/** Values of all parameters, by name, in double precision. */
async function parametersOf(network: Network): Promise<Map<string, Float64Array>> {
  const entries = [...network.parameters];
  const values = await network.values.device.read(entries.map(([, { tensor }]) => tensor));
  return new Map(entries.map(([name], position) => [name, Float64Array.from(values[position]!)]));
}

/** The logit of one image by {@linkcode TINY}, and how near the argument of an activation came to 0. */
function tinyLogit(
  parameters: ReadonlyMap<string, Float64Array>,
  image: Float64Array,
): { logit: number; margin: number } {
  let margin = Infinity;
  const leaky = (values: Float64Array, slope: number) =>
    values.map((value) => {
      if (value !== 0) margin = Math.min(margin, Math.abs(value));
      return value > 0 ? value : slope * value;
    });
  const plus = (values: Float64Array, bias: Float64Array) =>
    values.map((value, index) => value + bias[index % bias.length]!);
  const times = (weight: Float64Array, x: Float64Array) =>
    Float64Array.from(
      { length: weight.length / x.length },
      (_, row) => x.reduce((total, value, column) => total + value * weight[row * x.length + column]!, 0),
    );
  const of = (name: string) => parameters.get(name)!;
  const first = { images: 1, height: HEIGHT, width: WIDTH, inputs: CHANNELS, outHeight: 3, outWidth: 4 };
  const a = conv2dReference(image, of("0.weight"), {
    ...first,
    outputs: 3,
    kernelHeight: 3,
    kernelWidth: 3,
    stride: 2,
    padding: 1,
  });
  const b = conv2dReference(leaky(plus(a, of("0.bias")), 0.2), of("2.conv.weight"), {
    ...{ images: 1, height: 3, width: 4, inputs: 3, outHeight: 2, outWidth: 3, outputs: 5 },
    ...{ kernelHeight: 2, kernelWidth: 2, stride: 1, padding: 0 },
  });
  const c = times(of("3.weight"), leaky(leaky(b, 0), 0.6));
  const d = times(of("5.weight"), leaky(plus(c, of("3.bias")), -0.5));
  return { logit: d[0]! + of("5.bias")[0]!, margin };
}

/** Everything that the pass computes, in double precision, with gradients at images by central differences. */
function tinyReference(parameters: ReadonlyMap<string, Float64Array>, images: readonly Float64Array[]) {
  const step = 1e-5;
  const logits = images.map((image) => tinyLogit(parameters, image).logit);
  const imageGradients = images.map((image) =>
    image.map((_, pixel) => {
      const at = (shift: number) => {
        const moved = image.slice();
        moved[pixel]! += shift;
        return tinyLogit(parameters, moved).logit;
      };
      return (at(step) - at(-step)) / (2 * step);
    })
  );
  const group = IMAGES / 2;
  const pairs = Array.from(
    { length: group },
    (_, n) => Math.log1p(Math.exp(logits[group + n]! - logits[n]!)),
  );
  const loss = pairs.reduce((a, b) => a + b) / group;
  const penalties = GAMMAS.map((gamma, k) =>
    imageGradients.slice(k * group, (k + 1) * group)
      .reduce((total, gradient) => total + gradient.reduce((square, value) => square + value ** 2, 0), 0) *
    gamma / 2 / group
  );
  return { logits, loss, penalties, imageGradients, total: loss + penalties[0]! + penalties[1]! };
}

function tinyImages(): { images: Float64Array[]; flat: Float64Array } {
  const flat = randomValues(IMAGES * PIXELS, 11, [-1, 1]).map(Math.fround);
  return {
    flat,
    images: Array.from({ length: IMAGES }, (_, n) => flat.slice(n * PIXELS, (n + 1) * PIXELS)),
  };
}

gpuTest("penalizedBackward() agrees with central differences in double precision", async (device) => {
  using network = new Network(device, TINY.layers(), { seed: 6 });
  const { images, flat } = tinyImages();
  const parameters = await parametersOf(network);
  const margin = Math.min(...images.map((image) => tinyLogit(parameters, image).margin));
  assert(margin > 1e-3, `differences need a distance from all kinks, found ${margin}`);

  const x = device.tensor(flat, { shape: [IMAGES, HEIGHT, WIDTH, CHANNELS] });
  const pass = penalizedBackward(network, x, relativistic, GAMMAS);
  const [logits, loss, penalties, imageGradients] = await device.read([
    pass.logits,
    pass.loss,
    pass.penalties,
    pass.imageGradients,
  ]);
  const expected = tinyReference(parameters, images);
  const tolerance = { relative: 1e-5, absolute: 1e-6 };
  assertClose(logits!, expected.logits, tolerance, "logits");
  assertClose(loss!, [expected.loss], tolerance, "loss");
  assertClose(penalties!, expected.penalties, tolerance, "penalties");
  assertClose(imageGradients!, expected.imageGradients.flatMap((row) => [...row]), tolerance, "at images");
  assertEquals(pass.imageGradients.shape, x.shape);

  const step = 1e-4;
  for (const [name, found] of await gradientsOf(network)) {
    const values = parameters.get(name)!;
    const along = (direction: Float64Array) => {
      const at = (shift: number) => {
        const moved = values.map((value, index) => value + shift * direction[index]!);
        return tinyReference(new Map([...parameters, [name, moved]]), images).total;
      };
      return (at(step) - at(-step)) / (2 * step);
    };
    const unit = (element: number) => values.map((_, index) => (index === element ? 1 : 0));
    const checked = [...values.keys()].filter((index) => index % 7 === 0);
    const close = { relative: 1e-4, absolute: 1e-5 };
    assertClose(
      checked.map((i) => found[i]!),
      checked.map((i) => along(unit(i))),
      close,
      `${name}, elements`,
    );
    const direction = randomValues(values.length, 12, [-1, 1]);
    assertClose([dot(found, direction)], [along(direction)], close, `${name}, a direction`);
  }
});

gpuTest("penalizedBackward() can be recorded, with gammas that change between runs", async (device) => {
  const { flat } = tinyImages();
  const shape = [IMAGES, HEIGHT, WIDTH, CHANNELS];
  using network = new Network(device, TINY.layers(), { seed: 6 });
  using program = device.program(
    { images: shape, gammas: [2] },
    ({ images, gammas }) => penalizedBackward(network, images, relativistic, gammas),
  );
  for (const gammas of [GAMMAS, [0, 3]]) {
    program.run({ images: flat, gammas });
    const { penalties, loss } = program.outputs;
    const recorded = [...await device.read([penalties, loss]), ...(await gradientsOf(network)).values()];
    const pass = penalizedBackward(network, device.tensor(flat, { shape }), relativistic, gammas);
    const eager = [
      ...await device.read([pass.penalties, pass.loss]),
      ...(await gradientsOf(network)).values(),
    ];
    assertEquals(recorded, eager);
  }
});

gpuTest("penalizedBackward() with gammas of 0 is Network.backward()", async (device) => {
  using network = new Network(device, TINY.layers(), { seed: 6 });
  const x = device.tensor(tinyImages().flat, { shape: [IMAGES, HEIGHT, WIDTH, CHANNELS] });
  network.backward([relativistic(network.forward(x))]);
  const plain = await gradientsOf(network);
  const { penalties } = penalizedBackward(network, x, relativistic, [0]);
  assertEquals([...await penalties.data()], [0]);
  for (const [name, found] of await gradientsOf(network)) {
    assertClose(found, plain.get(name)!, { relative: 1e-5, absolute: 1e-7 }, name);
  }
});

gpuTest("penalizedBackward() leaves what its loss function makes, and nothing else", async (device) => {
  using network = new Network(device, TINY.layers(), { seed: 6 });
  const x = device.tensor(tinyImages().flat, { shape: [IMAGES, HEIGHT, WIDTH, CHANNELS] });
  const before = device.ledger.read().buffers;
  let seen: Tensor | undefined;
  const { logits, loss, penalties, imageGradients } = penalizedBackward(network, x, (logits) => {
    seen = mean(logits);
    return mul(seen, 2);
  }, [1, 1]);
  assertClose(await loss.data(), [2 * await seen!.item()], { relative: 1e-6, absolute: 0 }, "loss");
  device.trim();
  // The mean, the number 2 and the loss; logits, penalties and gradients at images
  assert(device.ledger.read().buffers - before <= 6);
  for (const tensor of [logits, loss, penalties, imageGradients]) assert(tensor.live);
});

/** The penalty of both groups, and the inner products of its gradient of each parameter with a direction. */
async function slopesAt(network: Network, x: Tensor, directions: ReadonlyMap<string, Float64Array>) {
  using _scope = x.device.scope();
  const { penalties } = penalizedBackward(network, x, NONE, [10, 4]);
  const penalty = (await penalties.data()).reduce((a, b) => a + b);
  const gradients = await gradientsOf(network);
  const slopes = [...gradients].map(([name, gradient]) => dot(gradient, directions.get(name)!));
  return { penalty, slopes };
}

gpuTest("penalizedBackward() at 64x64x3 agrees with differences of the penalty itself", async (device) => {
  const x = largeImages(device);
  // A slope of 1 has no kinks, so that the penalty is a polynomial of second degree of each weight. With kinks it jumps as
  // weights move, but those of the last layer move none.
  for (const [slope, tested] of [[1, ["0.weight", "4.weight"]], [0.2, ["8.weight"]]] as const) {
    using network = discriminator(device, slope);
    const values = await parametersOf(network);
    const directions = new Map(
      Array.from(values, ([name, { length }], n) => [name, randomValues(length, 20 + n, [-0.05, 0.05])]),
    );
    const { slopes } = await slopesAt(network, x, directions);
    for (const [position, name] of [...values.keys()].entries()) {
      if (!tested.some((one) => one === name)) continue;
      const { tensor } = network.parameters.get(name)!;
      const at = async (shift: number) => {
        tensor.set(values.get(name)!.map((value, index) => value + shift * directions.get(name)![index]!));
        return (await slopesAt(network, x, directions)).penalty;
      };
      const difference = (await at(1) - await at(-1)) / 2;
      tensor.set(values.get(name)!);
      assertClose([slopes[position]!], [difference], { relative: 1e-3, absolute: 0 }, name);
    }
  }
});

gpuTest("penalizedBackward() at 64x64x3 doubles the penalty along each layer's weights", async (device) => {
  using network = discriminator(device, 0.2);
  const values = await parametersOf(network);
  const { penalty, slopes } = await slopesAt(network, largeImages(device), values);
  // Without biases a layer's weights times 1 + h move no kink, and make the penalty (1 + h)^2 as large
  assertClose(slopes, slopes.map(() => 2 * penalty), { relative: 1e-4, absolute: 0 }, "slopes");
});
