/**
 * Whether a run fits an adapter, found out from its options alone: before data is opened, or anything made.
 *
 * @module
 */
import type { Device } from "../../gpu/mod.ts";
import { type Module, namedParameters } from "../../nn/mod.ts";
import { sidesOf, sizeText } from "../../pictures/image_size.ts";
import { type Architecture, generatorMaps } from "./architecture.ts";
import type { ArchitectureOptions, StepOptions } from "../options/options.ts";
import { batchUnit } from "../options/batch_issues.ts";
import { ConfigError, type ConfigIssue } from "../options/config_issue.ts";
import { createDiscriminator } from "./discriminator.ts";
import { createGenerator } from "./generator.ts";

/** What decides the size of a run's tensors. */
export type FittedConfig = Readonly<
  & Required<Omit<ArchitectureOptions, "base" | "maxMaps">>
  & Pick<ArchitectureOptions, "base" | "maxMaps">
  & Required<Pick<StepOptions, "batch" | "dSteps" | "accumulate" | "precision">>
  & Pick<StepOptions, "shards">
  & Pick<Architecture, "classes">
>;

const F32_BYTES = 4;

/**
 * Throws if a weight is larger than a kernel of this adapter can bind, all weights of a network are larger
 * than a buffer, or a step of the batch makes a tensor that is.
 *
 * @throws {ConfigError} naming the option, what is too large, and the largest value that fits.
 */
export function expectFits(device: Device, config: FittedConfig): void {
  const issues = [
    ...widthIssues(device, config, "ngf", createGenerator),
    ...widthIssues(device, config, "ndf", createDiscriminator),
  ];
  if (issues.length === 0) issues.push(...batchIssues(device, config));
  if (issues.length > 0) throw new ConfigError("Cannot train with these options", issues);
}

/** What is too large in a network, whatever the batch; undefined if all of it fits. */
function weightProblem(device: Device, network: Module): string | undefined {
  const { maxStorageBufferBindingSize: bindable, maxBufferSize: buffer } = device.adapter.limits;
  let all = 0;
  for (const [name, { layout }] of namedParameters(network)) {
    const bytes = layout.shape.reduce((product, extent) => product * extent, F32_BYTES);
    all += bytes;
    if (bytes > bindable) {
      return `the weight '${name}' takes ${mebibytes(bytes)}, and the adapter binds at most ${
        mebibytes(bindable)
      } at once`;
    }
  }
  return all > buffer
    ? `all its weights take ${mebibytes(all)}, and a buffer holds at most ${mebibytes(buffer)}`
    : undefined;
}

function widthIssues(
  device: Device,
  config: FittedConfig,
  option: "ngf" | "ndf",
  create: (config: FittedConfig) => Module,
): ConfigIssue[] {
  const width = config[option];
  const problem = weightProblem(device, create(config));
  if (problem === undefined) return [];
  const fits = (narrower: number) =>
    weightProblem(device, create({ ...config, [option]: narrower })) === undefined;
  return [issueOf(device, config, option, problem, largest(width - 1, fits))];
}

function batchIssues(device: Device, config: FittedConfig): ConfigIssue[] {
  const { maxStorageBufferBindingSize: bindable } = device.adapter.limits;
  const { bytes, option } = largestOf(config);
  if (bytes * config.batch <= bindable) return [];
  const tensor = `a tensor of one step takes ${
    mebibytes(bytes * config.batch)
  }, and the adapter binds at most ${mebibytes(bindable)} at once`;
  const unit = batchUnit(config);
  const batch = unit * Math.floor(bindable / bytes / unit);
  if (batch >= 1) return [issueOf(device, config, "batch", tensor, batch)];
  const fits = (narrower: number) => largestOf({ ...config, [option]: narrower }).bytes <= bindable;
  return [issueOf(device, { ...config, batch: 1 }, option, tensor, largest(config[option] - 1, fits))];
}

function issueOf(
  device: Device,
  config: FittedConfig,
  option: "ngf" | "ndf" | "batch",
  reason: string,
  fitting: number | undefined,
): ConfigIssue {
  const advice = fitting === undefined ? "Use a smaller size" : `${fitting} is the most that fits`;
  const where = `${device.adapter.name} with images of ${sizeText(config.size)}`;
  return { option, problem: `${config[option]} does not fit ${where}: ${reason}. ${advice}` };
}

/**
 * The bytes of the largest tensor that a step makes for each picture of its batch, and what its width
 * follows.
 */
function largestOf(config: FittedConfig): { bytes: number; option: "ngf" | "ndf" } {
  const { channels, ngf, ndf, upsampling, pack, dSteps, accumulate, shards = 1, precision } = config;
  const parts = accumulate * shards;
  const { width, height } = sidesOf(config.size);
  const pixels = width * height;
  const each = precision === "f16" ? 2 : F32_BYTES;
  const nearest = upsampling === "nearest";
  const widths = generatorMaps(config);
  // Pixels of the maps that a layer gives, from the last one back
  const pixelsOf = (layer: number) => pixels / 4 ** (widths.length - (nearest ? 1 : 0) - layer);
  const generated = Math.max(
    pixels * (nearest ? ngf : channels),
    ...widths.map((maps, layer) => pixelsOf(layer) * maps),
  );
  // The discriminator sees two images for each one of the batch, a real one and a fake one, and makes maps of
  // packs
  const judged = 2 * Math.max(pixels * channels, pixels / 4 * ndf / pack);
  // Parts of a batch pass through the networks one after another, but the real images of a step are one
  // tensor
  const taken = dSteps * pixels * channels;
  return generated > judged && generated > taken * parts
    ? { bytes: generated / parts * each, option: "ngf" }
    : { bytes: Math.max(judged / parts, taken) * each, option: "ndf" };
}

/** The largest whole number up to a limit that fits, if all below it do; undefined if 1 does not. */
function largest(limit: number, fits: (value: number) => boolean): number | undefined {
  let [good, bad] = [0, limit + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good === 0 ? undefined : good;
}

function mebibytes(bytes: number): string {
  return bytes < 2 ** 20 ? `${bytes} bytes` : `${Number((bytes / 2 ** 20).toFixed(1))} MiB`;
}
