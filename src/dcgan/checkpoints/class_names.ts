import type { Safetensors } from "../../nn/mod.ts";

/** Where the metadata of a file keep the names of the classes of its networks, as a JSON list. */
export const CLASSES = "classes";

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
  const names = parsed(text);
  if (names instanceof Array && names.every((name) => typeof name === "string")) return names;
  throw new SyntaxError(
    `Cannot use ${path}: the "${CLASSES}" in its metadata must be a JSON list of names, found ${text}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
