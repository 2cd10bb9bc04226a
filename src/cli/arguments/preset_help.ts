import { parseSize, sizeText, USUAL_SIZE } from "../../dcgan/options/table/image_size.ts";
import type { OptionName } from "../../dcgan/options/options.ts";
import { describePreset, PRESET_NAMES } from "../../dcgan/recipes/presets.ts";
import { textOf } from "../../dcgan/schedules/scheduled_values.ts";
import { flagOf } from "./flags.ts";

/**
 * What help says of a preset that the arguments name: its flags and its source. Names of none, and sizes that
 * cannot be, are refused elsewhere.
 *
 * @param text Name of the preset.
 * @param size What follows `--size`.
 */
export function presetHelp(text: string, size?: string): string {
  const name = PRESET_NAMES.find((one) => one === text);
  if (name === undefined) return "";
  const given = parseSize(size);
  const { source, options } = describePreset(name, given);
  const flags = Object.entries(options).map(([option, value]) =>
    value === true
      ? flagOf(option as OptionName)
      : `${flagOf(option as OptionName)} ${
        typeof value === "object" && "from" in value ? textOf(value) : value
      }`
  );
  const sets = flags.length === 0 ? "nothing: all defaults above are its own" : flags.join(" ");
  const images = sizeText(given ?? options.size ?? USUAL_SIZE);
  return `Preset ${name} sets for images of ${images}:\n  ${sets}\nSource: ${source}.`;
}
