import { quote } from "./config_issue.ts";

/**
 * Reads a JSON object.
 *
 * @param text What a file holds.
 * @param source The file's path, for messages.
 * @throws {SyntaxError} if the text is not JSON, or holds something else than an object.
 */
export function parseJsonObject(text: string, source: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const message = `Cannot read ${source}: it must be JSON, found something else: ${
      (cause as Error).message
    }`;
    throw new SyntaxError(message, { cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new SyntaxError(`Cannot use ${source}: it must hold an object, found ${quote(value)}`);
}
