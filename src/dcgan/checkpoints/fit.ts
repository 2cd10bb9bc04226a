import { flatLength, type Module, namedParameters, namedStatistics, type TensorData } from "../../nn/mod.ts";
import type { TrainConfig } from "../options/config.ts";
import { createDiscriminator } from "../networks/discriminator.ts";
import { createGenerator } from "../networks/generator.ts";
import type { ReadCheckpoint } from "./read_checkpoint.ts";

type Tensors = ReadonlyMap<string, TensorData>;

/**
 * Why a checkpoint does not belong to a run with this config; undefined if it may. Needs no GPU: names and
 * shapes follow from the config alone.
 */
export function misfit(
  { generator, discriminator, training, averages }: Omit<ReadCheckpoint, "place">,
  config: TrainConfig,
): string | undefined {
  const networks = {
    generator: createGenerator(config),
    discriminator: createDiscriminator(config),
  };
  return networkMisfit(generator.tensors, networks.generator, "generator") ??
    networkMisfit(discriminator.tensors, networks.discriminator, "discriminator") ??
    averages.values().map(({ tensors }) => networkMisfit(tensors, networks.generator, "averaged generator"))
      .find((problem) => problem !== undefined) ??
    momentsMisfit(training.tensors, networks, config);
}

/** What in a state dict is not as a network has it. */
function networkMisfit(tensors: Tensors, network: Module, who: string): string | undefined {
  const expected = new Map<string, readonly number[]>();
  for (const [name, { layout }] of namedParameters(network)) expected.set(name, layout.shape);
  for (const [name, { shape }] of namedStatistics(network)) expected.set(name, shape);
  for (const [name, shape] of expected) {
    const found = tensors.get(name)?.shape;
    if (!found) return `'${name}' is missing from its ${who}`;
    // PyTorch keeps counts without an axis
    if (`${found.length === 0 ? [1] : found}` === `${shape}`) continue;
    return `'${name}' of its ${who} must have the shape [${shape.join(", ")}], found [${found.join(", ")}]`;
  }
  const other = tensors.keys().find((name) => !expected.has(name));
  return other === undefined ? undefined : `its ${who} has no '${other}'`;
}

/** What is not as long as the networks' parameters are in a row. */
function momentsMisfit(
  tensors: Tensors,
  networks: Readonly<Record<string, Module>>,
  { precision }: TrainConfig,
): string | undefined {
  for (const [network, module] of Object.entries(networks)) {
    const length = flatLength(namedParameters(module), precision);
    for (const average of ["exp_avg", "exp_avg_sq"]) {
      const found = tensors.get(`${network}.${average}`)?.data.length ?? 0;
      if (found !== length) return `'${network}.${average}' must have ${length} values, found ${found}`;
    }
  }
  return undefined;
}
