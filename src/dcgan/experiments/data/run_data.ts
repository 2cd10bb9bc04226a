import {
  type DatasetPlugin,
  type DatasetProgress,
  type OpenDataset,
  openDataset,
  resolveDataset,
} from "../../../../plugins/datasets/mod.ts";
import type { Channels, ImageSize } from "../../../pictures/mod.ts";
import type { TrainConfig } from "../../options/config.ts";
import { checkRunModule } from "../../run/run_module.ts";

/** Options that say where the pictures of an experiment come from. */
export interface ExperimentDataOptions {
  /** Another dataset than the run's, or the run's if it is a module or lies elsewhere now. */
  data?: string;
  /**
   * Folder or file that holds the dataset's data. Without it, that of the run if the dataset is the run's.
   */
  dataRoot?: string;
  /** Options of the dataset. Without them, those of the run if the dataset is the run's. */
  dataOptions?: Readonly<Record<string, string | number | boolean>>;
  /** Is told in a sentence what takes time. Without it nobody is. */
  report?: (message: string) => void;
  /** Is told how far something has come. Without it nobody is. */
  progress?: (progress: DatasetProgress) => void;
  /** Ends it once it aborts, with the signal's reason. */
  signal?: AbortSignal;
}

/** What a network needs of its pictures. */
export interface PictureNeeds {
  /** Width and height. */
  readonly size: ImageSize;
  /** Channels. */
  readonly channels: number;
}

/** A dataset that an experiment may open, once or for each of its parts. */
export interface RunData {
  /** Whether it is the dataset that the run was trained on. */
  readonly isOwn: boolean;
  /** The plugin. */
  readonly plugin: DatasetPlugin;
  /** Values of its options. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Opens it, with other values of some options. */
  open(changes?: Readonly<Record<string, unknown>>): Promise<OpenDataset>;
}

/**
 * The dataset that the options name, or that of the run, in the shape that a network takes.
 *
 * @throws {ConfigError} if the run's dataset is a module, and is not named again.
 * @throws {DatasetError} if there is no such dataset.
 */
export async function findRunData(
  run: string,
  config: TrainConfig,
  { size, channels }: PictureNeeds,
  { data: named, report, progress, signal, ...given }: ExperimentDataOptions,
): Promise<RunData> {
  checkRunModule(config, run, named);
  const isOwn = named === undefined || named === config.data;
  const data = named ?? config.data;
  const dataRoot = given.dataRoot ?? (isOwn ? config.dataRoot : undefined);
  const options = given.dataOptions ?? (isOwn ? config.dataOptions : undefined) ?? {};
  const { plugin } = await resolveDataset(data, signal ? { signal } : {});
  return {
    isOwn,
    plugin,
    options,
    open: async (changes = {}) =>
      await openDataset(data, {
        size,
        channels: channels as Channels,
        options: { ...options, ...changes },
        ...(dataRoot === undefined ? {} : { data: dataRoot }),
        ...(report === undefined ? {} : { report }),
        ...(progress === undefined ? {} : { progress }),
        ...(signal === undefined ? {} : { signal }),
      }),
  };
}
