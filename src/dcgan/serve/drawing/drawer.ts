import type { OpenGenerator } from "../../explore/open_generator.ts";
import { generate, NonFiniteSamplesError } from "../../sampling/generate.ts";
import type { SampleOptions } from "../../sampling/sample_options.ts";
import { type DrawingJob, dtypeOf, type JobResult } from "./drawing_job.ts";
import { type PreparedJob, prepareJob } from "./prepare_job.ts";

/** Draws what requests ask for, those of several together. */
export class Drawer {
  readonly #generator: OpenGenerator;
  readonly #options: Pick<SampleOptions, "latentDistribution">;

  /**
   * @param generator What is drawn from; the caller disposes it.
   * @param options What of the options of the server pictures say.
   */
  constructor(generator: OpenGenerator, options: Pick<SampleOptions, "latentDistribution">) {
    this.#generator = generator;
    this.#options = options;
  }

  /**
   * Draws jobs of one dtype together, in one launch if the pictures are up to 64. Batch norms use their
   * running statistics, so that no picture depends on those beside it.
   *
   * @returns The result of each, in order.
   */
  async draw(jobs: readonly DrawingJob[]): Promise<readonly JobResult[]> {
    const prepared = jobs.map((job) => prepareJob(this.#generator, job, this.#options));
    let drawn: Uint8Array | Float32Array;
    try {
      drawn = await this.#drawTogether(prepared, dtypeOf(jobs[0]!));
    } catch (error) {
      if (jobs.length > 1 && error instanceof NonFiniteSamplesError) {
        // Pictures of one request that cannot be drawn are no reason for others to fail
        const results: JobResult[] = [];
        for (const job of jobs) results.push(...await this.draw([job]));
        return results;
      }
      const problem = (error as Error).message;
      return jobs.map(() => ({ problem }));
    }
    let at = 0;
    const results: JobResult[] = [];
    for (const { latents, encode } of prepared) {
      const length = latents.length / this.#generator.latentLength * this.#generator.pictureLength;
      const own = drawn.subarray(at, at += length);
      results.push(
        await encode(own).then((file) => ({ file }), ({ message }: Error) => ({ problem: message })),
      );
    }
    return results;
  }

  async #drawTogether(
    jobs: readonly PreparedJob[],
    dtype: "u8" | "f32",
  ): Promise<Uint8Array | Float32Array> {
    const { network } = this.#generator;
    const latents = joined(jobs.map((job) => job.latents), Float32Array);
    const labels = jobs[0]!.labels && jobs.flatMap((job) => job.labels!);
    const options = this.#generator.drawing(latents, labels);
    return dtype === "u8"
      ? joined(await Array.fromAsync(generate(network, options, "u8")), Uint8Array)
      : joined(await Array.fromAsync(generate(network, options, "f32")), Float32Array);
  }
}

function joined<T extends Uint8Array | Float32Array>(
  parts: readonly T[],
  Type: new (length: number) => T,
): T {
  const [first, ...rest] = parts;
  if (first && rest.length === 0) return first;
  const all = new Type(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
