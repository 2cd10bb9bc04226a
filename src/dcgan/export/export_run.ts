import { writeFileAtomic } from "../../files/atomic_write.ts";
import { encodeSafetensors } from "../../nn/mod.ts";
import {
  checkExportOptions,
  type ExportFormat,
  type ExportOptions,
  isFolderFormat,
} from "./export_options.ts";
import { hubConfig } from "./hub/hub_config.ts";
import { modelCard } from "./hub/model_card.ts";
import { runFacts } from "./hub/run_facts.ts";
import { samplesPicture } from "./hub/samples_picture.ts";
import { sealed } from "../checkpoints/seal.ts";
import type { LoadGeneratorOptions } from "../sampling/load_generator.ts";
import { type ExportedRun, metadataOf, readRun } from "./networks.ts";
import { generatorModel } from "./onnx/generator_model.ts";
import { encodeOnnx } from "./onnx/model.ts";
import { STATE_FILE } from "./torch/ddp/state_text.ts";
import { SCRIPT_FILE, trainingScript } from "./torch/ddp/training_script.ts";
import { readScriptedRun, type ScriptedRun } from "./torch/ddp/training_state.ts";
import { modelScript, WEIGHTS } from "./torch/model_script.ts";
import { expectFree } from "./expect_free.ts";
import { webFiles } from "./web/web_files.ts";
import { type FolderFile, textFile, writeFolder } from "./write_folder.ts";

/** What {@linkcode exportRun} wrote. */
export interface ExportResult {
  /** The format. */
  readonly format: ExportFormat;
  /** Paths of the files. */
  readonly paths: readonly string[];
  /** Bytes of all of them. */
  readonly bytes: number;
  /** What the user should know, such as that the latest checkpoint is damaged; a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Writes a trained generator for other programs: ONNX runtimes, PyTorch, browsers, Hugging Face.
 *
 * @param source A run folder, the folder of a checkpoint, or a PyTorch state dict.
 * @throws {Error} if there is no generator, something is at `out` already, or it cannot be written; then nothing is.
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if an option is not allowed, the generator cannot be drawn from, or the format cannot hold it.
 * @throws {DOMException} or the signal's own reason, if the signal aborts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { exportRun, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const tiny = { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 1, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, out: run }));
 *
 * const { paths } = await exportRun(run, { format: "onnx", out: `${run}/faces.onnx` });
 * assertEquals(paths, [`${run}/faces.onnx`]);
 * ```
 */
export async function exportRun(source: string, options: ExportOptions): Promise<ExportResult> {
  checkExportOptions(options);
  const { format, out, overwrite = false, discriminator = false, ddp = false, signal } = options;
  signal?.throwIfAborted();
  await expectFree(out, isFolderFormat(options), overwrite);
  const run = await readRun(source, generatorChoice(options), discriminator || ddp);
  signal?.throwIfAborted();
  // A run may have come further since its weights were read
  const scripted = ddp ? await readScriptedRun(source, run.origin.step) : undefined;
  signal?.throwIfAborted();
  const files = [...await filesOf(run, source, options), ...scripted ? trainingFiles(run, scripted) : []];
  signal?.throwIfAborted();
  if (!isFolderFormat(options)) await writeFileAtomic(out, files[0]!.content);
  const paths = isFolderFormat(options) ? await writeFolder(out, files) : [out];
  const bytes = files.reduce(
    (sum, { content }) => sum + content.reduce((sum, { length }) => sum + length, 0),
    0,
  );
  return { format, paths, bytes, warnings: [...run.warnings, ...scripted?.warnings ?? []] };
}

/** The files of a format; of one that is a single file, that. */
async function filesOf(run: ExportedRun, source: string, options: ExportOptions): Promise<FolderFile[]> {
  switch (options.format) {
    case "onnx":
      return [onnxFile(run)];
    case "safetensors":
      return weightFiles(run);
    case "torch":
      return [...weightFiles(run), textFile("model.py", modelScript(run))];
    case "hub":
      return await hubFiles(run, source, options);
    case "web":
      return await webFiles(run, weightFiles(run)[0]!.content[0]!);
  }
}

function onnxFile(run: ExportedRun): FolderFile {
  return { name: "generator.onnx", content: encodeOnnx(generatorModel(run)).pieces };
}

/** The weights of the generator and, if it is exported too, of the discriminator. */
function weightFiles(run: ExportedRun): FolderFile[] {
  return (["generator", "discriminator"] as const).flatMap((name) => {
    const network = run[name];
    if (!network) return [];
    const { tensors } = network;
    return [{ name: WEIGHTS[name], content: [encodeSafetensors(tensors, metadataOf(run, tensors))] }];
  });
}

/** A script that goes on with a run, and what it goes on from. */
function trainingFiles(
  run: ExportedRun,
  { config, state: { tensors, metadata } }: ScriptedRun,
): FolderFile[] {
  return [
    { name: STATE_FILE, content: [encodeSafetensors(tensors, sealed(tensors, { ...metadata }))] },
    textFile(SCRIPT_FILE, trainingScript(config, run)),
  ];
}

/** A card, and what it tells of. */
async function hubFiles(
  run: ExportedRun,
  source: string,
  options: ExportOptions,
): Promise<FolderFile[]> {
  const { device, license, signal } = options;
  const { step } = run.origin;
  // A run may have come further since its weights were read
  const choice = generatorChoice({ ...options, ...step === undefined ? {} : { from: step } });
  const samples = await samplesPicture(source, choice, device, signal);
  const facts = await runFacts(source, step);
  return [
    textFile("README.md", modelCard({ run, facts, samples, license: license! })),
    textFile("config.json", hubConfig(run)),
    ...weightFiles(run),
    textFile("model.py", modelScript(run)),
    onnxFile(run),
    { name: "samples.png", content: [samples.png] },
  ];
}

/** Which generator is meant: what was given of the options that say so. */
function generatorChoice(
  { from, ema, emaLength, latentDistribution, network, offline }: ExportOptions,
): LoadGeneratorOptions {
  const all = { from, ema, emaLength, latentDistribution, network, offline };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
