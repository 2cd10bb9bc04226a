import { blockUntilReady, jit, lax, nn, numpy as np, tree, valueAndGrad, vjp } from "@jax-js/jax";
import {
  ADAM,
  countOf,
  discriminatorLayers,
  EPSILON,
  firstValues,
  generatorLayers,
  type Layer,
  MOMENTUM,
  SLOPE,
} from "../networks.ts";
import { type Problem, realValues, samplingLatent, trainingLatent } from "../problem.ts";
import type { Contestant } from "../protocol.ts";
import type { Convolutions } from "./jax_convolutions.ts";

/** Arrays by name. Every use of one takes it, unless it says `.ref`. */
type Arrays = Record<string, np.Array>;

/** A network in training: parameters, running statistics, and Adam's moments. */
type Learner = { parameters: Arrays; statistics: Arrays; means: Arrays; squares: Arrays };

/** All that a step changes; `powers` are Adam's betas to the power of the step. */
type State = { generator: Learner; discriminator: Learner; powers: Arrays };

/** The DCGAN in jax-js, on the device that is set: the whole training step under one `jit`, Adam by hand. */
export function openJax(problem: Problem, convolutions: Convolutions): Contestant {
  const { size, channels, batch, latent, sampled, seed } = problem;
  const layers = { generator: generatorLayers(problem), discriminator: discriminatorLayers(problem) };
  const forward = forwardWith(convolutions);
  let state: State = {
    generator: createLearner(layers.generator, seed),
    discriminator: createLearner(layers.discriminator, seed + 1),
    powers: { beta1: np.array(1), beta2: np.array(1) },
  };
  const real = np.array(channelsFirst(realValues(problem), batch, size * size, channels), {
    shape: [batch, channels, size, size],
  });

  const step = jit((state: State, real: np.Array, z: np.Array): [State, np.Array, np.Array] => {
    const { generator, discriminator } = state;
    const powers = {
      beta1: state.powers.beta1!.mul(ADAM.beta1),
      beta2: state.powers.beta2!.mul(ADAM.beta2),
    };
    const [fake, backward, generatorStatistics] = vjp(
      (parameters: Arrays): [np.Array, Arrays] =>
        forward(layers.generator, parameters, tree.ref(generator.statistics), z),
      [tree.ref(generator.parameters)],
      { hasAux: true },
    );
    const [[discriminatorLoss, afterFake], ofDiscriminator] = valueAndGrad(
      (parameters: Arrays): [np.Array, Arrays] => {
        const { statistics } = discriminator;
        const [onReal, afterReal] = forward(layers.discriminator, tree.ref(parameters), statistics, real);
        const [onFake, afterFake] = forward(layers.discriminator, parameters, afterReal, fake.ref);
        // The label is 1 for real pictures, 0 for fake ones.
        return [nn.softplus(onReal.neg()).mean().add(nn.softplus(onFake).mean()), afterFake];
      },
      { hasAux: true },
    )(tree.ref(discriminator.parameters));
    const nextDiscriminator = learn(discriminator, ofDiscriminator as unknown as Arrays, tree.ref(powers));
    const [[generatorLoss, afterAll], ofPictures] = valueAndGrad(
      (pictures: np.Array): [np.Array, Arrays] => {
        const parameters = tree.ref(nextDiscriminator.parameters);
        const [logits, after] = forward(layers.discriminator, parameters, afterFake, pictures);
        return [nn.softplus(logits.neg()).mean(), after];
      },
      { hasAux: true },
    )(fake);
    const [ofGenerator] = backward(ofPictures);
    backward.dispose();
    const nextGenerator = learn(generator, ofGenerator as unknown as Arrays, tree.ref(powers));
    const next = {
      generator: { ...nextGenerator, statistics: generatorStatistics },
      discriminator: { ...nextDiscriminator, statistics: afterAll },
      powers,
    };
    return [next, discriminatorLoss, generatorLoss];
  });

  const draw = jit((parameters: Arrays, statistics: Arrays, z: np.Array): np.Array => {
    return forward(layers.generator, parameters, statistics, z, false)[0];
  });
  const drawNext = (): np.Array => {
    const { parameters, statistics } = state.generator;
    const z = np.array(samplingLatent(problem), { shape: [sampled, latent, 1, 1] });
    return draw(tree.ref(parameters), tree.ref(statistics), z);
  };
  let done = 0;
  return {
    parameters: [...Object.values(layers)].reduce((sum, each) => sum + countOf(firstValues(each, 0)), 0),
    async train(steps) {
      const losses: [np.Array, np.Array][] = [];
      for (let i = 0; i < steps; i++) {
        const z = np.array(trainingLatent(problem, done++), { shape: [batch, latent, 1, 1] });
        const [next, discriminator, generator] = step(state, real.ref, z);
        state = next;
        losses.push([discriminator, generator]);
      }
      await blockUntilReady(state);
      const values = await Promise.all(losses.flat().map((loss) => loss.data()));
      return losses.map((_, i) => [values[2 * i]![0]!, values[2 * i + 1]![0]!]);
    },
    async sample(batches) {
      const drawn = await blockUntilReady(Array.from({ length: batches }, drawNext));
      const last = drawn.pop()!;
      await last.data();
      tree.dispose(drawn);
    },
    async pictures() {
      return await drawNext().data() as Float32Array;
    },
  };
}

function createLearner(layers: readonly Layer[], seed: number): Learner {
  const parameters: Arrays = {};
  const means: Arrays = {};
  const squares: Arrays = {};
  const statistics: Arrays = {};
  for (const [name, { shape, data }] of firstValues(layers, seed)) {
    parameters[name] = np.array(data, { shape: [...shape] });
    means[name] = np.zeros([...shape]);
    squares[name] = np.zeros([...shape]);
  }
  for (const { norm, outputs } of layers) {
    if (norm === undefined) continue;
    statistics[`${norm}.mean`] = np.zeros([outputs]);
    statistics[`${norm}.variance`] = np.ones([outputs]);
  }
  return { parameters, means, squares, statistics };
}

/** What layers give, and their statistics after that. */
type Forward = (
  layers: readonly Layer[],
  parameters: Arrays,
  statistics: Arrays,
  x: np.Array,
  training?: boolean,
) => [np.Array, Arrays];

function forwardWith(convolutions: Convolutions): Forward {
  return (layers, parameters, statistics, x, training = true) => {
    const after: Arrays = { ...statistics };
    for (const { weight, transposed, stride, padding, norm, activation } of layers) {
      const convolve = transposed ? convolutions.transposed : convolutions.plain;
      x = convolve(x, parameters[weight]!, stride, padding);
      if (norm !== undefined) x = normalize(x, norm, parameters, training ? after : statistics, training);
      if (activation === "relu") x = nn.relu(x);
      else if (activation === "leaky") x = nn.leakyRelu(x, SLOPE);
      else if (activation === "tanh") x = np.tanh(x);
    }
    return [x, after];
  };
}

/** Batch norm; in training with the statistics of the batch, and the running ones are updated in place. */
function normalize(
  x: np.Array,
  norm: string,
  parameters: Arrays,
  statistics: Arrays,
  training: boolean,
): np.Array {
  const channels = x.shape[1]!;
  const rows = x.size / channels;
  const column = (name: string, values = parameters): np.Array =>
    values[`${norm}.${name}`]!.reshape([1, channels, 1, 1]);
  const blend = (name: string, found: np.Array): void => {
    const share = lax.stopGradient(found).reshape([channels]).mul(MOMENTUM);
    statistics[`${norm}.${name}`] = statistics[`${norm}.${name}`]!.mul(1 - MOMENTUM).add(share);
  };
  let variance: np.Array;
  if (training) {
    const mean = x.ref.mean([0, 2, 3], { keepdims: true });
    x = x.sub(mean.ref);
    variance = np.square(x.ref).mean([0, 2, 3], { keepdims: true });
    blend("mean", mean);
    blend("variance", variance.ref.mul(rows / (rows - 1)));
  } else {
    x = x.sub(column("mean", statistics));
    variance = column("variance", statistics);
  }
  return x.mul(column("weight").div(np.sqrt(variance.add(EPSILON)))).add(column("bias"));
}

/** Adam (Kingma and Ba 2015, algorithm 1), as PyTorch has it. */
function learn(
  { parameters, means, squares, statistics }: Learner,
  gradients: Arrays,
  powers: Arrays,
): Learner {
  const { learningRate, beta1, beta2, epsilon } = ADAM;
  const next: Learner = { parameters: {}, means: {}, squares: {}, statistics };
  const bias1 = np.subtract(1, powers.beta1!);
  const bias2 = np.subtract(1, powers.beta2!);
  for (const [name, gradient] of Object.entries(gradients)) {
    const mean = means[name]!.mul(beta1).add(gradient.ref.mul(1 - beta1));
    const square = squares[name]!.mul(beta2).add(np.square(gradient).mul(1 - beta2));
    const deviation = np.sqrt(square.ref.div(bias2.ref)).add(epsilon);
    const change = mean.ref.div(bias1.ref).div(deviation).mul(learningRate);
    next.parameters[name] = parameters[name]!.sub(change);
    next.means[name] = mean;
    next.squares[name] = square;
  }
  bias1.dispose();
  bias2.dispose();
  return next;
}

/** Pictures with their channels before their pixels. */
function channelsFirst(
  values: Float32Array,
  batch: number,
  pixels: number,
  channels: number,
): Float32Array<ArrayBuffer> {
  const planes = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const image = Math.floor(i / (pixels * channels));
    planes[(image * channels + i % channels) * pixels + Math.floor(i / channels) % pixels] = values[i]!;
  }
  if (planes.length !== batch * channels * pixels) throw new RangeError("The pictures do not fill the batch");
  return planes;
}
