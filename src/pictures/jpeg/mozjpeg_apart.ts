import { host } from "../../host/host.ts";
import type { ApartReply } from "./mozjpeg_worker.ts";
import { type Picture, PictureError } from "../picture.ts";

/**
 * Decodes a JPEG in a thread of its own, which ends afterwards. A large one takes hundreds of mebibytes.
 * Memory of WebAssembly never shrinks, and the garbage collector may keep it for long, so only ending the
 * thread releases it.
 *
 * @returns The picture, or `undefined` if no thread can be started.
 * @throws {PictureError} if it cannot be decoded.
 */
export async function decodeApart(bytes: Uint8Array): Promise<Picture | undefined> {
  const module = new URL("./mozjpeg_worker.ts", import.meta.url);
  if (!host().canStartWorker(module)) return undefined;
  const worker = new Worker(module, { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<Picture | undefined>();
  let ready = false;
  worker.onmessage = ({ data }: MessageEvent<ApartReply>) => {
    if (data === "ready") {
      ready = true;
      worker.postMessage(bytes);
    } else if ("failure" in data) reject(new PictureError(data.failure));
    else resolve(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    if (ready) reject(new PictureError("its decoder broke down"));
    else resolve(undefined);
  };
  try {
    return await promise;
  } finally {
    worker.terminate();
  }
}
