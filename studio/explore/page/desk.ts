import type { StudioContext } from "../../context.ts";
import type { SourceFacts } from "../source/facts.ts";
import type { Sample } from "./sample.ts";

/** What the panels of the view share. */
export interface Desk {
  /** What the page gives views. */
  readonly context: StudioContext;
  /** What is looked at. */
  readonly facts: SourceFacts;
  /** The picture that is worked with; undefined before the first. */
  readonly chosen: Sample | undefined;
  /** Works with another picture. */
  choose(sample: Sample): void;
  /** Shows pictures in the sheet. */
  show(samples: readonly Sample[], title: string): void;
  /** Adds a slider that goes along a direction. */
  addDirection(vector: Float32Array): void;
  /** Does something, and shows what goes wrong. */
  attempt(task: () => Promise<void>): Promise<void>;
}

/** A part of the view. */
export interface Panel {
  /** Its element. */
  readonly element: HTMLElement;
  /** Begins anew, for other networks. */
  reset(): void;
}
