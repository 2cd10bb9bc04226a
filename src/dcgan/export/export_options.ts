import type { Device } from "../../gpu/mod.ts";
import { checkOptions, type OptionKinds } from "../explore/check_options.ts";
import { GENERATOR_KINDS, type GeneratorOptions } from "../explore/generator_options.ts";
import { choice, text, toggle } from "../options/option.ts";

/** What {@linkcode exportRun} writes; see its option `format`. */
export type ExportFormat = "onnx" | "safetensors" | "torch" | "web" | "hub";

/** All of them. */
export const EXPORT_FORMATS: readonly ExportFormat[] = ["onnx", "safetensors", "torch", "web", "hub"];

/** Options of {@linkcode exportRun}. */
export interface ExportOptions
  extends
    Pick<GeneratorOptions, "from" | "ema" | "emaLength" | "latentDistribution" | "network" | "offline"> {
  /**
   * What is written:
   *
   * - `onnx`: a file for ONNX runtimes, operator set 17. Input `latent` `[N, latent]` (and `class` `[N]`, int64, of a
   *   conditional generator), output `image` `[N, channels, height, width]` in [-1, 1].
   * - `safetensors`: the weights, by PyTorch's names and in its shapes.
   * - `torch`: a folder with the weights and `model.py`, which rebuilds the networks in PyTorch.
   * - `web`: a folder with a page that draws in the browser, by WebGPU.
   * - `hub`: a folder as models of Hugging Face have it: a card, samples, and most of the above.
   */
  format: ExportFormat;
  /** File or folder to write. */
  out: string;
  /**
   * Whether something that is at `out` may be replaced: a file, or in a folder the files of the same names.
   *
   * @default {false}
   */
  overwrite?: boolean;
  /**
   * Whether the discriminator is written as well. That needs a run or a checkpoint, and the formats `safetensors`, which
   * then is a folder, `torch` or `hub`.
   *
   * @default {false}
   */
  discriminator?: boolean;
  /**
   * Of `torch`: whether `train_ddp.py` is written as well, a script that goes on with the run's training in
   * PyTorch, on as many processes or graphics cards as it is started with, by DistributedDataParallel. That
   * needs a run folder, or a checkpoint in one, and comes with the discriminator.
   *
   * @default {false}
   */
  ddp?: boolean;
  /**
   * Of `hub`, which needs it: the license of the weights, as Hugging Face names it, such as `mit` or `cc-by-4.0`. It is
   * for you to choose; the license of the pictures that the run was trained on may leave no choice.
   */
  license?: string;
  /**
   * Of `hub`: what samples are drawn with.
   *
   * @default {one that is opened for it}
   */
  device?: Device;
  /** Ends it once it aborts, with the signal's reason. Nothing is written then. */
  signal?: AbortSignal;
}

const { from, ema, emaLength, latentDistribution, network, offline } = GENERATOR_KINDS;

const KINDS: OptionKinds<ExportOptions> = {
  from,
  ema,
  emaLength,
  latentDistribution,
  network,
  offline,
  format: choice(EXPORT_FORMATS),
  out: text("the path of a file or folder"),
  overwrite: toggle(),
  discriminator: toggle(),
  ddp: toggle(),
  license: text(),
  device: null,
  signal: null,
};

/** Formats that have a discriminator if that is wanted. */
const WITH_BOTH: readonly ExportFormat[] = ["safetensors", "torch", "hub"];

/** Whether a format is a folder. */
export function isFolderFormat(
  { format, discriminator }: Pick<ExportOptions, "format" | "discriminator">,
): boolean {
  return !(format === "onnx" || format === "safetensors" && !discriminator);
}

/**
 * Throws if an option is unknown, not allowed, or has no effect beside others.
 *
 * @throws {TypeError} if it is unknown.
 * @throws {RangeError} otherwise.
 */
export function checkExportOptions(options: ExportOptions): void {
  checkOptions<ExportOptions>("exportRun()", "export", options, KINDS, ["format", "out"]);
  const { format, discriminator, ddp, license, device } = options;
  const problem = discriminator && !WITH_BOTH.includes(format)
    ? `format "${format}" has no discriminator, found "discriminator". Leave it out, or use format ${
      listed(WITH_BOTH)
    }`
    : ddp && format !== "torch"
    ? `"ddp" is for format "torch", found format "${format}". Leave it out`
    : format === "hub" && license === undefined
    ? '"license" must be chosen for format "hub", such as "mit" or "cc-by-4.0", found none. Check the license of the ' +
      "pictures that the run was trained on first"
    : license !== undefined && !/^[a-z0-9][a-z0-9.-]*$/.test(license)
    ? `"license" must be an identifier of lowercase letters, digits, dots and dashes, such as "cc-by-4.0", ` +
      `found ${JSON.stringify(license)}`
    : format !== "hub" && (license ?? device) !== undefined
    ? `"${
      license === undefined ? "device" : "license"
    }" is for format "hub", found format "${format}". Leave it out`
    : undefined;
  if (problem !== undefined) throw new RangeError(`Cannot export: ${problem}`);
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ").replace(/, ([^,]+)$/, " or $1");
}
