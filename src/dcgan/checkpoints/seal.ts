import { createHash } from "node:crypto";
import type { Safetensors, TensorData } from "../../nn/mod.ts";

/** Where the metadata of a file keep the checksum. */
const SEAL = "sha256";

/** SHA-256 of the data section that these tensors have in a safetensors file, in hexadecimal digits. */
function checksumOf(tensors: ReadonlyMap<string, TensorData>): string {
  const hash = createHash("sha256");
  const widths = [8, 4, 2, 1];
  // As they lie in the file: the widest elements first
  for (const width of widths) {
    for (const { data } of tensors.values()) {
      if (data.BYTES_PER_ELEMENT !== width) continue;
      hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
  }
  return hash.digest("hex");
}

/** Metadata with the checksum of the tensors that they go with. Other readers of the file pass over it. */
export function sealed(
  tensors: ReadonlyMap<string, TensorData>,
  metadata: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...metadata, [SEAL]: checksumOf(tensors) };
}

/** Whether a file has a checksum. Those of older checkpoints have none. */
export function isSealed({ metadata }: Safetensors): boolean {
  return metadata[SEAL] !== undefined;
}

/**
 * Throws where a file has a checksum that is not the one of its data.
 *
 * @param path The file, for the message.
 * @throws {SyntaxError} naming it.
 */
export function expectIntact(file: Safetensors, path: string): void {
  if (!isSealed(file) || file.metadata[SEAL] === checksumOf(file.tensors)) return;
  throw new SyntaxError(
    `Cannot use ${path}: its data are not those that were written (their checksum differs: the file is damaged)`,
  );
}
