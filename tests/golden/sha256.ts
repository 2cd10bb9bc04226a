/**
 * SHA-256 of bytes in a row, in hexadecimal. Written out, since `Uint8Array.prototype.toHex` is missing where WebGPU may
 * be there already.
 */
export async function sha256(parts: readonly Uint8Array<ArrayBuffer>[]): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await new Blob([...parts]).arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
