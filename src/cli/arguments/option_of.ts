import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import * as v from "valibot";
import type { OptionKind } from "../../dcgan/options/option.ts";

/** A flag that takes what a kind of value allows. */
export function optionOf<Flags extends string, T>(
  flags: Flags,
  summary: string,
  kind: OptionKind<T>,
): Option<Flags, undefined, undefined, T> {
  return new Option(flags, summary).argParser((text): T => {
    const read = v.safeParse(kind.schema, kind.fromText(text));
    if (read.success) return read.output;
    throw new InvalidArgumentError(`It must be ${kind.allowed}.`);
  });
}
