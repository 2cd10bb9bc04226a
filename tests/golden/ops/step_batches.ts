import type { TensorData } from "../../../src/files/safetensors.ts";
import type { GoldenCase } from "../golden_case.ts";
import { IMAGE, permute } from "../layout.ts";

/** What the steps of a training run take. */
export interface StepBatches {
  /** Steps of the run. */
  readonly steps: number;
  /** Real images of a step. */
  readonly images: number;
  /** Edge of an image. */
  readonly size: number;
  /** Its channels. */
  readonly channels: number;
  /** Real images of a step, in our order of axes. */
  real(step: number): Float32Array<ArrayBuffer>;
  /** Latent vectors of a step: with several updates of the discriminator, those of each and then the generator's. */
  latent(step: number): Float32Array<ArrayBuffer>;
  /** Classes of the real images of a step, and of its latent vectors; undefined for networks without classes. */
  labels(step: number): { readonly real: Uint32Array; readonly fake: Uint32Array } | undefined;
}

/** One row of a tensor that has one for each step. */
function rowOf({ shape, data }: TensorData<"F32">, step: number): Float32Array<ArrayBuffer> {
  const size = data.length / shape[0]!;
  return data.slice(step * size, (step + 1) * size) as Float32Array<ArrayBuffer>;
}

/** The batches of a case. Between steps and images its tensors may have an axis of updates or of micro-batches. */
export function stepBatches(golden: GoldenCase): StepBatches {
  const real = golden.floats("real");
  const latents = (golden.param("d_steps") === undefined ? ["z"] : ["z_d", "z_g"]).map((name) =>
    golden.floats(name)
  );
  const [channels, size] = real.shape.slice(-3) as [number, number];
  const images = real.shape.slice(1, -3).reduce((product, extent) => product * extent);
  const classes = golden.param("classes") === undefined
    ? undefined
    : { real: golden.tensors.get("label_real")!, fake: golden.tensors.get("label_fake")! };
  const labelsOf = ({ shape, data }: TensorData, step: number) =>
    Uint32Array.from(
      Array.from(data as ArrayLike<number | bigint>, Number).slice(step * shape[1]!, (step + 1) * shape[1]!),
    );
  return {
    steps: real.shape[0]!,
    images,
    size,
    channels,
    real: (step) => permute({ shape: [images, channels, size, size], data: rowOf(real, step) }, IMAGE).data,
    labels: (step) => classes && { real: labelsOf(classes.real, step), fake: labelsOf(classes.fake, step) },
    latent: (step) => Float32Array.from(latents.flatMap((one) => [...rowOf(one, step)])),
  };
}
