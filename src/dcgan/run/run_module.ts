import { namesModule } from "../../../plugins/datasets/mod.ts";
import type { TrainConfig } from "../options/config.ts";
import { ConfigError } from "../options/config_issue.ts";

/**
 * Refuses to resume a run whose config names a module as its dataset, unless the caller names the dataset
 * too: the folder may come from others, and loading a module runs its code with the permissions of the
 * program.
 *
 * @param config The run's config.
 * @param run The run's folder.
 * @param data The dataset that was named beside the run, if any.
 * @throws {ConfigError} if the config names a module and `data` is undefined; it names the module.
 */
export function checkRunModule(
  config: Pick<TrainConfig, "data">,
  run: string,
  data: string | undefined,
): void {
  if (data !== undefined || !namesModule(config.data)) return;
  const problem =
    `must be given again if a run's dataset is a module, as its code gets all permissions of this ` +
    `program, found ${JSON.stringify(config.data)} in ${run}/config.json. Give that if you trust it`;
  throw new ConfigError(`Cannot resume ${run}`, [{ option: "data", problem }]);
}
