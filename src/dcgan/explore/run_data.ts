import { host } from "../../host/host.ts";
import type { OpenDataset, OpenDatasetOptions } from "../../../plugins/datasets/mod.ts";
import { text } from "../options/option.ts";
import type { OptionKinds } from "./check_options.ts";
import type { TrainConfig } from "../options/config.ts";
import { ConfigError } from "../options/config_issue.ts";
import { fingerprintOf } from "../run/first_pictures.ts";
import { RunFolder } from "../run/folder/run_folder.ts";
import { checkRunModule } from "../run/run_module.ts";
import { openTrainingSet } from "../run/start.ts";

/** Where the dataset of a run is, and who is told what takes time. */
export interface RunDataOptions {
  /** The run's dataset, if it is a module, or lies elsewhere now. */
  data?: string;
  /** Folder or file that holds the dataset's data, if it lies elsewhere now. */
  dataRoot?: string;
  /** Is told in a sentence what takes time. Without it nobody is. */
  report?: OpenDatasetOptions["report"];
  /** Is told how far a download, or a training, has come. Without it nobody is. */
  progress?: OpenDatasetOptions["progress"];
  /** Ends it once it aborts, with the signal's reason. */
  signal?: AbortSignal;
}

/** What each of {@linkcode RunDataOptions} may be. */
export const RUN_DATA_KINDS: OptionKinds<RunDataOptions> = {
  data: text(),
  dataRoot: text(),
  report: null,
  progress: null,
  signal: null,
};

/**
 * Reads the config of a run whose dataset will be opened.
 *
 * @param action What cannot be done without, to follow "Cannot".
 * @throws {RangeError} if it is a file: only the folder of a run knows its dataset.
 * @throws {ConfigError} if the dataset is a module, and the caller does not name it.
 */
export async function readRunConfig(
  run: string,
  { data }: RunDataOptions,
  action: string,
): Promise<TrainConfig> {
  if (await host().stat(run).then(({ isFile }) => isFile, () => false)) {
    throw new RangeError(
      `Cannot ${action} of ${run}: it must be the folder of a run, which knows its dataset, found a file`,
    );
  }
  const config = await RunFolder.at(run).readConfig();
  checkRunModule(config, run, data);
  return config;
}

/**
 * Opens the dataset that a run was trained on.
 *
 * @param warnings Takes what the dataset says later.
 * @param action What cannot be done with other pictures, to follow "Cannot".
 * @throws {ConfigError} if its pictures are other ones.
 */
export async function openRunData(
  run: string,
  config: TrainConfig,
  { data, dataRoot, report = () => {}, progress = () => {}, signal }: RunDataOptions,
  warnings: string[],
  action: string,
): Promise<OpenDataset> {
  const given = {
    ...config,
    ...(data === undefined ? {} : { data }),
    ...(dataRoot === undefined ? {} : { dataRoot }),
    ...(signal === undefined ? {} : { signal }),
  };
  await using opened = new AsyncDisposableStack();
  const dataset = opened.use(await openTrainingSet(given, given, { report, progress }, warnings));
  if (config.pictures !== undefined) {
    const fingerprint = await fingerprintOf(dataset, config, signal);
    if (fingerprint !== config.pictures) {
      const problem = `must be the images that ${run} was trained on, found other ones`;
      throw new ConfigError(`Cannot ${action} ${run}`, [{ option: "data", problem }]);
    }
  }
  opened.move();
  return dataset;
}
