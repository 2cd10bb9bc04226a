import { host } from "../../../host/host.ts";
import { syncFolderOf } from "../../../files/atomic_write.ts";
import type { TrainConfig } from "../../options/config.ts";
import { RunFolder } from "./run_folder.ts";
import { RunLock } from "./run_lock.ts";
import { namesIn } from "../../checkpoints/checkpoint_files.ts";

/** What a run leaves in its folder. */
const OWN =
  /^(config\.json|metrics\.jsonl|scores\.jsonl|profile\.json|report\.html|(real|metrics)\.png|samples|averages|checkpoints|events\.out\.tfevents\.\d+\.dcgan|\.lock)(\..*tmp)?$/;

/** A run that begins. It keeps its folder to itself until it is disposed. */
export class NewRun implements Disposable {
  /** The folder, with its `config.json`. */
  readonly folder: RunFolder;
  /** What the user should know. */
  readonly warnings: readonly string[];
  readonly #lock: RunLock;
  readonly #wasThere: boolean;

  private constructor(folder: RunFolder, lock: RunLock, wasThere: boolean, warnings: readonly string[]) {
    this.folder = folder;
    this.warnings = warnings;
    this.#lock = lock;
    this.#wasThere = wasThere;
  }

  /**
   * Makes a new run folder. It takes the place of a run that was ended before its first checkpoint.
   *
   * @throws {RangeError} if other files are there already.
   */
  static async begin(config: TrainConfig): Promise<NewRun> {
    const { out } = config;
    const wasThere = await host().stat(out).then(() => true, () => false);
    await host().mkdir(out, { recursive: true }).catch((cause) => {
      // Deno's own message names the permission
      if (host().problemOf(cause) === "NotCapable") throw cause;
      throw new Error(`Cannot make the run folder ${out}: ${cause.message}. Name another one`, { cause });
    });
    const isBegunAgain = await takesPlace(out);
    using owned = new DisposableStack();
    const lock = owned.use(await RunLock.take(out));
    if (isBegunAgain) await removeRun(out);
    // If its name cannot be synced to disk, it still exists
    await syncFolderOf(out).catch(() => {});
    await host().mkdir(`${out}/samples`, { recursive: true });
    const folder = RunFolder.at(out);
    await folder.writeConfig(config);
    owned.move();
    const warnings = isBegunAgain
      ? [`The run in ${out} stopped before its first checkpoint. This run replaces it`]
      : [];
    return new NewRun(folder, lock, wasThere, warnings);
  }

  /** Removes the folder if nothing was learned, so the next try can use its name. */
  async discard(): Promise<void> {
    const { path } = this.folder;
    await removeRun(path).catch(() => {});
    this[Symbol.dispose]();
    // If something else is in it by now, it stays
    if (!this.#wasThere) await host().remove(path).catch(() => {});
  }

  /** Lets others have the folder. */
  [Symbol.dispose](): void {
    this.#lock[Symbol.dispose]();
  }
}

/** Whether a folder holds a run that was ended before its first checkpoint, and nothing else. */
export async function isUnstarted(folder: string): Promise<boolean> {
  const names = await namesIn(folder);
  if (!names.includes("config.json") || !names.every((name) => OWN.test(name))) return false;
  const isRun = await RunFolder.at(folder).readConfig().then(() => true, () => false);
  const [pictures, averages, checkpoints] = await Promise.all(
    ["samples", "averages", "checkpoints"].map((inner) => namesIn(`${folder}/${inner}`)),
  ) as [string[], string[], string[]];
  return isRun && averages.every((name) => /^step-\d+\.safetensors(\..*tmp)?$/.test(name)) &&
    pictures.every((name) => /^step-\d+\.png(\..*tmp)?$/.test(name)) &&
    checkpoints.every((name) => /^\.step-\d+(\.old)?\.tmp$/.test(name));
}

/** Whether something must make way for a new run in a folder, and may. */
async function takesPlace(folder: string): Promise<boolean> {
  const names = (await namesIn(folder)).filter((name) => name !== ".lock");
  if (names.length === 0) return false;
  // The process may be killed before the config has its name
  const isLeft = names.every((name) => name === "samples" || /^config\.json\..*tmp$/.test(name));
  if (isLeft && (await namesIn(`${folder}/samples`)).length === 0) return true;
  if (await isUnstarted(folder)) return true;
  const other = names.find((name) => !OWN.test(name)) ?? names[0]!;
  throw new RangeError(
    `Cannot start a run in ${folder}: it must be a new or empty folder, found '${other}' in it. ` +
      `Name another one, or empty it`,
  );
}

/** Removes all of a run but its lock. */
async function removeRun(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (OWN.test(name) && name !== ".lock") await host().remove(`${folder}/${name}`, { recursive: true });
  }
}
