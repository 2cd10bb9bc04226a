import type { OptionSpec } from "./option.ts";
import type { OptionalOption, OptionName, PassingOption, ResumableOption, TrainOptions } from "./options.ts";

/** True if the option is one of these, and absent elsewhere, so that table and types cannot disagree. */
type Mark<K, Of> = K extends Of ? true : undefined;

/** What becomes of an option beyond its value. */
interface OptionMarks<K extends OptionName> {
  /** It may be given anew when a run is resumed. */
  readonly resumable?: Mark<K, ResumableOption>;
  /** The config does not keep it. */
  readonly passing?: Mark<K, PassingOption>;
  /** The config keeps it only if it was given. */
  readonly optional?: Mark<K, OptionalOption>;
}

/** Options with marks must have them. */
type Marks<K extends OptionName> =
  & OptionMarks<K>
  & (K extends ResumableOption ? { readonly resumable: true } : unknown)
  & (K extends PassingOption ? { readonly passing: true } : unknown)
  & (K extends OptionalOption ? { readonly optional: true } : unknown);

/** The table of options, with the marks that their types ask for. */
export type OptionTable = { readonly [K in OptionName]: OptionSpec<NonNullable<TrainOptions[K]>> & Marks<K> };
