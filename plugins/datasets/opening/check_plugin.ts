import { DATASET_API_VERSION, DatasetError, type DatasetPlugin, type RemoteFile } from "../contract.ts";
import { describeOption, isAllowed } from "./plugin_options.ts";
import { quote } from "../messages.ts";

/** Names that options cannot have, as `--data-root` and its like are the program's own flags. */
const reservedNames: readonly string[] = ["root", "timeout"];

/**
 * Checks that a value is a dataset plugin.
 *
 * @param value What a module exports as default.
 * @param source Where it came from, for messages.
 * @throws {DatasetError} if something is missing or wrong; it says what.
 */
export function checkPlugin(value: unknown, source: string): DatasetPlugin {
  if (typeof value !== "object" || value === null) {
    throw new DatasetError(
      `${source} must export a dataset plugin as default, an object with apiVersion, name and open, ` +
        `found ${quote(value)}`,
    );
  }
  const plugin = value as Partial<Record<keyof DatasetPlugin, unknown>>;
  const { apiVersion, name } = plugin;
  const named = typeof name === "string" && name.trim() !== "";
  const who = named ? `of dataset ${quote(name)} (${source})` : `of the dataset plugin ${source}`;
  // Another version may define everything else differently
  if (apiVersion !== DATASET_API_VERSION) {
    const which = typeof apiVersion === "number" && apiVersion > DATASET_API_VERSION
      ? "; a newer version of @x/dcgan may know it"
      : "";
    throw new DatasetError(
      `The "apiVersion" ${who} must be ${DATASET_API_VERSION}, found ${quote(apiVersion)}${which}`,
    );
  }
  if (!named) refuse(`"name" ${who}`, "be text", name);
  if (typeof plugin.open !== "function") refuse(`"open" ${who}`, "be a function", plugin.open);
  for (const field of ["description", "homepage", "license"] as const) {
    const value = plugin[field];
    if (value !== undefined && typeof value !== "string") refuse(`"${field}" ${who}`, "be text", value);
  }
  checkFiles(plugin.files, who);
  checkOptions(plugin.options, who);
  return value as DatasetPlugin;
}

function checkOptions(options: unknown, who: string): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    return refuse(`"options" ${who}`, "be an object", options);
  }
  const seen = new Map<string, string>();
  for (const [name, option] of Object.entries(options)) {
    const fail = (what: string, must: string, found: unknown): never =>
      refuse(`${what} ${quote(name)} ${who}`, must, found);
    if (!/^[A-Za-z][\w-]*$/.test(name)) {
      fail("option", "start with a letter, then have letters, digits, - and _", name);
    }
    if (reservedNames.includes(name.toLowerCase())) {
      fail("option", `have another name, as --data-${name.toLowerCase()} means something else`, name);
    }
    // Flags are in small letters, with hyphens
    const plain = name.toLowerCase().replaceAll(/[-_]/g, "");
    const other = seen.get(plain);
    if (other !== undefined) {
      fail("option", `differ from option ${quote(other)} by more than capitals, - and _`, name);
    }
    seen.set(plain, name);
    const type: unknown = option?.type;
    if (type !== "number" && type !== "integer" && type !== "string" && type !== "boolean") {
      fail("type of option", 'be "number", "integer", "string" or "boolean"', type);
    }
    if (typeof option.description !== "string") fail("description of option", "be text", option.description);
    const words: unknown = option.enum;
    const isList = Array.isArray(words) && words.length > 0 &&
      words.every((word) => typeof word === "string");
    if (words !== undefined && !(type === "string" && isList)) {
      fail(
        "enum of option",
        `be ${type === "string" ? "an array of texts" : "left out, as only texts have one"}`,
        words,
      );
    }
    for (const bound of ["minimum", "maximum"] as const) {
      const value: unknown = option[bound];
      if (value !== undefined && !(typeof value === "number" && type !== "string" && type !== "boolean")) {
        fail(`${bound} of option`, "be a number, for options that are numbers", value);
      }
    }
    if (!isAllowed(option, option.default)) {
      fail("default of option", `be ${describeOption(option)}`, option.default);
    }
  }
}

function checkFiles(files: unknown, who: string): void {
  if (files === undefined) return;
  if (!Array.isArray(files)) return refuse(`"files" ${who}`, "be an array", files);
  for (const file of files as Partial<RemoteFile>[]) {
    const parts = typeof file?.path === "string" ? file.path.split("/") : [""];
    if (parts.some((part) => part === "" || part === "." || part === "..")) {
      refuse(`path of a file ${who}`, "be like set/file.gz", file?.path);
    }
    const fail = (field: keyof RemoteFile, must: string): never =>
      refuse(`"${field}" of file ${quote(file.path)} ${who}`, must, file[field]);
    const { urls, size } = file;
    if (!Array.isArray(urls) || urls.length === 0 || !urls.every((url) => URL.canParse(url))) {
      fail("urls", "be an array of URLs");
    }
    if (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)) {
      fail("size", "be a number of bytes");
    }
    for (const field of ["sha256", "contentSha256"] as const) {
      const sum: unknown = file[field];
      if (sum === undefined || typeof sum === "string" && /^[0-9a-f]{64}$/.test(sum)) continue;
      fail(field, "be 64 digits of 0-9 and a-f");
    }
  }
}

function refuse(what: string, must: string, found: unknown): never {
  throw new DatasetError(`The ${what} must ${must}, found ${quote(found)}`);
}
