import { DatasetError } from "./contract.ts";

/** A value as messages show it, short. */
export function quote(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" && typeof value !== "string") return String(value);
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = "an object";
  }
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** First line of what was thrown. */
export function messageOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message || cause.name : String(cause);
  return text.split("\n")[0]!.trim();
}

/**
 * The error for something that failed below: what, and why.
 *
 * @param end What to do, to follow the reason.
 */
export function failure(what: string, cause: unknown, end = ""): DatasetError {
  return new DatasetError(`${what}: ${messageOf(cause)}${end}`, { cause });
}

/**
 * What is wrong with a network, without the URL that Deno repeats in it and without where in it that was
 * found.
 */
export function networkReason(text: string): string {
  return text.replace(/^error sending request for url \(.*?\): /, "").replace(/^client error \(\w+\): /, "");
}

/** The word that was most likely meant: the one that is at most 2 changed letters away, if there is one. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((candidate) => ({ candidate, edits: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  return best && best.edits <= 2 && best.edits < word.length ? best.candidate : undefined;
}

/** Letters to change, add or drop to get from one word to the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
