import { CONFIG_FACTS, type TrainConfig } from "../../options/config.ts";

/** An option of a run that is not what it was. */
export interface OptionChange {
  /** Name of the option. */
  readonly option: string;
  /** Its value until then; undefined if it had none. */
  readonly from: unknown;
  /** Its value from then on; undefined if it has none. */
  readonly to: unknown;
}

/** Fields of a config that tell where a run is and what came of it. */
const others: readonly string[] = [...CONFIG_FACTS, "out"];

/** The options that two configs of a run do not share, in the order of the later config. */
export function differences(before: TrainConfig, after: TrainConfig): OptionChange[] {
  const [was, is]: Readonly<Record<string, unknown>>[] = [{ ...before }, { ...after }];
  const names = new Set([...Object.keys(is!), ...Object.keys(was!)]);
  return [...names]
    .filter((name) => !others.includes(name) && JSON.stringify(was![name]) !== JSON.stringify(is![name]))
    .map((option) => ({ option, from: was![option], to: is![option] }));
}
