import { DatasetError, type DatasetPlugin, type PluginOption, type PluginOptionValues } from "../contract.ts";
import { nearest, quote } from "../messages.ts";

/**
 * Checks values for a plugin's options and fills in the defaults. Text is read as what the option asks for,
 * as values from a command line are text.
 *
 * @param plugin The plugin that declares the options.
 * @param given Values by name.
 * @throws {DatasetError} if a name is not declared or a value is not allowed.
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
        ? `Dataset ${quote(plugin.name)} must have no options, found ${quote(name)}`
        : `Dataset ${quote(plugin.name)} has no option ${quote(name)}: ` +
          `allowed are ${names.join(", ")}${hint}`,
    );
  }
  const values: Record<string, string | number | boolean> = {};
  for (const [name, option] of Object.entries(declared)) {
    // An option may have a name that every object has
    const found = Object.hasOwn(given, name) ? given[name] : undefined;
    const value = found === undefined ? option.default : readOptionText(option, found);
    if (!isAllowed(option, value)) {
      throw new DatasetError(
        `Option ${quote(name)} of dataset ${quote(plugin.name)} must be ${describeOption(option)}, ` +
          `found ${quote(found ?? value)}`,
      );
    }
    values[name] = value as string | number | boolean;
  }
  return values;
}

/** What an option allows, to end the sentence "must be ...". */
export function describeOption(option: PluginOption): string {
  if (option.type === "boolean") return "true or false";
  if (option.type === "string") {
    return option.enum ? `one of ${option.enum.map((word) => quote(word)).join(", ")}` : "text";
  }
  const { minimum, maximum } = option;
  const kind = option.type === "integer" ? "a whole number" : "a number";
  if (minimum !== undefined && maximum !== undefined) return `${kind} from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `${kind} of ${minimum} or more`;
  return maximum === undefined ? kind : `${kind} of ${maximum} or less`;
}

/** Whether an option allows a value. */
export function isAllowed(option: PluginOption, value: unknown): boolean {
  if (option.type === "boolean") return typeof value === "boolean";
  if (option.type === "string") return typeof value === "string" && (option.enum?.includes(value) ?? true);
  const { type, minimum = -Infinity, maximum = Infinity } = option;
  return typeof value === "number" && Number.isFinite(value) && value >= minimum && value <= maximum &&
    (type === "number" || Number.isInteger(value));
}

/**
 * Reads text as what an option asks for; what cannot be read comes back as it is, for {@linkcode isAllowed}
 * to refuse.
 */
export function readOptionText({ type }: PluginOption, value: unknown): unknown {
  if (type === "string") {
    return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  }
  if (typeof value !== "string") return value;
  if (type === "boolean") return value === "true" ? true : value === "false" ? false : value;
  return value.trim() === "" ? value : Number(value);
}
