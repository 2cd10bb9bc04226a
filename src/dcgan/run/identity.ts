import { host } from "../../host/host.ts";
import type { TrainConfig } from "../options/config.ts";
import { isResumable } from "../options/option_table.ts";
import { ADDED_FIELDS } from "./added_fields.ts";
import { withoutNoiseSchedule } from "../schedules/older_noise.ts";
import { readingOptions } from "./changes/changes.ts";

/** Fields of a config that say nothing of what a run computes. */
const others: readonly string[] = ["version", "run", "changes", "out", "kernels", "samples", "scoreBy"];

/**
 * The identity of a run: a checksum of everything that its steps depend on, so that two runs with the same
 * identity are the same run. Its folder, its length and what it writes do not count. A run whose options
 * change on resume keeps its first identity.
 */
export function runId(config: TrainConfig): string {
  const { dataOptions, startedFrom, ...fields } = config;
  const which = Object.entries(dataOptions).filter(([name]) => !readingOptions.includes(name));
  const entries = Object.entries(withoutNoiseSchedule(fields)).filter(([name, value]) => {
    // What later versions of the config add must not change the names of older runs
    const isOld = Object.hasOwn(ADDED_FIELDS, name) &&
      JSON.stringify(Reflect.get(ADDED_FIELDS, name)) === JSON.stringify(value);
    return !isOld && !isResumable(name) && !others.includes(name);
  });
  // Which weights it started from, wherever they were
  const weights = startedFrom ? [startedFrom.sha256] : [];
  const text = JSON.stringify([entries.sort(byName), which.sort(byName), ...weights]);
  return host().sha256().update(text).digest("hex").slice(0, 16);
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
