import * as v from "valibot";
import type { Safetensors } from "../../nn/mod.ts";

/** Where the metadata of a file keep the names of the classes of its networks, as a JSON list. */
export const CLASSES = "classes";

const schema = v.array(v.string());

/**
 * The names of the classes that a file tells; undefined if it tells none.
 *
 * @param path The file, for the message.
 * @throws {SyntaxError} if they cannot be read.
 */
export function classNamesOf(
  { metadata }: Pick<Safetensors, "metadata">,
  path: string,
): string[] | undefined {
  const text = metadata[CLASSES];
  if (text === undefined) return undefined;
  try {
    return v.parse(schema, JSON.parse(text));
  } catch (cause) {
    throw new SyntaxError(
      `Cannot use ${path}: the "${CLASSES}" in its metadata must be a JSON list of names, found ${text}`,
      { cause },
    );
  }
}
