/**
 * A whole DCGAN (Radford, Metz and Chintala 2015) in one file, from drawn images to a trained generator: no imports,
 * plain arrays, every gradient by hand. Everything else in this repository is speed.
 *
 *     deno run examples/micro_dcgan.ts
 */

/** Numbers that learn, the sum of their gradients, and Adam's two moments. */
type Parameter = Record<"value" | "gradient" | "m" | "v", Float64Array>;

/** A layer keeps what its backward pass needs of its last forward pass. Arrays hold `n` images, as NCHW. */
interface Layer {
  parameters: Parameter[];
  forward(x: Float64Array, n: number): Float64Array;
  /** From the loss's gradient by the output to that by the input. Adds to the gradients of the parameters. */
  backward(dy: Float64Array, n: number): Float64Array;
}

// Random numbers: a linear congruential generator in [0, 1), and N(0, 1) by the method of Box and Muller.
let state = 1;
const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

const zeros = (length: number) => new Float64Array(length);
function parameter(length: number, start: () => number): Parameter {
  return { value: zeros(length).map(start), gradient: zeros(length), m: zeros(length), v: zeros(length) };
}

/** A 4x4 convolution's two ends: channels and edge of the large maps, and of the small ones. */
type Ends = { large: [number, number]; small: [number, number]; stride: number; padding: number };
type Sum = "small" | "large" | "weight";

/**
 * The one sum of all convolutions: small[y, x] and large[y * stride + i - padding, x * stride + j - padding] meet at
 * weight[i, j]. Two of the three arrays are given, and their products are added up in the third.
 */
function meet(sum: Sum, { large: [L, H], small: [S, h], stride, padding }: Ends, arrays: Float64Array[]) {
  const [small, large, weight] = arrays as [Float64Array, Float64Array, Float64Array];
  const n = small.length / (S * h * h);
  for (let image = 0; image < n; image++) {
    for (let c = 0; c < weight.length; c++) { // weight[s, l, i, j]
      const [s, l, i, j] = [c / 16 / L | 0, (c >> 4) % L, (c >> 2) & 3, c & 3];
      for (let p = 0; p < h * h; p++) {
        const Y = (p / h | 0) * stride + i - padding;
        const X = p % h * stride + j - padding;
        if (Y < 0 || Y >= H || X < 0 || X >= H) continue;
        const a = (image * S + s) * h * h + p;
        const b = ((image * L + l) * H + Y) * H + X;
        if (sum === "small") small[a]! += large[b]! * weight[c]!;
        else if (sum === "large") large[b]! += small[a]! * weight[c]!;
        else weight[c]! += small[a]! * large[b]!;
      }
    }
  }
  return { small, large, weight }[sum];
}

/** From large maps to small ones, or transposed from small to large. Weights start as N(0, 0.02). */
function convolution(ends: Ends, transposed = false): Layer {
  const { large: [L, H], small: [S, h] } = ends;
  const weight = parameter(S * L * 16, () => 0.02 * normal());
  const maps = { small: S * h * h, large: L * H * H };
  const [from, to] = transposed ? ["small", "large"] as const : ["large", "small"] as const;
  let x: Float64Array;
  const run = (sum: Sum, x: Float64Array, y: Float64Array, w: Float64Array) =>
    meet(sum, ends, transposed ? [x, y, w] : [y, x, w]);
  return {
    parameters: [weight],
    forward: (input, n) => run(to, x = input, zeros(n * maps[to]), weight.value),
    backward(dy, n) {
      run("weight", x, dy, weight.gradient);
      return run(from, zeros(n * maps[from]), dy, weight.value);
    },
  };
}

/** Batch norm (Ioffe and Szegedy 2015): y = gain * (x - mean) / sqrt(variance + 1e-5) + bias, for each channel. */
function batchNorm(channels: number): Layer {
  const [gain, bias] = [parameter(channels, () => 1 + 0.02 * normal()), parameter(channels, () => 0)];
  let channel: (i: number) => number, normalized: Float64Array, invstd: Float64Array;
  return {
    parameters: [gain, bias],
    forward(x, n) {
      const pixels = x.length / n / channels;
      const c = channel = (i) => Math.floor(i / pixels) % channels;
      const [mean, variance] = [zeros(channels), zeros(channels)];
      x.forEach((v, i) => mean[c(i)]! += v / (n * pixels));
      x.forEach((v, i) => variance[c(i)]! += (v - mean[c(i)]!) ** 2 / (n * pixels));
      invstd = variance.map((v) => 1 / Math.sqrt(v + 1e-5));
      normalized = x.map((v, i) => (v - mean[c(i)]!) * invstd[c(i)]!);
      return normalized.map((v, i) => gain.value[c(i)]! * v + bias.value[c(i)]!);
    },
    backward(dy) {
      const [c, count, dBias, dGain] = [channel, dy.length / channels, zeros(channels), zeros(channels)];
      dy.forEach((d, i) => (dBias[c(i)]! += d, dGain[c(i)]! += d * normalized[i]!));
      dBias.forEach((d, i) => (bias.gradient[i]! += d, gain.gradient[i]! += dGain[i]!));
      const dx = (d: number, i: number) => d - (dBias[c(i)]! + normalized[i]! * dGain[c(i)]!) / count;
      return dy.map((d, i) => gain.value[c(i)]! * invstd[c(i)]! * dx(d, i));
    },
  };
}

/** A function of each number, and its derivative, written as a function of the result. */
function activation(f: (x: number) => number, slope: (y: number) => number): Layer {
  let y: Float64Array;
  const backward = (dy: Float64Array) => dy.map((d, i) => d * slope(y[i]!));
  return { parameters: [], forward: (x) => y = x.map(f), backward };
}
const relu = () => activation((x) => Math.max(x, 0), (y) => y > 0 ? 1 : 0);
const leakyRelu = () => activation((x) => x > 0 ? x : 0.2 * x, (y) => y > 0 ? 1 : 0.2);
const tanh = () => activation(Math.tanh, (y) => 1 - y * y);

const sequential = (...layers: Layer[]): Layer => ({
  parameters: layers.flatMap((layer) => layer.parameters),
  forward: (x, n) => layers.reduce((value, layer) => layer.forward(value, n), x),
  backward: (dy, n) => layers.reduceRight((value, layer) => layer.backward(value, n), dy),
});

/** The generator, from latent vectors to gray images of 16x16, and the discriminator, from images to logits. */
export function createNetworks(latent: number, maps: number): { generator: Layer; discriminator: Layer } {
  const first: Ends = { large: [2 * maps, 4], small: [latent, 1], stride: 1, padding: 0 };
  const inner: Ends = { large: [maps, 8], small: [2 * maps, 4], stride: 2, padding: 1 };
  const outer: Ends = { large: [1, 16], small: [maps, 8], stride: 2, padding: 1 };
  const up = (ends: Ends) => [convolution(ends, true), batchNorm(ends.large[0]), relu()];
  const down = [convolution(outer), leakyRelu(), convolution(inner), batchNorm(2 * maps), leakyRelu()];
  const generator = sequential(...up(first), ...up(inner), convolution(outer, true), tanh());
  return { generator, discriminator: sequential(...down, convolution({ ...first, small: [1, 1] })) };
}

/** Adam (Kingma and Ba 2014) with the paper's rate and first beta. `t` counts from 1. Leaves the gradients at zero. */
function adam(parameters: Parameter[], t: number, rate: number, [beta1, beta2] = [0.5, 0.999]): void {
  for (const { value, gradient, m, v } of parameters) {
    gradient.forEach((g, i) => {
      m[i] = beta1 * m[i]! + (1 - beta1) * g;
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
      value[i]! -= rate * (m[i]! / (1 - beta1 ** t)) / (Math.sqrt(v[i]! / (1 - beta2 ** t)) + 1e-8);
    });
    gradient.fill(0);
  }
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
/** Binary cross entropy of logits: -log D(x) for target 1, -log(1 - D(x)) for 0; and its gradient, D(x) - target. */
function bce(logits: Float64Array, target: 0 | 1) {
  const loss = logits.reduce((sum, x) => sum - Math.log(sigmoid(target ? x : -x)) / logits.length, 0);
  return { loss, gradient: logits.map((x) => (sigmoid(x) - target) / logits.length) };
}

/** D learns from real and fake images, then G from the new D. Returns D's losses of both, and G's. `t` is from 1. */
export function step(
  { generator, discriminator }: ReturnType<typeof createNetworks>,
  [real, latent]: [Float64Array, Float64Array],
  { n, t, rate }: { n: number; t: number; rate: number },
): number[] {
  // The loss of images with a target, and its gradient by the images. Adds to the discriminator's gradients.
  const judge = (images: Float64Array, target: 0 | 1) => {
    const { loss, gradient } = bce(discriminator.forward(images, n), target);
    return { loss, gradient: discriminator.backward(gradient, n) };
  };
  const fake = generator.forward(latent, n);
  const losses = [judge(real, 1).loss, judge(fake, 0).loss];
  adam(discriminator.parameters, t, rate);
  // The generator wants its images to be called real. What this adds to the discriminator's gradients is dropped.
  const { loss, gradient } = judge(fake, 1);
  discriminator.parameters.forEach((parameter) => parameter.gradient.fill(0));
  generator.backward(gradient, n);
  adam(generator.parameters, t, rate);
  return [...losses, loss];
}

/** White discs and squares on black, at random places: `n` images in [-1, 1]. */
export function drawShapes(n: number): Float64Array {
  const images = zeros(n * 256);
  for (let image = 0; image < n; image++) {
    const [round, radius] = [uniform() < 0.5, 3 + 2 * uniform()];
    const [cx, cy] = [6 + 4 * uniform(), 6 + 4 * uniform()];
    for (let p = 0; p < 256; p++) {
      const [dx, dy] = [Math.abs(p % 16 - cx), Math.abs(Math.floor(p / 16) - cy)];
      const distance = round ? Math.hypot(dx, dy) : Math.max(dx, dy);
      images[image * 256 + p] = Math.min(1, Math.max(-1, 2 * (radius - distance)));
    }
  }
  return images;
}

if (import.meta.main) {
  const [n, length, rate] = [16, 8, 0.002]; // the paper's rate is 0.0002, for longer runs
  const networks = createNetworks(length, 8);
  const latent = () => zeros(n * length).map(normal);
  for (let t = 1; t <= 300; t++) {
    const losses = step(networks, [drawShapes(n), latent()], { n, t, rate });
    if (t % 20 === 0) console.log(t, ...losses);
  }
  const images = networks.generator.forward(latent(), n);
  const row = (at: number) =>
    Array.from(images.slice(at, at + 16), (v) => "  .*#"[Math.round(2 + 2 * v)]).join("");
  for (let y = 0; y < 16; y++) console.log([0, 1, 2, 3, 4].map((i) => row(i * 256 + y * 16)).join("  "));
}
