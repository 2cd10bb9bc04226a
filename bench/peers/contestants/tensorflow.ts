import * as tf from "@tensorflow/tfjs";
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
  type Values,
} from "../networks.ts";
import { type Problem, realValues, samplingLatent, trainingLatent } from "../problem.ts";
import type { Contestant } from "../protocol.ts";

/** A network: how it is computed, and what it learns. */
interface Network {
  readonly parameters: tf.Variable[];
  readonly count: number;
  readonly forward: (x: tf.Tensor4D, training: boolean) => tf.Tensor4D;
}

/** The DCGAN in TensorFlow.js, on the backend that is set. */
export function openTensorflow(problem: Problem): Contestant {
  const { size, channels, batch, latent, sampled, seed } = problem;
  const generator = createNetwork(generatorLayers(problem), seed, "generator");
  const discriminator = createNetwork(discriminatorLayers(problem), seed + 1, "discriminator");
  const { learningRate, beta1, beta2, epsilon } = ADAM;
  const optimizers = [1, 2].map(() => tf.train.adam(learningRate, beta1, beta2, epsilon));
  const real = tf.tensor4d(realValues(problem), [batch, size, size, channels]);
  const ones = tf.ones([batch, 1, 1, 1]);
  const zeros = tf.zeros([batch, 1, 1, 1]);
  const loss = (labels: tf.Tensor, images: tf.Tensor4D): tf.Scalar =>
    tf.losses.sigmoidCrossEntropy(labels, discriminator.forward(images, true));
  let done = 0;

  const step = (): [discriminator: tf.Scalar, generator: tf.Scalar] => {
    const z = tf.tensor4d(trainingLatent(problem, done++), [batch, 1, 1, latent]);
    let discriminatorLoss: tf.Scalar | undefined;
    // The generator runs once: the discriminator is updated in between, on the pictures that it made.
    const ofGenerator = tf.variableGrads(() => {
      const fake = generator.forward(z, true);
      const ofDiscriminator = tf.variableGrads(
        () => loss(ones, real).add(loss(zeros, fake)) as tf.Scalar,
        discriminator.parameters,
      );
      optimizers[0]!.applyGradients(named(ofDiscriminator.grads));
      discriminatorLoss = tf.keep(ofDiscriminator.value);
      return loss(ones, fake);
    }, generator.parameters);
    optimizers[1]!.applyGradients(named(ofGenerator.grads));
    return [discriminatorLoss!, tf.keep(ofGenerator.value)];
  };

  const draw = (): tf.Tensor =>
    tf.tidy(() => generator.forward(tf.tensor4d(samplingLatent(problem), [sampled, 1, 1, latent]), false));

  return {
    parameters: generator.count + discriminator.count,
    async train(steps) {
      const losses = Array.from({ length: steps }, () => tf.tidy(step));
      const all = tf.tidy(() => tf.stack(losses.flat()));
      const values = await all.data();
      tf.dispose([all, losses]);
      return losses.map((_, i) => [values[2 * i]!, values[2 * i + 1]!]);
    },
    async sample(batches) {
      for (let i = 1; i < batches; i++) draw().dispose();
      const last = draw();
      await last.data();
      last.dispose();
    },
    async pictures() {
      const images = draw();
      const values = await images.data();
      images.dispose();
      return values as Float32Array;
    },
  };
}

function named(gradients: tf.NamedTensorMap): { name: string; tensor: tf.Tensor }[] {
  return Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
}

function createNetwork(layers: readonly Layer[], seed: number, network: string): Network {
  const values = firstValues(layers, seed);
  const parameters: tf.Variable[] = [];
  const learned = (name: string, layout: (values: Values) => tf.Tensor): tf.Variable => {
    parameters.push(tf.variable(tf.tidy(() => layout(values.get(name)!)), true, `${network}.${name}`));
    return parameters.at(-1)!;
  };
  const steps = layers.map((layer) => createLayer(layer, learned));
  return {
    parameters,
    count: countOf(values),
    forward: (x, training) => steps.reduce((y, step) => step(y, training), x),
  };
}

function createLayer(
  { weight, shape, transposed, stride, padding, norm, outputs, size, activation }: Layer,
  learned: (name: string, layout: (values: Values) => tf.Tensor) => tf.Variable,
): Network["forward"] {
  // From PyTorch's [outputs, inputs, k, k], or the other way round if transposed, to [k, k, inputs or outputs, the other]
  const filter = learned(
    weight,
    ({ data }) => tf.tensor4d(data, [...shape]).transpose([2, 3, 1, 0]),
  ) as unknown as tf.Tensor4D;
  const row = ({ data }: Values): tf.Tensor => tf.tensor1d(data);
  const gain = norm === undefined ? undefined : learned(`${norm}.weight`, row) as unknown as tf.Tensor1D;
  const bias = norm === undefined ? undefined : learned(`${norm}.bias`, row) as unknown as tf.Tensor1D;
  const runningMean = tf.variable(tf.zeros([outputs]), false);
  const runningVariance = tf.variable(tf.ones([outputs]), false);

  const normalize = (x: tf.Tensor4D, training: boolean): tf.Tensor4D => {
    if (!training) {
      const [mean, variance] = [runningMean as tf.Tensor, runningVariance as tf.Tensor] as [
        tf.Tensor1D,
        tf.Tensor1D,
      ];
      return tf.batchNorm4d(x, mean, variance, bias, gain, EPSILON);
    }
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const rows = x.size / outputs;
    const blend = (running: tf.Variable, found: tf.Tensor): void =>
      running.assign(running.mul(1 - MOMENTUM).add(found.mul(MOMENTUM)));
    blend(runningMean, mean);
    blend(runningVariance, variance.mul(rows / (rows - 1)));
    return tf.batchNorm4d(x, mean as tf.Tensor1D, variance as tf.Tensor1D, bias, gain, EPSILON);
  };

  return (x, training) => {
    const convolved = transposed
      ? tf.conv2dTranspose(x, filter, [x.shape[0], size, size, outputs], stride, padding)
      : tf.conv2d(x, filter, stride, padding);
    const y = norm === undefined ? convolved : normalize(convolved, training);
    if (activation === "relu") return tf.relu(y);
    if (activation === "leaky") return tf.leakyRelu(y, SLOPE);
    return activation === "tanh" ? tf.tanh(y) : y;
  };
}
