/** The parts of the library that need the GPU, loaded only once a command is known to be sound. */
import type { TrainEvent } from "../dcgan/events.ts";
import type { TrainOptions } from "../dcgan/options.ts";
import type { Device } from "../gpu/device.ts";
import type { DoctorReport } from "./doctor.ts";

/** How samples are written: one picture, a picture for each, or one float32 array for other programs. */
export type SampleFormat = "grid" | "images" | "npy";

/** What the commands call. */
export interface Library {
  openDevice(): Promise<Device>;
  train(device: Device, options: TrainOptions): AsyncIterable<TrainEvent>;
  sample(
    device: Device,
    run: string,
    options: { count: number; seed: number; out: string; format: SampleFormat },
  ): Promise<{ paths: readonly string[] }>;
  examine(): Promise<DoctorReport>;
}

const load = async <T>(path: string): Promise<T> => await import(new URL(path, import.meta.url).href);

/** Loads the library's GPU side. */
export async function loadLibrary(): Promise<Pick<Library, "openDevice" | "train" | "sample">> {
  const [{ openDevice }, { train }, { sample }] = await Promise.all([
    import("../gpu/device.ts"),
    load<Library>("../dcgan/train.ts"),
    load<Library>("../dcgan/sample.ts"),
  ]);
  return { openDevice, train, sample };
}

/** Loads the examination of this machine. */
export async function loadDoctor(): Promise<Pick<Library, "examine">> {
  return await load<Library>("../gpu/doctor.ts");
}
