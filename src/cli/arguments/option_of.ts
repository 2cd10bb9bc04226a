import { Option } from "@commander-js/extra-typings";
import { averageLength, type OptionKind } from "../../dcgan/options/option.ts";
import { readerOf } from "./flags.ts";

/** A flag that takes what a kind of value allows. */
export function optionOf<Flags extends string, T>(
  flags: Flags,
  summary: string,
  kind: OptionKind<T>,
): Option<Flags, undefined, undefined, T> {
  return new Option(flags, summary).argParser(readerOf(kind));
}

/** The flag for an average that is built after a run. */
export function averageFlag(
  purpose: "draw from" | "score" | "use",
): Option<"--ema-length <share>", undefined, undefined, number> {
  const summary = `relative length of a moving average to ${purpose}, built of the snapshots of a run with ` +
    "--ema-snapshots, such as 0.07";
  return optionOf("--ema-length <share>", summary, averageLength());
}
