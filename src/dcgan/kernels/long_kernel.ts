import { type Device, SUBMIT_SECONDS } from "../../gpu/mod.ts";
import type { StepPrograms } from "../steps/step_programs.ts";

/**
 * Says that one kernel of a step takes longer than a submit should: a step is cut between its kernels, and
 * not inside one. Undefined if none does, or no driver watches.
 */
export function longKernelWarning(
  { adapter, inFlight }: Device,
  { penalized, between }: Pick<StepPrograms, "penalized" | "between">,
): string | undefined {
  if (!inFlight.isWatched) return undefined;
  const [longest] = [penalized.longest, between?.longest]
    .filter((one) => one !== undefined)
    .sort((a, b) => b.seconds - a.seconds);
  if (!longest || longest.seconds <= SUBMIT_SECONDS) return undefined;
  return `The kernel '${longest.kernel}' takes about ${
    longest.seconds.toFixed(1)
  } s of each step on ${adapter.name}. ` +
    "Drivers reset a graphics card that is busy with one kernel for too long, Windows after 2 s: " +
    "use a smaller batch, or larger accumulate";
}
