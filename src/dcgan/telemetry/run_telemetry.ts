import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import type { TrainConfig } from "../options/config.ts";
import type { MetricsEvent } from "../run/events.ts";
import { sizeText } from "../options/table/image_size.ts";
import type { StepScores } from "../scores/scores_file.ts";
import type { Attributes, Telemetry, WorkSpan } from "./telemetry.ts";

/** The part of OpenTelemetry's API for JavaScript that is used. */
interface Span {
  setAttributes(attributes: Attributes): void;
  setStatus(status: { readonly code: number; readonly message?: string }): void;
  recordException(error: unknown): void;
  end(): void;
}

interface Context {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): Context;
  deleteValue(key: symbol): Context;
}

interface Tracer {
  startSpan(name: string, options?: { readonly attributes?: Attributes }, context?: Context): Span;
}

interface Instrument {
  record(value: number, attributes?: Attributes): void;
}

interface Counter {
  add(value: number, attributes?: Attributes): void;
}

interface Meter {
  createGauge(name: string, options: { readonly description: string; readonly unit?: string }): Instrument;
  createCounter(name: string, options: { readonly description: string; readonly unit?: string }): Counter;
}

/** What makes spans and metrics. */
export interface Providers {
  readonly trace: { getTracer(name: string): Tracer };
  readonly metrics: { getMeter(name: string): Meter };
}

/** Name of what is measured. */
const SCOPE = "@x/dcgan";

/** Where a context holds its span, by OpenTelemetry's API. */
const SPAN_KEY = Symbol.for("OpenTelemetry Context Key SPAN");

/** Status ERROR of a span. */
const ERROR = 2;

/** The context within a span. */
function within(span: Span): Context {
  return {
    getValue: (key) => key === SPAN_KEY ? span : undefined,
    setValue: () => within(span),
    deleteValue: () => within(span),
  };
}

/** Tells OpenTelemetry of a run: spans within the run's span, and metrics. */
export class RunTelemetry implements Telemetry {
  readonly #tracer: Tracer;
  readonly #run: Span;
  readonly #inRun: Context;
  readonly #loss: Instrument;
  readonly #probability: Instrument;
  readonly #gradientNorm: Instrument;
  readonly #speed: Instrument;
  readonly #score: Instrument;
  readonly #images: Counter;
  readonly #who: Attributes;

  /** Begins the run's span. */
  constructor({ data, size, batch, steps, out, run }: TrainConfig, providers: Providers) {
    this.#tracer = providers.trace.getTracer(SCOPE);
    const meter = providers.metrics.getMeter(SCOPE);
    const attributes = { "dcgan.data": data, "dcgan.size": sizeText(size), "dcgan.batch": batch };
    this.#who = { "dcgan.out": out };
    this.#run = this.#tracer.startSpan("dcgan.train", {
      attributes: { ...attributes, ...this.#who, "dcgan.steps": steps, "dcgan.run": run ?? "" },
    });
    this.#inRun = within(this.#run);
    this.#loss = meter.createGauge("dcgan.loss", { description: "losses of the latest step" });
    this.#probability = meter.createGauge("dcgan.probability", {
      description: "mean sigmoid of the discriminator's logits in the latest step",
    });
    this.#gradientNorm = meter.createGauge("dcgan.gradient_norm", {
      description: "norms of all gradients of a network in the latest step, before clipping",
    });
    this.#speed = meter.createGauge("dcgan.images_per_second", {
      description: "images trained on per second",
    });
    this.#score = meter.createGauge("dcgan.score", { description: "latest scores of samples" });
    this.#images = meter.createCounter("dcgan.images", { description: "images trained on", unit: "{image}" });
  }

  span(name: string, attributes: Attributes = {}): WorkSpan {
    const span = this.#tracer.startSpan(`dcgan.${name}`, { attributes }, this.#inRun);
    return {
      set: (attributes) => span.setAttributes(attributes),
      [Symbol.dispose]: () => span.end(),
    };
  }

  watch(dataset: OpenDataset): OpenDataset {
    const read: OpenDataset["read"] = async (indices, into, signal) => {
      using _span = this.span("read_images", { "dcgan.images": indices.length });
      await dataset.read(indices, into, signal);
    };
    return new Proxy(dataset, {
      get: (target, key) => {
        if (key === "read") return read;
        // With its own `this`, as it has private fields
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  metrics(event: MetricsEvent, images: number): void {
    const { discriminatorLossReal, discriminatorLossFake, generatorLoss, dReal, dFake, dFakeAfter } = event;
    this.#loss.record(discriminatorLossReal + discriminatorLossFake, this.#of("discriminator"));
    this.#loss.record(generatorLoss, this.#of("generator"));
    for (const [name, value] of Object.entries({ dReal, dFake, dFakeAfter })) {
      this.#probability.record(value, this.#of(name));
    }
    const norms = { discriminator: event.discriminatorGradientNorm, generator: event.generatorGradientNorm };
    for (const [name, norm] of Object.entries(norms)) {
      if (norm !== undefined) this.#gradientNorm.record(norm, this.#of(name));
    }
    this.#speed.record(event.imagesPerSecond, this.#who);
    this.#images.add(images, this.#who);
  }

  scores({ scores }: StepScores): void {
    for (const [name, { value }] of Object.entries(scores)) this.#score.record(value, this.#of(name));
  }

  fail(error: unknown): void {
    this.#run.recordException(error);
    this.#run.setStatus({ code: ERROR, message: error instanceof Error ? error.message : `${error}` });
  }

  /** Ends the run's span. */
  [Symbol.dispose](): void {
    this.#run.end();
  }

  #of(name: string): Attributes {
    return { ...this.#who, "dcgan.name": name };
  }
}
