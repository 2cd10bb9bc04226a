import { type DecoderResult, measureDecoders } from "../decoders/decoders.ts";
import { type FolderTrainingResult, measureFolderTraining } from "./folder_training.ts";
import { PHOTO_SIZE, PORTRAIT, TemporaryFolder, writePortraits, writeSmallJpegs } from "./folders.ts";
import { type LargeFolderResult, measureFolder, writeEmptyFiles } from "./large_folders.ts";
import { measureWorkers, type WorkersResult } from "./workers.ts";

/** Names of what is measured of loading pictures, for `--only`. */
export const LOADER_NAMES = [
  "JPEG decoders",
  "JPEG workers",
  "folder training",
  "folder first batch",
  "folder listing",
] as const;

/** What loading pictures takes. Parts that were not asked for are empty. */
export interface LoaderReport {
  /** The decoder that is used beside others. */
  readonly decoders: readonly DecoderResult[];
  /** How decoding grows with workers. */
  readonly workers: readonly WorkersResult[];
  /** Training from a folder beside training from the GPU's memory. */
  readonly training: readonly FolderTrainingResult[];
  /** Opening folders of many files. */
  readonly folders: readonly LargeFolderResult[];
}

/** How thoroughly. */
export interface LoaderEffort {
  /** Times that each thing is measured. */
  readonly rounds: number;
  /** Seconds of one measurement of training. */
  readonly seconds: number;
  /** With few pictures, to see that it works. */
  readonly smoke: boolean;
  /** With decoders that the module does not use. */
  readonly all: boolean;
}

/** Pictures in a batch, where one is read. */
const BATCH = 64;

/** Measures what has a name that `only` matches; `say` hears what is being measured. */
export async function measureLoader(
  only: RegExp,
  { rounds, seconds, smoke, all }: LoaderEffort,
  say: (line: string) => void,
): Promise<LoaderReport> {
  const wants = (name: (typeof LOADER_NAMES)[number]): boolean => {
    if (only.test(name)) say(name);
    return only.test(name);
  };
  const [many, some, few, million] = smoke ? [200, 40, 20, 1000] : [20_000, 4000, 500, 1_000_000];
  const small = `${PHOTO_SIZE}x${PHOTO_SIZE}`;
  const large = `${PORTRAIT.width}x${PORTRAIT.height}`;
  const decoders: DecoderResult[] = [];
  const workers: WorkersResult[] = [];
  if (only.test("JPEG decoders") || only.test("JPEG workers")) {
    await using photos = await TemporaryFolder.make();
    await using portraits = await TemporaryFolder.make();
    await writeSmallJpegs(photos.path, some);
    await writePortraits(portraits.path, few);
    if (wants("JPEG decoders")) {
      decoders.push(...await measureDecoders(photos.path, small, { rounds, others: all }));
      decoders.push(...await measureDecoders(portraits.path, large, { rounds, others: all }));
    }
    if (wants("JPEG workers")) {
      workers.push(await measureWorkers(photos.path, small, rounds));
      workers.push(await measureWorkers(portraits.path, large, rounds));
    }
  }
  let training: FolderTrainingResult[] = [];
  const folders: LargeFolderResult[] = [];
  if (only.test("folder training") || only.test("folder first batch")) {
    await using photos = await TemporaryFolder.make();
    await writeSmallJpegs(photos.path, many);
    if (wants("folder training")) training = await measureFolderTraining(photos.path, rounds, seconds);
    if (wants("folder first batch")) {
      const name = `${many} JPEGs of ${small}`;
      folders.push(await measureFolder(photos.path, name, { rounds, batch: BATCH }));
    }
  }
  if (wants("folder listing")) {
    await using names = await TemporaryFolder.make();
    writeEmptyFiles(names.path, million);
    folders.push(await measureFolder(names.path, `${million} empty files`, { rounds: 1, batch: 0 }));
  }
  return { decoders, workers, training, folders };
}
