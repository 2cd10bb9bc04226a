import { builtInDatasets } from "../../../../plugins/datasets/mod.ts";
import { host } from "../../../host/host.ts";
import type { TrainConfig } from "../../options/config.ts";
import { optionTable } from "../../options/option_table.ts";
import type { OptionGroup } from "../../options/option.ts";
import type { OptionName } from "../../options/options.ts";
import { configRows } from "../../report/config_rows.ts";
import { RunFolder } from "../../run/folder/run_folder.ts";
import { readScores, SCORES_FILE } from "../../scores/scores_file.ts";
import type { Scores } from "../../scores/score.ts";

/** What a card says of the run, and nothing that names folders of its author. */
export interface RunFacts {
  /** What it was trained on. */
  readonly data: string;
  /** How many images that were, if it is known. */
  readonly images: number | undefined;
  /** Options that differ from their defaults, by name. */
  readonly options: readonly { readonly name: string; readonly value: string; readonly summary: string }[];
  /** Scores of the exported step, if it has some. */
  readonly scores: Scores | undefined;
}

/** Headings of options that say how a run learned. Others name folders and files, or change no weight. */
const TOLD: readonly OptionGroup[] = [
  "Most used",
  "Networks",
  "Steps and batches",
  "Loss and penalties",
  "Optimizers",
  "Augmentation",
  "Averaged weights",
];

/** Options under these headings that are told elsewhere, or name what is the author's own. */
const UNTOLD: readonly string[] = ["data", "dataRoot", "dataOptions", "out", "resume", "config"];

/** Datasets that are formats: their data has no name that others know. */
const FORMATS: readonly string[] = ["folder", "npy", "webdataset", "huggingface"];

/** Reads them from a run folder; undefined if the source is none. */
export async function runFacts(source: string, step: number | undefined): Promise<RunFacts | undefined> {
  const isRun = await host().stat(`${source}/config.json`).then(({ isFile }) => isFile, () => false);
  if (!isRun) return undefined;
  const config = await RunFolder.at(source).readConfig();
  const scored = await readScores(`${source}/${SCORES_FILE}`);
  return {
    data: dataText(config),
    images: config.images,
    options: configRows(config).different.filter(({ name }) =>
      TOLD.includes(optionTable[name as OptionName].group) && !UNTOLD.includes(name)
    ),
    scores: scored.find((one) => one.step === step)?.scores,
  };
}

function dataText({ data, dataRoot }: TrainConfig): string {
  const onHub = [data, dataRoot].find((text) => text?.startsWith("hf:"))?.slice("hf:".length);
  if (onHub !== undefined) return `[${onHub}](https://huggingface.co/datasets/${onHub})`;
  const isKnown = Object.hasOwn(builtInDatasets, data) && !FORMATS.includes(data);
  return isKnown ? `\`${data}\`` : "pictures of its author";
}
