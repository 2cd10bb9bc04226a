import { composeGrid, encodePng, type Picture } from "../../pictures/mod.ts";
import { writeFileAtomic } from "../../files/atomic_write.ts";
import { formatConfig, parseConfig, type TrainConfig } from "../options/config.ts";
import { describeNoRun } from "./runs_in.ts";
import type { StepProfile } from "../kernels/step_profile.ts";

/** The files of a run, each written so that a reader finds it whole. */
export class RunFolder {
  /** Path of the folder. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** A run folder that is there. */
  static at(path: string): RunFolder {
    return new RunFolder(path);
  }

  /** Folder of the checkpoints. */
  get checkpoints(): string {
    return `${this.path}/checkpoints`;
  }

  /** File of the numbers of its steps. */
  get metricsPath(): string {
    return `${this.path}/metrics.jsonl`;
  }

  /**
   * The run's config.
   *
   * @throws {Error} if the file is missing or does not hold.
   */
  async readConfig(): Promise<TrainConfig> {
    const path = `${this.path}/config.json`;
    let json: string;
    try {
      json = await Deno.readTextFile(path);
    } catch (cause) {
      throw new Error(`${this.path} ${await describeNoRun(this.path)}`, { cause });
    }
    return parseConfig(json, path);
  }

  /** Writes `config.json` anew. */
  async writeConfig(config: TrainConfig): Promise<void> {
    await writeFileAtomic(`${this.path}/config.json`, new TextEncoder().encode(formatConfig(config)));
  }

  /**
   * Throws if the folder was deleted or moved: the run does not make a new one in its place.
   *
   * @throws {Error} naming it.
   */
  async expectThere(): Promise<void> {
    if (await Deno.stat(this.path).then(() => true, () => false)) return;
    throw new Error(
      `Cannot write to the run folder ${this.path}: it was moved or deleted while the run was writing to it`,
    );
  }

  /** Writes `profile.json`. Returns its path. */
  async writeProfile(profile: StepProfile): Promise<string> {
    const path = `${this.path}/profile.json`;
    await writeFileAtomic(path, new TextEncoder().encode(JSON.stringify(profile, undefined, 2) + "\n"));
    return path;
  }

  /** Writes pictures, one after the other in `bytes`, as a grid. Returns its path. */
  async writeGrid(name: string, bytes: Uint8Array, size: number, channels: 1 | 3): Promise<string> {
    return await this.writePicture(name, composeGrid({ width: size, height: size, channels, data: bytes }));
  }

  /** Writes a picture as PNG. Returns its path. */
  async writePicture(name: string, picture: Picture): Promise<string> {
    const path = `${this.path}/${name}`;
    await writeFileAtomic(path, await encodePng(picture));
    return path;
  }
}
