import type { TrainConfig } from "../options/config.ts";
import { optionTable } from "../options/option_table.ts";
import type { OptionName } from "../options/options.ts";
import { describePreset, PRESET_NAMES, type PresetName } from "../recipes/presets.ts";
import { settled } from "../schedules/scheduled_values.ts";

/**
 * What presets set that says how large a run is, and not how it trains; `auto` decides these by what it
 * finds.
 */
const SCALE: readonly string[] = ["size", "batch", "ngf", "ndf", "ema"];

/** Presets that set something of their own. */
const NAMES = PRESET_NAMES.filter((name) => name !== "auto");

/**
 * The preset that a run's options are those of, in full or but for its scale; "own" if there is none. A
 * config does not keep the name that was given: a run with `auto` counts as `modern`, `few` or `small`.
 */
export function recipeOf(config: TrainConfig): PresetName | "own" {
  const all = new Set(NAMES.flatMap((name) => Object.keys(describePreset(name, config.size).options)));
  const fits = (name: PresetName, skipped: readonly string[]): boolean => {
    const options: Readonly<Record<string, unknown>> = describePreset(name, config.size).options;
    return [...all].filter((option) => !skipped.includes(option)).every((option) => {
      const wanted = settled(
        option as OptionName,
        options[option] ?? optionTable[option as OptionName].default,
      );
      return JSON.stringify(wanted) === JSON.stringify(config[option as keyof TrainConfig]);
    });
  };
  return NAMES.find((name) => fits(name, ["size"])) ?? NAMES.find((name) => fits(name, SCALE)) ?? "own";
}
