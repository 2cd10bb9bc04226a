import { QueryError } from "./read_query.ts";

/** What answers may be. */
export type AnswerFormat = "png" | "webp" | "npy";

/** The types of media of answers. */
export const MEDIA_TYPES: Readonly<Record<AnswerFormat, string>> = {
  png: "image/png",
  webp: "image/webp",
  npy: "application/x-npy",
};

/**
 * The first of some formats that a header `Accept` allows: browsers would rather have a lossy WebP than any
 * PNG, but who wants one asks for it. Without a header, the first.
 *
 * @throws {NotAcceptableError} if it allows none.
 */
export function acceptedFormat<Format extends AnswerFormat>(
  accept: string | undefined,
  formats: readonly Format[],
): Format {
  if (accept === undefined || accept.trim() === "") return formats[0]!;
  const found = formats.find((format) => isAccepted(accept, MEDIA_TYPES[format]));
  if (found) return found;
  throw new NotAcceptableError(
    `Cannot answer in a type that this request accepts: there is ${
      formats.map((format) => MEDIA_TYPES[format]).join(", ")
    }`,
  );
}

/** A request accepts no type that there is. */
export class NotAcceptableError extends QueryError {}

/** Whether a header allows a type: its most specific entry counts (RFC 9110, 12.5.1). */
function isAccepted(accept: string, type: string): boolean {
  const [family] = type.split("/");
  const entries = accept.toLowerCase().split(",").map((entry) => {
    const [range = "", ...parameters] = entry.split(";").map((part) => part.trim());
    const quality = parameters.find((one) => one.startsWith("q="))?.slice(2) ?? "1";
    return { range, isAllowed: Number(quality) > 0 };
  });
  for (const range of [type, `${family}/*`, "*/*"]) {
    const entry = entries.find((one) => one.range === range);
    if (entry) return entry.isAllowed;
  }
  return false;
}
