import { host } from "../../../host/host.ts";
import {
  type Channels,
  composeGrid,
  encodePng,
  type ImageSize,
  type Mark,
  markPng,
  type Picture,
  sidesOf,
} from "../../../pictures/mod.ts";
import { writeFileAtomic } from "../../../files/atomic_write.ts";
import { ConfigError } from "../../options/config_issue.ts";
import { formatConfig, parseConfig, type TrainConfig } from "../../options/config.ts";
import { describeNoRun } from "./runs_in.ts";
import type { StepProfile } from "../../kernels/step_profile.ts";

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
   * Throws if the folder has no `config.json`.
   *
   * @throws {Error} saying what is there instead.
   */
  async expectRun(): Promise<void> {
    const isRun = await host().stat(this.#config).then(({ isFile }) => isFile, () => false);
    if (!isRun) throw await this.#notARun();
  }

  /**
   * The run's config.
   *
   * @throws {Error} if the file is missing, or cannot be used.
   */
  async readConfig(): Promise<TrainConfig> {
    let json: string;
    try {
      json = await host().readTextFile(this.#config);
    } catch (cause) {
      // Deno's own message names the permission
      if (host().problemOf(cause) === "NotCapable") throw cause;
      throw await this.#notARun(cause);
    }
    try {
      return parseConfig(json, this.#config);
    } catch (error) {
      // Nobody gave its fields as options: what is wrong is the file
      throw error instanceof ConfigError ? new Error(error.message, { cause: error }) : error;
    }
  }

  get #config(): string {
    return `${this.path}/config.json`;
  }

  async #notARun(cause?: unknown): Promise<Error> {
    return new Error(`${this.path} ${await describeNoRun(this.path)}`, { cause });
  }

  /** Writes `config.json` anew. */
  async writeConfig(config: TrainConfig): Promise<void> {
    await writeFileAtomic(this.#config, new TextEncoder().encode(formatConfig(config)));
  }

  /**
   * Throws if the folder was deleted or moved: the run does not make a new one in its place.
   *
   * @throws {Error} naming it.
   */
  async expectThere(): Promise<void> {
    if (await host().stat(this.path).then(() => true, () => false)) return;
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
  async writeGrid(
    name: string,
    bytes: Uint8Array,
    size: ImageSize,
    channels: Channels,
    { columns, mark }: { readonly columns?: number | undefined; readonly mark?: Mark } = {},
  ): Promise<string> {
    const pictures = { ...sidesOf(size), channels, data: bytes };
    return await this.writePicture(
      name,
      composeGrid(pictures, columns === undefined ? {} : { columns }),
      mark,
    );
  }

  /** Writes a picture as PNG, which says what `mark` says. Returns its path. */
  async writePicture(name: string, picture: Picture, mark?: Mark): Promise<string> {
    const path = `${this.path}/${name}`;
    const png = await encodePng(picture);
    await writeFileAtomic(path, mark ? markPng(png, mark) : png);
    return path;
  }
}
