import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import type { TrainConfig } from "../options/config.ts";
import type { MetricsEvent } from "../run/events.ts";
import type { StepScores } from "../scores/scores_file.ts";

/** What spans and metrics say of themselves. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of work, from when it is made until it is disposed. */
export interface WorkSpan extends Disposable {
  /** Adds attributes that are known at its end. */
  set(attributes: Attributes): void;
}

/** What a run tells OpenTelemetry. */
export interface Telemetry extends Disposable {
  /** Begins a piece of work. */
  span(name: string, attributes?: Attributes): WorkSpan;
  /** The dataset, each reading of which is a span. */
  watch(dataset: OpenDataset): OpenDataset;
  /** Losses, probabilities, norms of gradients and speed. */
  metrics(event: MetricsEvent, images: number): void;
  /** Scores. */
  scores(scored: StepScores): void;
  /** Says why the run failed. */
  fail(error: unknown): void;
}

/** Where Deno registers its OpenTelemetry, which it does only with `OTEL_DENO=true`. */
const REGISTERED = Symbol.for("opentelemetry.js.api.1");

/**
 * The telemetry of a run; undefined unless Deno exports telemetry. What makes it is not even loaded then.
 * Asking needs no permission.
 */
export async function openTelemetry(config: TrainConfig): Promise<Telemetry | undefined> {
  if (!Reflect.has(globalThis, REGISTERED)) return undefined;
  const { RunTelemetry } = await import("./run_telemetry.ts");
  return new RunTelemetry(config);
}
