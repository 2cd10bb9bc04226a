import { composeGrid, encodePng, type Picture } from "../pictures/mod.ts";
import { writeFileAtomic } from "../nn/mod.ts";
import { formatConfig, parseConfig, type TrainConfig } from "./config.ts";
import type { StepMetrics } from "./events.ts";
import type { StepProfile } from "./step_profile.ts";
import { type CheckpointPlace, checkpointsIn } from "./checkpoint.ts";
import { describeNoRun } from "./runs_in.ts";

/** The numbers of a run's steps. */
export interface MetricsLog {
  /** A line for each step, as the file has them. */
  readonly text: string;
  /** The same as numbers. */
  readonly steps: readonly StepMetrics[];
}

/** The files of a run, each written so that a reader finds it whole. */
export class RunFolder {
  /** Path of the folder. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes a new run folder with its `config.json`.
   *
   * @throws {RangeError} if files are there already.
   */
  static async create(config: TrainConfig): Promise<RunFolder> {
    await Deno.mkdir(config.out, { recursive: true });
    for await (const { name } of Deno.readDir(config.out)) {
      throw new RangeError(
        `The run folder ${config.out} must be new or empty: '${name}' is in it. Name another one, or delete it`,
      );
    }
    const folder = new RunFolder(config.out);
    await Deno.mkdir(`${config.out}/samples`);
    await folder.writeConfig(config);
    return folder;
  }

  /** A run folder that is there. */
  static at(path: string): RunFolder {
    return new RunFolder(path);
  }

  /** Folder of the checkpoints. */
  get checkpoints(): string {
    return `${this.path}/checkpoints`;
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

  /**
   * The latest checkpoint.
   *
   * @throws {Error} if there is none.
   */
  async latestCheckpoint(): Promise<CheckpointPlace> {
    const [latest] = await checkpointsIn(this.checkpoints);
    if (!latest) {
      throw new Error(
        `The run ${this.path} has no checkpoint yet: let it run longer, or end it with Ctrl-C, which writes one`,
      );
    }
    return latest;
  }

  /** Writes `config.json` anew. */
  async writeConfig(config: TrainConfig): Promise<void> {
    await writeFileAtomic(`${this.path}/config.json`, new TextEncoder().encode(formatConfig(config)));
  }

  /** What `metrics.jsonl` says up to a step, without lines that are damaged; nothing where there is no file. */
  async readMetrics(last: number): Promise<MetricsLog> {
    const lines: string[] = [];
    const steps: StepMetrics[] = [];
    for (const line of (await readIfThere(`${this.path}/metrics.jsonl`)).split("\n")) {
      const step = parseMetrics(line);
      // A line that is damaged says nothing about those after it
      if (!step || step.step > last) continue;
      lines.push(`${line}\n`);
      steps.push(step);
    }
    return { text: lines.join(""), steps };
  }

  /** Writes `metrics.jsonl` anew. */
  async writeMetrics({ text }: MetricsLog): Promise<void> {
    await writeFileAtomic(`${this.path}/metrics.jsonl`, new TextEncoder().encode(text));
  }

  /** Appends steps to `metrics.jsonl`, a JSON object a line. */
  async appendMetrics(steps: readonly StepMetrics[]): Promise<void> {
    if (steps.length === 0) return;
    const lines = steps.map((step) => `${JSON.stringify(step)}\n`).join("");
    await Deno.writeTextFile(`${this.path}/metrics.jsonl`, lines, { append: true });
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

async function readIfThere(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** The numbers of a step; nothing where the line does not hold them. */
function parseMetrics(line: string): StepMetrics | undefined {
  try {
    // JSON has no NaN: it writes null
    const parsed = JSON.parse(line, (_, value) => value === null ? NaN : value);
    return Number.isInteger(parsed?.step) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
