import * as v from "valibot";
import { answerOf, askHub, HubError, type HubPlace, sendTo } from "./hub_client.ts";

/** A file to upload. */
export interface HubFile {
  /** Its name in the repository. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** SHA-256 in hexadecimal digits. */
  readonly sha256: string;
}

const HEADERS = {
  Accept: "application/vnd.git-lfs+json",
  "Content-Type": "application/vnd.git-lfs+json",
} as const;

const action = v.object({ href: v.string(), header: v.optional(v.record(v.string(), v.string()), {}) });
const batchSchema = v.object({
  objects: v.array(v.object({
    oid: v.string(),
    actions: v.optional(v.object({ upload: v.optional(action), verify: v.optional(action) })),
    error: v.optional(v.object({ message: v.string() })),
  })),
});

/** Where to send a file. */
type Action = v.InferOutput<typeof action>;

/**
 * Uploads files to the store for large ones, by Git LFS (its batch interface, and Hugging Face's way of sending a file
 * in parts). Those that the store has are passed over.
 *
 * @param done Is told each file that is there.
 */
export async function uploadLarge(
  place: HubPlace,
  files: readonly HubFile[],
  done: (file: HubFile) => void,
): Promise<void> {
  if (files.length === 0) return;
  const response = await askHub(place, `/${place.repo}.git/info/lfs/objects/batch`, {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify({
      operation: "upload",
      transfers: ["basic", "multipart"],
      hash_algo: "sha_256",
      ref: { name: "main" },
      objects: files.map(({ sha256, bytes }) => ({ oid: sha256, size: bytes.length })),
    }),
  });
  const { objects } = await answerOf(place, response, batchSchema);
  for (const file of files) {
    const object = objects.find(({ oid }) => oid === file.sha256);
    if (!object || object.error) {
      const reason = object?.error?.message ?? "it was not answered";
      throw new HubError(
        `Cannot upload ${file.name} to hf:${place.repo}: the server refused it: ${reason}`,
        response.status,
      );
    }
    const { upload, verify } = object.actions ?? {};
    if (upload) await send(place, file, upload);
    if (upload && verify) {
      const body = JSON.stringify({ oid: file.sha256, size: file.bytes.length });
      await sendTo(place, verify.href, { method: "POST", headers: { ...HEADERS, ...verify.header }, body });
    }
    done(file);
  }
}

async function send(place: HubPlace, file: HubFile, { href, header }: Action): Promise<void> {
  const { chunk_size, ...headers } = header;
  if (chunk_size === undefined) {
    await sendTo(place, href, { method: "PUT", headers, body: file.bytes });
    return;
  }
  // The URLs of parts are headers that are called by numbers: 1, 2, ...
  const urls = Object.entries(headers).filter(([name]) => /^\d+$/.test(name))
    .sort(([a], [b]) => Number(a) - Number(b));
  const size = Number(chunk_size);
  if (!(size >= 1) || urls.length !== Math.ceil(file.bytes.length / size)) {
    throw new HubError(
      `Cannot upload ${file.name} to hf:${place.repo}: the server must take ${file.bytes.length} bytes, and wants ` +
        `${urls.length} parts of ${chunk_size}`,
      undefined,
    );
  }
  const parts: { partNumber: number; etag: string }[] = [];
  for (const [at, [name, url]] of urls.entries()) {
    const body = file.bytes.subarray(at * size, (at + 1) * size);
    const response = await sendTo(place, url, { method: "PUT", body });
    await response.body?.cancel();
    parts.push({ partNumber: Number(name), etag: response.headers.get("ETag") ?? "" });
  }
  await sendTo(place, href, {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify({ oid: file.sha256, parts }),
  });
}
