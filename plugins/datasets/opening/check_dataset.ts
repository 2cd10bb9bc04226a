import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  type Labels,
  type OpenRequest,
} from "../contract.ts";
import { quote } from "../messages.ts";

/** Most images in a dataset: an index fits 32 bits. */
const MAX_LENGTH = 2 ** 32 - 1;

/**
 * Checks what a plugin opened against the contract.
 *
 * @param name Name of the plugin.
 * @param request What it was asked for.
 * @throws {DatasetError} that says what must be there, and what was found.
 */
export function checkDataset(name: DatasetPlugin["name"], request: OpenRequest, dataset: unknown): void {
  const fail = (what: string, must: string, found: unknown): never => {
    throw new DatasetError(
      `The ${what} that dataset ${quote(name)} opens with must be ${must}, found ${quote(found)}`,
      { kind: "breaks-contract" },
    );
  };
  if (typeof dataset !== "object" || dataset === null) {
    return fail("value", "an object with length, shape and read", dataset);
  }
  const { length, shape, read, labels, skipped, replaced, nativeSize, close } = dataset as Record<
    keyof Dataset,
    unknown
  >;
  if (!Number.isInteger(length) || (length as number) < 1 || (length as number) > MAX_LENGTH) {
    fail("length", `a whole number from 1 to ${MAX_LENGTH}`, length);
  }
  const { width, height, channels } = request;
  const wanted = (channels === undefined ? [1, 2, 3, 4] : [channels])
    .map((count) => `[${height},${width},${count}]`);
  if (!Array.isArray(shape) || !wanted.includes(JSON.stringify(shape))) {
    fail("shape", wanted.join(" or "), shape);
  }
  if (typeof read !== "function") fail('"read"', "a function", read);
  for (const [method, value] of Object.entries({ nativeSize, close })) {
    if (value !== undefined && typeof value !== "function") fail(quote(method), "a function", value);
  }
  if (skipped !== undefined && !Array.isArray(skipped)) fail('"skipped"', "an array", skipped);
  if (replaced !== undefined && !(replaced instanceof Set)) fail('"replaced"', "a Set", replaced);
  if (labels === undefined) return;
  if (typeof labels !== "object" || labels === null) return fail('"labels"', "an object", labels);
  for (const [key, label] of Object.entries(labels as Record<string, Partial<Labels> | undefined>)) {
    if (typeof label?.at !== "function") fail(`"at" of label ${quote(key)}`, "a function", label?.at);
    const classes: unknown = label?.classes;
    const ok = classes === undefined ||
      Array.isArray(classes) && classes.every((one) => typeof one === "string");
    if (!ok) fail(`"classes" of label ${quote(key)}`, "an array of texts", classes);
  }
}
