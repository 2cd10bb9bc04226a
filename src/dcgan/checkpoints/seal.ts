import { host } from "../../host/host.ts";
import type { Safetensors, TensorData } from "../../nn/mod.ts";

/** Where the metadata of a file keep the checksum of its data section. */
const DATA = "sha256";

/** Where they keep that of the names, types and shapes in its header. */
const HEADER = "header_sha256";

/** SHA-256 of the data section that these tensors have in a safetensors file, in hexadecimal digits. */
function checksumOf(tensors: ReadonlyMap<string, TensorData>): string {
  const hash = host().sha256();
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

/** SHA-256 of what the header says of these tensors. */
function headerChecksumOf(tensors: ReadonlyMap<string, TensorData>): string {
  const text = JSON.stringify([...tensors].map(([name, { dtype, shape }]) => [name, dtype, shape]).sort());
  return host().sha256().update(text).digest("hex");
}

/** Metadata with the checksums of the tensors that they go with. Other readers of the file pass over them. */
export function sealed(
  tensors: ReadonlyMap<string, TensorData>,
  metadata: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...metadata, [DATA]: checksumOf(tensors), [HEADER]: headerChecksumOf(tensors) };
}

/** Whether a file has its checksums. Those of older checkpoints have none. */
export function isSealed({ metadata }: Safetensors): boolean {
  return metadata[DATA] !== undefined && metadata[HEADER] !== undefined;
}

/**
 * Throws if the data of a file does not match its checksum.
 *
 * @param path The file, for the message.
 * @throws {SyntaxError} naming it.
 */
export function expectIntact(file: Safetensors, path: string): void {
  const { tensors, metadata } = file;
  const { [HEADER]: header = headerChecksumOf(tensors), [DATA]: data } = metadata;
  // The shorter one first
  if (header === headerChecksumOf(tensors) && (data === undefined || data === checksumOf(tensors))) return;
  throw new SyntaxError(
    `Cannot use ${path}: its data must match its checksum, found damaged data`,
  );
}
