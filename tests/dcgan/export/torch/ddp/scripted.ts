import { assert, assertEquals } from "@std/assert";
import { openDataset, packDataset } from "../../../../../plugins/datasets/mod.ts";
import { exportRun } from "../../../../../src/dcgan/export/export_run.ts";
import type { TrainOptions } from "../../../../../src/dcgan/options/options.ts";
import type { Device } from "../../../../../src/gpu/mod.ts";
import { readSafetensors, readWeights, type TensorData } from "../../../../../src/nn/mod.ts";
import { tiny, trainTiny } from "../../../tiny.ts";

/** Pictures that runs of these tests train on, fewer than their steps take. */
const faces = { data: "faces", dataOptions: { length: 20 } } as const;

/** Steps between checkpoints. */
export const PART = 4;

/** Trains a tiny run on faces for three parts, and exports its script from the end of the first. */
export async function scripted(device: Device, folder: string, options: TrainOptions): Promise<void> {
  await trainTiny(device, {
    ...faces,
    batch: 8,
    steps: 3 * PART,
    checkpointEvery: PART,
    ...options,
    out: `${folder}/run`,
  });
  await exportRun(`${folder}/run`, { format: "torch", ddp: true, from: PART, out: `${folder}/torch` });
}

/** Writes the pictures as a file of their bytes. */
export async function packFaces(
  path: string,
  { size = tiny.size, channels = 3 }: Pick<TrainOptions, "size" | "channels"> = {},
): Promise<void> {
  await using dataset = await openDataset("faces", { size, channels, options: faces.dataOptions });
  await packDataset(dataset, path);
}

/** Tensors by name. */
type Tensors = ReadonlyMap<string, TensorData>;

/** What a checkpoint of the run has. */
async function checkpoint(folder: string, step: number, file: string): Promise<Tensors> {
  const name = `step-${`${step}`.padStart(6, "0")}`;
  return (await readSafetensors(`${folder}/run/checkpoints/${name}/${file}.safetensors`)).tensors;
}

/** Networks by the names of our files. */
type Networks = Readonly<Record<string, Tensors>>;

/** Both networks that a script wrote and, if weights are averaged, the generator that it draws from. */
export async function written(out: string, hasAverage = false): Promise<Networks> {
  const { tensors } = await readWeights(`${out}/state.pt`);
  const networks = { generator: under(tensors, "netG."), discriminator: under(tensors, "netD.") };
  if (!hasAverage) return networks;
  return { ...networks, generator_ema: under((await readWeights(`${out}/netG.pth`)).tensors, "netG.") };
}

function under(all: Tensors, prefix: string): Tensors {
  const own = [...all].filter(([name]) => name.startsWith(prefix));
  return new Map(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

/**
 * How far networks are from those of the run after so many parts, relative to how far these have come in the last one:
 * the largest of all.
 */
export async function drift(folder: string, networks: Networks, parts: number): Promise<number> {
  const drifts = Object.entries(networks).map(async ([name, found]) => {
    const [from, to] = await Promise.all(
      [parts - 1, parts].map((part) => checkpoint(folder, part * PART, name)),
    );
    let [apart, come] = [0, 0];
    for (const [key, { data }] of to!) {
      const own = found.get(key)!;
      assertEquals(own.data.length, data.length, `${name}: ${key}`);
      // They count up by whole numbers
      if (key.endsWith("num_batches_tracked")) {
        assertEquals(Number(own.data[0]), Number(data[0]), `${name}: ${key}`);
      } else {
        for (let i = 0; i < data.length; i++) {
          apart += (Number(own.data[i]) - Number(data[i])) ** 2;
          come += (Number(data[i]) - Number(from!.get(key)!.data[i])) ** 2;
        }
      }
    }
    assert(come > 0, name);
    return Math.sqrt(apart / come);
  });
  return Math.max(...await Promise.all(drifts));
}
