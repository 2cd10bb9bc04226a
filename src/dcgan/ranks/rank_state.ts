import { BYTES_PER_ELEMENT, HOST_ARRAYS, type Tensor } from "../../gpu/mod.ts";
import type { Trainer } from "../trainer.ts";

/** All tensors that the next step of a trainer depends on, in an order that follows from its config. */
function stateOf(trainer: Trainer): Tensor[] {
  const networks = [
    trainer.generator,
    trainer.discriminator,
    ...[...trainer.averages.values()].map(({ network }) => network),
  ];
  return [
    ...networks.flatMap((
      { values, statistics },
    ) => [values, ...[...statistics.values()].map(({ tensor }) => tensor)]),
    ...trainer.state().values(),
  ];
}

/** The values that the next step of a trainer depends on, as bytes. */
export async function readState(trainer: Trainer): Promise<Uint8Array> {
  const { device } = trainer.generator.values;
  const values = await device.read(stateOf(trainer));
  const bytes = new Uint8Array(values.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of values) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/**
 * Sets a trainer to what {@linkcode readState} read of another one of the same config.
 *
 * @throws {RangeError} if they are not as many.
 */
export function writeState(trainer: Trainer, bytes: Uint8Array, steps: number): void {
  let at = 0;
  for (const tensor of stateOf(trainer)) {
    const values = HOST_ARRAYS[tensor.dtype];
    const end = at + tensor.size * BYTES_PER_ELEMENT[tensor.dtype];
    if (end > bytes.length) break;
    tensor.set(new values(bytes.slice(at, end).buffer));
    at = end;
  }
  const wanted = stateOf(trainer).reduce(
    (sum, { size, dtype }) => sum + size * BYTES_PER_ELEMENT[dtype],
    0,
  );
  if (wanted !== bytes.length) {
    throw new RangeError(
      `Cannot take over the state of rank 0: it must be ${wanted} bytes, found ${bytes.length}`,
    );
  }
  trainer.continueFrom(steps);
}
