import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import type { TrainConfig } from "../options/config.ts";
import type { MetricsEvent } from "../run/events.ts";
import type { Providers } from "./run_telemetry.ts";
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

/** Where OpenTelemetry is registered. Deno registers its own with `OTEL_DENO=true` only. */
const REGISTERED = Symbol.for("opentelemetry.js.api.1");

/**
 * The telemetry of a run; undefined unless something exports telemetry. What makes it is not even loaded then.
 * Asking needs no permission.
 */
export async function openTelemetry(config: TrainConfig): Promise<Telemetry | undefined> {
  const { trace, metrics } = (Reflect.get(globalThis, REGISTERED) ?? {}) as Partial<Providers>;
  if (!trace || !metrics) return undefined;
  const { RunTelemetry } = await import("./run_telemetry.ts");
  return new RunTelemetry(config, { trace, metrics });
}
