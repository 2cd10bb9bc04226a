/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { EngineClient } from "./engine/client.ts";
import type { ModelFacts } from "./engine/model.ts";
import type { StudioText } from "./text.ts";

/** Names of the views. */
export type ViewName = "train" | "explore" | "inside";

/** What views are told, by name of the event. */
export interface StudioEvents {
  /** A model was opened or changed its networks; undefined if it was closed. */
  readonly model: ModelFacts | undefined;
  /** The open model has learned: steps done. */
  readonly step: number;
  /** A view is shown from now on. Others are hidden, and best do nothing that takes the GPU. */
  readonly show: ViewName;
}

/** What a view is given when it is mounted. */
export interface StudioContext {
  /** All words of the page. */
  readonly text: StudioText;
  /** The worker, where the GPU is. */
  readonly engine: EngineClient;
  /** The model that is open; undefined if there is none yet. */
  readonly model: ModelFacts | undefined;
  /** The view that is shown. */
  readonly shown: ViewName;
  /**
   * Calls a function for each event of a kind from now on.
   *
   * @returns What ends that.
   */
  on<Name extends keyof StudioEvents>(event: Name, hear: (value: StudioEvents[Name]) => void): () => void;
  /** Tells the views something. */
  tell<Name extends keyof StudioEvents>(event: Name, value: StudioEvents[Name]): void;
  /** Shows a sentence in the status line, which screen readers read aloud. */
  say(sentence: string): void;
  /** Shows a view. */
  show(view: ViewName): void;
}

/** A view: fills an element of its own, once. */
export type Mount = (element: HTMLElement, context: StudioContext) => void;
