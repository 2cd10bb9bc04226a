/** What can be wrong with a run, short of numbers that are not finite. */
export type JudgmentKind =
  | "too-few-steps"
  | "too-few-pictures"
  | "discriminator-wins"
  | "vanished-gradients"
  | "samples-alike"
  | "memorized"
  | "no-progress";

/** Something that is wrong with a run, in words, with what to try. */
export interface Judgment {
  /** What. */
  readonly kind: JudgmentKind;
  /** What was seen, and what to try. */
  readonly message: string;
}
