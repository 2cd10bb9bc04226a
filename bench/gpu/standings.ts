import { type Spread, spreadOf } from "../spread.ts";
import { stepWork } from "../work.ts";
import type { Workload } from "../workloads.ts";
import type { PyTorchTimes } from "./pytorch.ts";

/** Our step on a workload. */
export interface OurStep {
  /** The workload. */
  readonly workload: Workload;
  /**
   * With kernels that were tuned on this card.
   *
   * @default {false}
   */
  readonly tuned?: boolean;
  /** Trainable numbers of each network. */
  readonly parameters: { readonly generator: number; readonly discriminator: number };
  /** Milliseconds a step. */
  readonly milliseconds: Spread;
  /** What part of the card's limit that is, each measured next to it. */
  readonly shareOfLimit: Spread;
}

/** How one contender does on one workload. */
export interface Standing {
  /** Name of the workload. */
  readonly workload: string;
  /** Pictures in a step. */
  readonly batch: number;
  /** Who it is. */
  readonly contender: string;
  /** Whether it is ours. */
  readonly ours: boolean;
  /** Whether it computes in 32-bit floats throughout, as ours does. */
  readonly f32: boolean;
  /** Milliseconds a step. */
  readonly milliseconds: Spread;
  /** Pictures a second. */
  readonly imagesPerSecond: Spread;
  /** GFLOP/s, of the operations that a step needs: the same count for everybody. */
  readonly gflops: Spread;
  /** What part that is of the card's limit for 32-bit floats. */
  readonly shareOfLimit: Spread;
  /** Our pictures a second, at best, divided by its; missing for ours. */
  readonly oursIsFasterBy?: number;
}

/**
 * Ours beside PyTorch's, workload by workload: ours by default and tuned, and of each precision of PyTorch the fastest way
 * that was tried.
 *
 * @param limit The card's limit in GFLOP/s, which PyTorch's shares are taken of.
 * @throws {Error} if PyTorch's networks have other numbers of parameters, and so are not the same.
 */
export function standingsOf(
  ours: readonly OurStep[],
  times: PyTorchTimes | undefined,
  limit: number,
): Standing[] {
  return [...Map.groupBy(ours, ({ workload }) => workload).entries()].flatMap(([workload, steps]) => {
    const best = steps.reduce((a, b) => b.milliseconds.median < a.milliseconds.median ? b : a);
    const own = steps.map(({ tuned = false, milliseconds, shareOfLimit }) => ({
      ...standing(workload, tuned ? "ours, tuned" : "ours", true, milliseconds, shareOfLimit),
      ours: true,
    }));
    const others = fastestOf(best, times).map(({ name, f32, milliseconds }) => ({
      ...standing(workload, name, f32, milliseconds, shares(workload, milliseconds, limit)),
      oursIsFasterBy: milliseconds.median / best.milliseconds.median,
    }));
    return [...own, ...others];
  });
}

/** PyTorch's fastest way of each precision, and of those compiled, on a workload. */
function fastestOf({ workload, parameters }: OurStep, times: PyTorchTimes | undefined) {
  const results = (times?.results ?? []).filter((result) => result.workload === workload.name);
  const named = results.flatMap(({ precision, layout, compiled, milliseconds, parameters: theirs }) => {
    if (milliseconds === undefined || theirs === undefined) return [];
    for (const network of ["generator", "discriminator"] as const) {
      if (theirs[network] !== parameters[network]) {
        throw new Error(
          `PyTorch's ${network} of ${workload.name} has ${theirs[network]} parameters, and ours ` +
            `${parameters[network]}: they are not the same network`,
        );
      }
    }
    const kind = `PyTorch ${precision === "f32" ? "f32" : "TF32"}${compiled ? ", compiled" : ""}`;
    return [{
      kind,
      name: `${kind}, ${layout}`,
      f32: precision === "f32",
      milliseconds: spreadOf(milliseconds),
    }];
  });
  return [...Map.groupBy(named, ({ kind }) => kind).values()].map((ways) =>
    ways.reduce((a, b) => b.milliseconds.median < a.milliseconds.median ? b : a)
  );
}

function standing(
  { name, config }: Workload,
  contender: string,
  f32: boolean,
  milliseconds: Spread,
  shareOfLimit: Spread,
): Standing {
  const { batch } = config;
  const work = stepWork(config).training * batch;
  return {
    workload: name,
    batch,
    contender,
    ours: false,
    f32,
    milliseconds,
    imagesPerSecond: inverse(milliseconds, batch * 1000),
    gflops: inverse(milliseconds, work / 1e6),
    shareOfLimit,
  };
}

function shares({ config }: Workload, milliseconds: Spread, limit: number): Spread {
  return inverse(milliseconds, stepWork(config).training * config.batch / 1e6 / limit);
}

/** `amount` divided by each: the most is where the time is least. */
function inverse({ median, min, max }: Spread, amount: number): Spread {
  return { median: amount / median, min: amount / max, max: amount / min };
}
