import { DATASET_API_VERSION, DatasetError, type DatasetPlugin } from "./contract.ts";
import { describeOption, isAllowed } from "./plugin_options.ts";
import { quote } from "./wording.ts";

/**
 * Checks that a value is a dataset plugin.
 *
 * @param value What a module exports as default.
 * @param source Where it came from, for messages.
 * @throws {DatasetError} Saying what is missing or wrong.
 */
export function checkPlugin(value: unknown, source: string): DatasetPlugin {
  if (typeof value !== "object" || value === null) {
    throw new DatasetError(
      `${source} must export a dataset plugin as default, an object with apiVersion, name and open: found ${
        quote(value)
      }`,
    );
  }
  const plugin = value as Partial<Record<keyof DatasetPlugin, unknown>>;
  const { apiVersion, name } = plugin;
  if (typeof name !== "string" || name.trim() === "") {
    throw new DatasetError(`The "name" of the dataset plugin ${source} must be text: found ${quote(name)}`);
  }
  const who = `of dataset ${quote(name)} (${source})`;
  if (apiVersion !== DATASET_API_VERSION) {
    const which = typeof apiVersion === "number" && apiVersion > DATASET_API_VERSION
      ? "; a newer version of @x/dcgan may know it"
      : "";
    throw new DatasetError(
      `The "apiVersion" ${who} must be ${DATASET_API_VERSION}: found ${quote(apiVersion)}${which}`,
    );
  }
  if (typeof plugin.open !== "function") {
    throw new DatasetError(`The "open" ${who} must be a function: found ${quote(plugin.open)}`);
  }
  if (plugin.description !== undefined && typeof plugin.description !== "string") {
    throw new DatasetError(`The "description" ${who} must be text: found ${quote(plugin.description)}`);
  }
  checkOptions(plugin.options, who);
  return value as DatasetPlugin;
}

function checkOptions(options: unknown, who: string): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new DatasetError(`The "options" ${who} must be an object: found ${quote(options)}`);
  }
  for (const [name, option] of Object.entries(options)) {
    const type: unknown = option?.type;
    if (type !== "number" && type !== "text" && type !== "boolean") {
      throw new DatasetError(
        `The type of option ${quote(name)} ${who} must be "number", "text" or "boolean": found ${
          quote(type)
        }`,
      );
    }
    if (typeof option.description !== "string") {
      throw new DatasetError(
        `The description of option ${quote(name)} ${who} must be text: found ${quote(option.description)}`,
      );
    }
    if (!isAllowed(option, option.default)) {
      throw new DatasetError(
        `The default of option ${quote(name)} ${who} must be ${describeOption(option)}: found ${
          quote(option.default)
        }`,
      );
    }
  }
}
