import { host } from "../host/host.ts";

/** SHA-256 of texts or bytes one after the other, in hexadecimal digits. */
export async function sha256(
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<string> {
  const hash = host().sha256();
  for await (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}
