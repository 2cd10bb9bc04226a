/** Headers that let pages of others read answers. */
const SHARED = ["ETag", "Retry-After", "Dcgan-Pictures", "Dcgan-Columns", "Dcgan-Size", "Dcgan-Step"];

/**
 * The headers of every answer: nobody keeps it, frames it, guesses its type, or reads it from another page.
 *
 * @param cors Origin whose pages may read answers, or `*`; none if it is not given.
 */
export function commonHeaders(cors: string | undefined): Record<string, string> {
  return {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": cors === undefined ? "same-origin" : "cross-origin",
    ...cors === undefined ? {} : {
      "access-control-allow-origin": cors,
      "access-control-expose-headers": SHARED.join(", "),
      ...cors === "*" ? {} : { vary: "Origin" },
    },
  };
}
