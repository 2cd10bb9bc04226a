import * as v from "valibot";
import { host } from "../../host/host.ts";
import type { HubModel } from "./hub_names.ts";

/** The hub. */
export const HUB = "https://huggingface.co";

/** Milliseconds that the hub may take to list a model, and most bytes of the list. */
const MOST_TIME = 30_000;
const MOST_LIST_BYTES = 2 ** 24;

/** What is kept of a list. */
const modelSchema = v.object({
  commit: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
  files: v.array(v.object({
    path: v.pipe(
      v.string(),
      v.regex(/^[^/\0\\]+(\/[^/\0\\]+)*$/),
      v.check((path) => !path.split("/").includes("..")),
    ),
    size: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    sha256: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  })),
});

/** What the hub answers. */
const answerSchema = v.object({
  sha: v.string(),
  siblings: v.array(v.object({
    rfilename: v.string(),
    size: v.optional(v.number()),
    lfs: v.optional(v.nullable(v.object({ sha256: v.optional(v.string()) }))),
  })),
});

/** Reads the list of a model that was kept. */
export function readModel(text: string, path: string): HubModel {
  try {
    return v.parse(modelSchema, JSON.parse(text));
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read ${path}: it must list a model of the hub, found something else. Remove it`,
      {
        cause,
      },
    );
  }
}

/** Headers with the user's token, for the hub alone: other servers get none of it. */
export function hubHeaders(): (url: string) => Readonly<Record<string, string>> {
  const token = host().env("HF_TOKEN")?.trim();
  const none: Record<string, string> = {};
  return (url) => token && new URL(url).origin === HUB ? { Authorization: `Bearer ${token}` } : none;
}

/**
 * Asks the hub for the files of a model.
 *
 * @param source What the user called it, for messages.
 * @throws {Error} if it cannot be reached, has no such model, or answers something else.
 */
export async function askHub(
  source: string,
  url: string,
  signal: AbortSignal | undefined,
): Promise<HubModel> {
  const fail = (problem: string, cause?: unknown): never => {
    throw new Error(`Cannot use ${source}: ${problem}`, { cause });
  };
  const ends = [AbortSignal.timeout(MOST_TIME), ...signal ? [signal] : []];
  let text = "";
  try {
    const response = await fetch(url, { headers: hubHeaders()(url), signal: AbortSignal.any(ends) });
    if (!response.ok) {
      await response.body?.cancel();
      // The hub does not say whether a model is missing or private
      const advice = [401, 403, 404].includes(response.status)
        ? ". Check the name, or set HF_TOKEN to a token of the hub if the model is private or gated"
        : "";
      return fail(`${new URL(url).origin} answered ${response.status}${advice}`);
    }
    text = await textOf(response);
  } catch (cause) {
    signal?.throwIfAborted();
    const isNetwork = cause instanceof TypeError || cause instanceof DOMException;
    if (!isNetwork) throw cause;
    return fail(
      `${
        new URL(url).origin
      } cannot be reached. What was downloaded before can be used with "offline" (--offline)`,
      cause,
    );
  }
  try {
    const { sha, siblings } = v.parse(answerSchema, JSON.parse(text));
    const files = siblings.map(({ rfilename, size, lfs }) => ({
      path: rfilename,
      ...(size === undefined ? {} : { size }),
      ...(lfs?.sha256 === undefined ? {} : { sha256: lfs.sha256 }),
    }));
    return v.parse(modelSchema, { commit: sha, files });
  } catch (cause) {
    return fail(`${new URL(url).origin} must list its files, found something else`, cause);
  }
}

/** The text of an answer, if it is not too long. */
async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > MOST_LIST_BYTES) {
      throw new RangeError(`${response.url} must send at most ${MOST_LIST_BYTES} bytes`);
    }
    parts.push(part);
  }
  return await new Blob(parts as BlobPart[]).text();
}
