import type { OptionName } from "../../dcgan/options/options.ts";
import { describePreset, PRESET_NAMES } from "../../dcgan/recipes/presets.ts";
import { textOf } from "../../dcgan/schedules/scheduled_values.ts";
import { flagOf } from "./flags.ts";

/**
 * What help says of a preset that the arguments name: its flags and its source. Names of none, and sizes that cannot be,
 * are refused elsewhere.
 *
 * @param text Name of the preset.
 * @param size What follows `--size`.
 */
export function presetHelp(text: string, size = "64"): string {
  const name = PRESET_NAMES.find((one) => one === text);
  if (name === undefined) return "";
  const { source, options } = describePreset(name, Number(size));
  const flags = Object.entries(options).map(([option, value]) =>
    `${flagOf(option as OptionName)} ${typeof value === "object" ? textOf(value) : value}`
  );
  const sets = flags.length === 0 ? "nothing: all defaults above are its own" : flags.join(" ");
  return `Preset ${name} sets for images of ${size}x${size}:\n  ${sets}\nSource: ${source}.`;
}
