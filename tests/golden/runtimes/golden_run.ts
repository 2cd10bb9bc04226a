/**
 * What every runtime runs, as one bundle: the golden cases, and samples of a generator. It uses nothing of any runtime
 * but WebGPU: files come through a reader, and lines go to a function.
 *
 * @module
 */
import "../../../src/host/on_plain.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import { generateBytes } from "../../../src/dcgan/sampling/generate.ts";
import { type Device, openDevice } from "../../../src/gpu/mod.ts";
import { Network } from "../../../src/nn/mod.ts";
import type { Results } from "../golden_case.ts";
import { type CaseFolder, readManifest } from "../manifest.ts";
import { runCase } from "../run.ts";
import { sha256 } from "../sha256.ts";

/** What a runtime says, line by line. */
export type Line =
  /** First: what WebGPU runs on. */
  | { readonly type: "adapter"; readonly name: string; readonly vendor: string; readonly features: number }
  /** One for each case: what is wrong with it, and a digest of all that it computed. */
  | {
    readonly type: "case";
    readonly id: string;
    readonly problems: readonly string[];
    readonly digest?: string;
  }
  /** A digest of the bytes of samples. */
  | { readonly type: "samples"; readonly digest: string }
  /** Last: nothing follows, and nothing went wrong besides cases. */
  | { readonly type: "end" }
  /** Last: why it cannot go on. */
  | { readonly type: "error"; readonly message: string };

/** What a runtime is asked to run. */
export interface Task {
  /** Path of the folder of cases, for messages. */
  readonly path: string;
  /** The cases, by name. */
  readonly ids: readonly string[];
}

/** Runs cases of a folder, then draws samples, and reports all of it. Whatever goes wrong is a line too. */
export async function runGolden(
  { path, ids }: Task,
  read: CaseFolder["read"],
  report: (line: Line) => void | Promise<void>,
): Promise<void> {
  try {
    const folder = { path, read };
    const { cases } = await readManifest(folder);
    using device = await openDevice();
    const { name, vendor, features } = device.adapter;
    await report({ type: "adapter", name, vendor, features: features.length });
    for (const description of cases.filter(({ id }) => ids.includes(id))) {
      const { problems, results } = await runCase(device, folder, description);
      const digest = results && await digestOf(results);
      await report({ type: "case", id: description.id, problems, ...(digest ? { digest } : {}) });
    }
    await report({ type: "samples", digest: await sampleDigest(device) });
    await report({ type: "end" });
  } catch (error) {
    await report({ type: "error", message: error instanceof Error ? error.message : String(error) });
  }
}

/** A digest of arrays and their names, whatever order they are in. */
async function digestOf(results: Results): Promise<string> {
  const parts = [...results].sort(([a], [b]) => a < b ? -1 : 1).flatMap(([name, { data }]) => [
    new TextEncoder().encode(name),
    new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  ]);
  return await sha256(parts);
}

/** A digest of samples of a generator of PyTorch's kind, whose weights are drawn from a seed. */
async function sampleDigest(device: Device): Promise<string> {
  const latent = 16;
  using generator = new Network(
    device,
    createGenerator({
      size: 32,
      channels: 3,
      ngf: 8,
      ndf: 1,
      latent,
      firstLayer: "transposed",
      upsampling: "transposed",
    }),
    { seed: 1 },
  );
  const options = { count: 16, seed: 1, latent, latentDistribution: "normal" } as const;
  return await sha256([await generateBytes(generator, options)]);
}
