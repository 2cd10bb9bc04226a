import { namedParameters, postHocWeights, type TensorData } from "../../nn/mod.ts";
import type { ReadCheckpoint } from "../checkpoints/read_checkpoint.ts";
import { createGenerator } from "../networks/generator.ts";
import type { TrainConfig } from "../options/config.ts";
import { ConfigError } from "../options/config_issue.ts";
import { type KeptKind, POST_HOC } from "./kept_averages.ts";
import { nameIn, readSnapshot, snapshotsIn } from "./snapshots.ts";

/** Power functions that are farther from the one that is wanted are worth a warning. */
const FAR = 0.02;

/** A generator of averaged weights, and what is to be said of it. */
export interface PostHocGenerator {
  /** Its state dict. */
  readonly tensors: ReadonlyMap<string, TensorData>;
  /** What the user should know, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * The generator of a checkpoint with averaged weights of a relative length, built from the averages of the
 * checkpoint and the snapshots before it. Statistics, such as those of batch norms, are the checkpoint's own.
 *
 * @param run The run folder.
 * @throws {ConfigError} if the run kept no averages to build from.
 * @throws {RangeError} if the length is not above 0 and up to 0.2886.
 * @throws {SyntaxError} if a snapshot is damaged.
 */
export async function postHocGenerator(
  run: string,
  config: TrainConfig,
  { place: { step }, generator, averages }: ReadCheckpoint,
  length: number,
): Promise<PostHocGenerator> {
  if (config.emaSnapshots === 0) {
    const problem = `needs a run that keeps averages to build from, but ${run} keeps none. ` +
      "Train with --ema-snapshots, such as 32";
    throw new ConfigError(`Cannot use ${run}`, [{ option: "emaLength", problem }]);
  }
  const snapshots = (await snapshotsIn(run)).filter((one) => one.step < step);
  const kept = [...snapshots.map((one) => one.step), step].flatMap((step) =>
    POST_HOC.map(({ length }) => ({ length, step }))
  );
  const { weights, error } = postHocWeights(kept, { length, step });
  const factors = weights.values();
  const tensors = new Map(generator.tensors);
  const sums = [...namedParameters(createGenerator(config)).keys()].map((name) => {
    const { shape, data } = generator.tensors.get(name)!;
    const sum = new Float64Array(data.length);
    return { name, shape, sum };
  });
  const addAll = (tensorOf: (kind: Required<KeptKind>, name: string) => TensorData | undefined): void => {
    for (const kind of POST_HOC) {
      const factor = factors.next().value!;
      for (const { name, sum } of sums) {
        const { data } = tensorOf(kind, name)!;
        for (let i = 0; i < sum.length; i++) sum[i]! += factor * Number(data[i]);
      }
    }
  };
  for (const snapshot of snapshots) {
    const tensors = await readSnapshot(snapshot);
    addAll((kind, name) => tensors.get(nameIn(kind, name)));
  }
  addAll(({ file }, name) => averages.get(file)!.tensors.get(name));
  for (const { name, shape, sum } of sums) {
    tensors.set(name, { dtype: "F32", shape, data: Float32Array.from(sum) });
  }
  return { tensors, warnings: error > FAR ? [farWarning(length, error, snapshots.length)] : [] };
}

function farWarning(length: number, error: number, snapshots: number): string {
  return `The average of length ${length} is approximate: how much it takes of each step differs by ` +
    `${
      (100 * error).toPrecision(2)
    }% from what it should be, with ${snapshots} of the run's snapshots before its step. ` +
    "A length nearer to 0.05 and 0.1 is closer, and so is one of a run with more --ema-snapshots";
}
