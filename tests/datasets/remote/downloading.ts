import { createHash } from "node:crypto";
import type { DatasetProgress, RemoteFile } from "../../../plugins/datasets/mod.ts";
import { download } from "../../../plugins/datasets/remote/download.ts";
import { withFiles } from "../support/folders.ts";
import { type Answer, type Asked, withServer } from "../support/unreliable_server.ts";

/** The content of the file. */
export const whole = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) % 251);

/** Its checksum. */
export const sha256 = createHash("sha256").update(whole).digest("hex");

/** Its version on the server. */
export const tag = { etag: '"one"' };

/** Answers of a server that serves a file correctly, parts of it too. */
export function truly(bytes: Uint8Array, headers: Record<string, string> = tag): (asked: Asked) => Answer {
  return (asked) => {
    const from = Number(/^bytes=(\d+)-$/.exec(asked.headers.get("range") ?? "")?.[1] ?? 0);
    if (from === 0 || asked.headers.get("if-range") !== headers["etag"]) {
      return { headers: { ...headers, "content-length": bytes.length }, body: bytes };
    }
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    return {
      status: 206,
      headers: { ...headers, "content-length": bytes.length - from, "content-range": range },
      body: bytes.subarray(from),
    };
  };
}

/** Options that record messages and progress. */
export function waiting(signal = new AbortController().signal) {
  const messages: string[] = [];
  const steps: DatasetProgress[] = [];
  return {
    messages,
    steps,
    signal,
    report: (message: string) => void messages.push(message),
    progress: (step: DatasetProgress): void => void steps.push(step),
    stallTime: 300,
    retryTime: 1,
  };
}

/** Downloads from a server into a new folder. */
export async function get(
  answer: (asked: Asked) => Answer,
  known: Partial<RemoteFile>,
  check: (
    result: { path: string; asked: readonly Asked[]; error: unknown; names: string[] },
  ) => void | Promise<void>,
  context = waiting(),
): Promise<void> {
  await withServer(answer, async (url, asked) => {
    await withFiles({}, async (folder) => {
      const path = `${folder}/set/a.bin`;
      const error = await download({ urls: [`${url}/a.bin`], ...known }, path, context).then(
        () => undefined,
        (e) => e,
      );
      const names = [...Deno.readDirSync(`${folder}/set`)].map(({ name }) => name).sort();
      await check({ path, asked, error, names });
    });
  });
}
