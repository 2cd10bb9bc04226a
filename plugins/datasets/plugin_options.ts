import { DatasetError, type DatasetPlugin, type PluginOption, type PluginOptionValues } from "./contract.ts";
import { nearest, quote } from "./wording.ts";

/**
 * Checks values for a plugin's options and fills in the defaults. Text is read as what the option asks for, as values
 * from a command line are text.
 *
 * @param plugin The plugin that declares the options.
 * @param given Values by name.
 * @throws {DatasetError} Where a name is not declared or a value is not allowed.
 */
export function readPluginOptions(
  plugin: DatasetPlugin,
  given: Readonly<Record<string, unknown>> = {},
): PluginOptionValues<Record<string, PluginOption>> {
  const declared = plugin.options ?? {};
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(declared, name)) continue;
    const names = Object.keys(declared);
    const close = nearest(name, names);
    const hint = close ? `; did you mean ${quote(close)}?` : "";
    throw new DatasetError(
      names.length === 0
        ? `Dataset ${quote(plugin.name)} takes no options: found ${quote(name)}`
        : `Dataset ${quote(plugin.name)} has no option ${quote(name)}: allowed are ${
          names.join(", ")
        }${hint}`,
    );
  }
  const values: Record<string, string | number | boolean> = {};
  for (const [name, option] of Object.entries(declared)) {
    const found = given[name];
    const value = found === undefined ? option.default : coerce(option, found);
    if (!isAllowed(option, value)) {
      throw new DatasetError(
        `Option ${quote(name)} of dataset ${quote(plugin.name)} must be ${describeOption(option)}: found ${
          quote(found ?? value)
        }`,
      );
    }
    values[name] = value as string | number | boolean;
  }
  return values;
}

/** What an option allows, to end the sentence "must be ...". */
export function describeOption(option: PluginOption): string {
  if (option.type === "boolean") return "true or false";
  if (option.type === "text") {
    return option.choices ? `one of ${option.choices.map((choice) => quote(choice)).join(", ")}` : "text";
  }
  const { min, max } = option;
  const kind = option.integer ? "a whole number" : "a number";
  if (min !== undefined && max !== undefined) return `${kind} from ${min} to ${max}`;
  if (min !== undefined) return `${kind} of ${min} or more`;
  return max === undefined ? kind : `${kind} of ${max} or less`;
}

/** Whether an option allows a value. */
export function isAllowed(option: PluginOption, value: unknown): boolean {
  if (option.type === "boolean") return typeof value === "boolean";
  if (option.type === "text") {
    return typeof value === "string" && (option.choices?.includes(value) ?? true);
  }
  const { min = -Infinity, max = Infinity, integer = false } = option;
  return typeof value === "number" && Number.isFinite(value) && value >= min && value <= max &&
    (!integer || Number.isInteger(value));
}

function coerce({ type }: PluginOption, value: unknown): unknown {
  if (type === "text") return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  if (typeof value !== "string") return value;
  if (type === "boolean") return value === "true" ? true : value === "false" ? false : value;
  return value.trim() === "" ? value : Number(value);
}
