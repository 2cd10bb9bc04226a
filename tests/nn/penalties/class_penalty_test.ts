import { assertEquals, assertNotEquals } from "@std/assert";
import { mean, mul, neg, softplus, type Tensor } from "../../../src/gpu/mod.ts";
import {
  ClassProjection,
  Conv2d,
  gradientPenalty,
  LeakyRelu,
  Network,
  normal,
  penalizedBackward,
} from "../../../src/nn/mod.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

const [IMAGES, EDGE, CHANNELS, MAPS, CLASSES] = [4, 4, 2, 3, 4];
const PIXELS = EDGE * EDGE * CHANNELS;
const GAMMAS = [0.7, 1.9];
/** One class twice, and one never. */
const LABELS = [2, 0, 3, 2];

type Values = ReadonlyMap<string, Float64Array>;

/** Values by name without what a spectral norm adds to it. */
async function valuesOf(tensors: Network["parameters"] | Network["statistics"]): Promise<Values> {
  const found = new Map<string, Float64Array>();
  for (const [name, { tensor }] of tensors) found.set(name, Float64Array.from(await tensor.data()));
  return found;
}

/** A weight divided by its spectral norm, if it has one. */
function divided(values: Values, statistics: Values, name: string): Float64Array {
  const plain = values.get(`${name}.weight`);
  if (plain) return plain;
  const weight = values.get(`${name}.weight_orig`)!;
  const [u, v] = [statistics.get(`${name}.weight_u`)!, statistics.get(`${name}.weight_v`)!];
  const sigma = weight.reduce(
    (sum, value, at) => sum + u[Math.floor(at / v.length)]! * value * v[at % v.length]!,
    0,
  );
  return weight.map((value) => value / sigma);
}

/** The logit of an image and its class, in double precision: a convolution of 2x2 with stride 2, then the projection. */
function logitOf(values: Values, statistics: Values, image: Float64Array, label: number): number {
  const [kernel, bias] = [values.get("conv.weight")!, values.get("conv.bias")!];
  const [fc, embed] = ["fc", "embed"].map((name) => divided(values, statistics, name));
  let logit = values.get("fc.bias")![0]!;
  for (let y = 0; y < EDGE; y += 2) {
    for (let x = 0; x < EDGE; x += 2) {
      for (let map = 0; map < MAPS; map++) {
        let value = bias[map]!;
        for (let tap = 0; tap < 4 * CHANNELS; tap++) {
          const [row, column] = [y + Math.floor(tap / 2 / CHANNELS), x + Math.floor(tap / CHANNELS) % 2];
          value += kernel[tap * MAPS + map]! * image[(row * EDGE + column) * CHANNELS + tap % CHANNELS]!;
        }
        logit += (fc![map]! + embed![label * MAPS + map]!) * (value > 0 ? value : 0.2 * value);
      }
    }
  }
  return logit;
}

/** The loss and both penalties: the gradients at images by differences, which are exact between kinks. */
function totalOf(values: Values, statistics: Values, images: readonly Float64Array[]): number {
  let total = 0;
  for (const [n, image] of images.entries()) {
    const logit = (at: Float64Array) => logitOf(values, statistics, at, LABELS[n]!);
    total += Math.log1p(Math.exp(-logit(image))) / IMAGES;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const slope = (logit(image.with(pixel, image[pixel]! + 1e-6)) - logit(image)) / 1e-6;
      total += GAMMAS[Math.floor(n / 2)]! / 2 * slope ** 2 / 2;
    }
  }
  return total;
}

const lossOf = (logits: Tensor): Tensor => mean(softplus(neg(logits)));

for (const spectralNorm of [false, true]) {
  gpuTest(
    `penalizedBackward() goes through a class projection${spectralNorm ? " with spectral norm" : ""}`,
    async (device) => {
      const conv = new Conv2d(CHANNELS, MAPS, { kernel: 2, stride: 2, weight: normal(0, 0.5) });
      const layers = { conv, activation: new LeakyRelu(0.2) };
      using network = new Network(
        device,
        new ClassProjection(layers, MAPS, CLASSES, { weight: normal(0, 0.5), spectralNorm }),
        { seed: 5 },
      );
      const flat = randomValues(IMAGES * PIXELS, 3, [-1, 1]);
      const x = device.tensor(flat, { shape: [IMAGES, EDGE, EDGE, CHANNELS] });
      const labels = device.tensor(LABELS, { dtype: "u32" });
      const images = LABELS.map((_, n) => Float64Array.from(flat.slice(n * PIXELS, (n + 1) * PIXELS)));
      const [values, statistics] = [await valuesOf(network.parameters), await valuesOf(network.statistics)];

      // Estimates that are not renewed are constants
      const options = { inputs: { labels }, training: false };
      penalizedBackward(network, x, lossOf, GAMMAS, options);
      const found = new Map<string, Float32Array>();
      for (const name of values.keys()) {
        found.set(name, Float32Array.from(await network.gradientOf(name).data()));
      }
      for (const [name, own] of values) {
        const expected = own.map((value, at) => {
          const totals = [1e-4, -1e-4].map((step) =>
            totalOf(new Map([...values, [name, own.with(at, value + step)]]), statistics, images)
          );
          return (totals[0]! - totals[1]!) / 2e-4;
        });
        assertClose(found.get(name)!, expected, { relative: 2e-3, absolute: 2e-4 }, name);
      }
      // Added up they are twice as large
      penalizedBackward(network, x, lossOf, GAMMAS, { ...options, accumulate: true });
      for (const [name, once] of found) {
        const twice = once.map((value) => 2 * value);
        assertClose(await network.gradientOf(name).data(), twice, { relative: 1e-5, absolute: 1e-7 }, name);
      }
    },
  );
}

gpuTest(
  "penalizedBackward() of classes with gammas of 0 is Network.backward() in two passes",
  async (device) => {
    const make = () => {
      const layers = {
        conv: new Conv2d(CHANNELS, MAPS, { kernel: 2, stride: 2, spectralNorm: true }),
        activation: new LeakyRelu(0.2),
      };
      return new Network(device, new ClassProjection(layers, MAPS, CLASSES, { spectralNorm: true }), {
        seed: 5,
      });
    };
    using plain = make();
    using penalized = make();
    const x = device.tensor(randomValues(IMAGES * PIXELS, 3, [-1, 1]), {
      shape: [IMAGES, EDGE, EDGE, CHANNELS],
    });
    const labels = device.tensor(LABELS, { dtype: "u32" });
    plain.backward([lossOf(plain.forward(x, { inputs: { labels }, groups: 2 }))]);
    const { penalties, logits } = penalizedBackward(
      penalized,
      x,
      (logits) => mul(lossOf(logits), 1),
      [0, 0],
      {
        inputs: { labels },
      },
    );
    assertEquals([logits.shape, [...await penalties.data()]], [[IMAGES, 1], [0, 0]]);
    for (const name of plain.parameters.keys()) {
      const expected = await plain.gradientOf(name).data();
      assertClose(
        await penalized.gradientOf(name).data(),
        expected,
        { relative: 1e-4, absolute: 1e-6 },
        name,
      );
    }
    assertEquals(await valuesOf(penalized.statistics), await valuesOf(plain.statistics));
  },
);

gpuTest("gradientPenalty() with a center of 0 is R1 of each image's class", async (device) => {
  const layers = {
    conv: new Conv2d(CHANNELS, MAPS, { kernel: 2, stride: 2, weight: normal(0, 0.5) }),
    activation: new LeakyRelu(0.2),
  };
  const head = new ClassProjection(layers, MAPS, CLASSES, { weight: normal(0, 0.5) });
  using network = new Network(device, head, { seed: 5 });
  const x = device.tensor(randomValues(IMAGES * PIXELS, 3, [-1, 1]), {
    shape: [IMAGES, EDGE, EDGE, CHANNELS],
  });
  const labels = device.tensor(LABELS, { dtype: "u32" });
  const { penalties } = penalizedBackward(network, x, (logits) => mul(mean(logits), 0), [0.8], {
    inputs: { labels },
  });
  const expected = Float32Array.from(await network.gradients.data());
  network.gradients.set(new Float32Array(expected.length));
  const { penalty } = gradientPenalty(network, x, { weight: 0.4, center: 0, inputs: { labels } });
  assertClose(await penalty.data(), await penalties.data(), { relative: 1e-5, absolute: 0 }, "penalty");
  assertClose(await network.gradients.data(), expected, { relative: 1e-5, absolute: 1e-7 }, "gradients");
  const others = device.tensor(LABELS.map((label) => (label + 1) % CLASSES), { dtype: "u32" });
  const { penalty: other } = gradientPenalty(network, x, {
    weight: 0.4,
    center: 0,
    inputs: { labels: others },
  });
  assertNotEquals(await other.item(), await penalty.item());
});
