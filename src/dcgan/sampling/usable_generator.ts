import type { TensorData } from "../../nn/mod.ts";
import type { ImageSize } from "../../pictures/image_size.ts";
import { type GeneratorArchitecture, pickGenerator } from "../networks/infer_architecture.ts";
import { expectFinite } from "../numbers/finite.ts";

/** A generator of a file that can be drawn from. */
export interface UsableGenerator {
  /** Its own tensors, by their names in the file. */
  readonly tensors: ReadonlyMap<string, TensorData>;
  /** What it is, by its weights. */
  readonly architecture: GeneratorArchitecture;
  /** Names of its classes, in the order of their numbers; undefined if it knows none. */
  readonly classes: readonly string[] | undefined;
}

/** What is known of a file. */
export interface GeneratorTensors {
  /** The file, for messages. */
  readonly path: string;
  /** What is in it. */
  readonly tensors: ReadonlyMap<string, TensorData>;
  /** Names of its classes, if the file tells them. */
  readonly classes: readonly string[] | undefined;
  /** Width and height of its pictures, if the file says so. */
  readonly size: ImageSize | undefined;
}

/** What a batch norm has besides its weight and bias to normalize a single sample with. */
const RUNNING = ["running_mean", "running_var"];

/** How {@linkcode usableGenerator} looks. */
export interface UsableGeneratorOptions {
  /** What batch norms will normalize with, running statistics if not given: with those of the batch the file needs none. */
  readonly statistics?: "running" | "batch";
  /** Which of several networks in the file. */
  readonly network?: string | undefined;
}

/**
 * The generator in a file, looked through.
 *
 * @throws {RangeError} if it cannot be drawn from: it is another network, lacks tensors, or holds NaN, an infinity or a
 * negative variance.
 */
export function usableGenerator(
  file: GeneratorTensors,
  { statistics = "running", network }: UsableGeneratorOptions = {},
): UsableGenerator {
  const { path } = file;
  const { tensors: found, architecture } = pickGenerator(file.tensors, path, file.size, network);
  const classes = architecture.classes && (file.classes ?? architecture.classes);
  if (classes?.length !== architecture.classes?.length) {
    throw new RangeError(
      `Cannot sample from ${path}: its metadata must name ${architecture.classes?.length} classes, found ${classes?.length}`,
    );
  }
  const isRunning = statistics === "running";
  const tensors = isRunning ? found : withoutRunning(found);
  if (isRunning) expectRunning(tensors, path);
  expectFinite(tensors, path, "Use an older checkpoint, from before its numbers became NaN or infinite");
  return { tensors, architecture, classes };
}

function withoutRunning(tensors: ReadonlyMap<string, TensorData>): ReadonlyMap<string, TensorData> {
  const isRunning = (name: string) => RUNNING.includes(name.split(".").at(-1)!);
  return new Map([...tensors].filter(([name]) => !isRunning(name)));
}

/** Throws if a batch norm has no running statistics, which a sample that is drawn by itself is normalized with. */
function expectRunning(tensors: ReadonlyMap<string, TensorData>, path: string): void {
  const norms = [...tensors].filter(([name, { shape }]) => name.endsWith(".weight") && shape.length === 1);
  const missing = norms.flatMap(([name]) => RUNNING.map((statistic) => name.replace(/weight$/, statistic)))
    .filter((name) => !tensors.has(name));
  if (missing.length === 0) return;
  const more = missing.length > 2 ? ` and ${missing.length - 2} more` : "";
  throw new RangeError(
    `Cannot sample from ${path}: it lacks the running statistics of batch norms, ` +
      `${missing.slice(0, 2).map((name) => `'${name}'`).join(", ")}${more}. ` +
      `Save all of netG.state_dict(), or draw with statistics "batch"`,
  );
}
