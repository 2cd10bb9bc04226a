import { sizeText } from "../../pictures/mod.ts";
import { doublingsOf } from "../networks/architecture.ts";
import { ConfigError, type ConfigIssue, quote } from "../options/config_issue.ts";
import type { TrainOptions } from "../options/options.ts";
import type { StartingWeights } from "./starting_weights.ts";

/** Length of the vector of a class in runs. */
const CLASS_VECTOR = 50;

/**
 * Options of a run that starts from weights: what the weights say of the networks takes the place of what is
 * not given. With the states of optimizers go their learning rates and betas, as PyTorch's
 * `optimizer.load_state_dict()` takes them.
 *
 * @throws {ConfigError} naming each option that contradicts the weights.
 * @throws {RangeError} if the weights are of networks that runs do not train.
 */
export function withStartingOptions(given: TrainOptions, weights: StartingWeights): TrainOptions {
  const { path, generator, discriminator, latentDistribution } = weights;
  const found: Partial<TrainOptions> = {};
  const issues: ConfigIssue[] = [];
  const take = <K extends keyof TrainOptions>(option: K, value: TrainOptions[K] | undefined): void => {
    if (value === undefined) return;
    const other = given[option] ?? found[option];
    if (other === undefined) found[option] = value;
    else if (JSON.stringify(other) !== JSON.stringify(value)) {
      const problem = given[option] === undefined
        ? `must be one for both networks in ${path}, found ${quote(other)} and ${quote(value)}`
        : `must be ${quote(value)} as in ${path}, found ${quote(other)}. Leave it out`;
      // Both networks may say the same
      if (!issues.some((issue) => issue.problem === problem)) issues.push({ option, problem });
    }
  };
  expectTrainable(weights);
  for (const network of [generator, discriminator]) {
    if (!network) continue;
    const { size, base, channels, kernel = 4, maxMaps, firstLayer } = network.architecture;
    take("size", size);
    // The base that the size has by itself is only said if it is asked for
    if (base !== undefined || given.base !== undefined) take("base", baseOf({ size, base }));
    take("channels", channels as NonNullable<TrainOptions["channels"]>);
    take("maxMaps", maxMaps);
    take("firstLayer", firstLayer);
    // After nearest upsampling, a generator has kernels of 3x3 in either case
    if (!("upsampling" in network.architecture && network.architecture.upsampling === "nearest")) {
      take("kernel", kernel);
    }
  }
  const g = generator?.architecture;
  take("ngf", g?.ngf);
  take("latent", g?.latent);
  take("upsampling", g?.upsampling);
  take("gNorm", g && (g.gNorm ?? "batch"));
  take("latentDistribution", latentDistribution);
  const d = discriminator?.architecture;
  take("ndf", d?.ndf);
  take("dNorm", d?.dNorm);
  take("pack", d?.pack);
  issues.push(...classIssues(given, weights));
  if (given.conditional === undefined && classCount(weights) > 0) found.conditional = true;
  if (issues.length > 0) throw new ConfigError(`Cannot start from ${path}`, issues);
  // What follows is checked as options without weights are
  const { from: _, ...rest } = given;
  return { ...ratesOf(weights), ...rest, ...found };
}

/** Learning rates and betas of the states of optimizers. */
function ratesOf({ generator, discriminator }: StartingWeights): TrainOptions {
  const [own, other] = [generator, discriminator].map((network) => network?.optimizer?.settings);
  const settings = own ?? other;
  const rates = {
    learningRate: own?.get("lr"),
    dLearningRate: other?.get("lr"),
    beta1: settings?.get("betas.0"),
    beta2: settings?.get("betas.1"),
  };
  return Object.fromEntries(Object.entries(rates).filter(([, value]) => value !== undefined));
}

/** The shorter side of the first maps. */
function baseOf(shape: Parameters<typeof doublingsOf>[0]): number {
  const { width, height } = doublingsOf(shape).base;
  return Math.min(width, height);
}

function classCount({ generator, discriminator }: StartingWeights): number {
  return (generator ?? discriminator)?.architecture.classes?.length ?? 0;
}

/** Classes that one network knows, and the other or the run does not. */
function classIssues({ conditional }: TrainOptions, weights: StartingWeights): ConfigIssue[] {
  const { path, generator, discriminator } = weights;
  const count = classCount(weights);
  const other = discriminator?.architecture.classes?.length ?? 0;
  if (generator && discriminator && other !== count) {
    const problem = `must be one for both networks in ${path}, found ${count} and ${other} classes`;
    return [{ option: "conditional", problem }];
  }
  if (conditional === undefined || (conditional !== false) === count > 0) return [];
  const problem = count > 0
    ? `must be the label that ${path} knows ${count} classes of, found false. Leave it out`
    : `must be false, as ${path} knows no classes, found ${quote(conditional)}. Leave it out`;
  return [{ option: "conditional", problem }];
}

/** Refuses a generator that draws, but that no run has. */
function expectTrainable({ path, generator }: StartingWeights): void {
  const { biases, classVector = CLASS_VECTOR, size } = generator?.architecture ?? {};
  if (biases) {
    throw new RangeError(
      `Cannot start from ${path}: its generator of ${
        sizeText(size!)
      } must have biases only where it has no norms, ` +
        `as PyTorch's examples/dcgan has them (bias=False), found others`,
    );
  }
  if (generator?.architecture.classes && classVector !== CLASS_VECTOR) {
    throw new RangeError(
      `Cannot start from ${path}: the vectors of its generator's classes must have ${CLASS_VECTOR} numbers, ` +
        `found ${classVector}`,
    );
  }
}
