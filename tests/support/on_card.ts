import { Device } from "../../src/gpu/mod.ts";

/**
 * The same adapter, taken for a graphics card: with the kernels, grids and workgroups of one. Give its buffers back with
 * `ledger.destroyAll()`.
 */
export function asCard({ gpu, adapter, capabilities }: Device): Device {
  return new Device(gpu, { ...adapter, software: false }, capabilities);
}

/** Runs a test on {@linkcode asCard}, and frees what it leaves there. */
export async function onCard(device: Device, body: (card: Device) => void | Promise<void>): Promise<void> {
  const card = asCard(device);
  try {
    using _scope = card.scope();
    await body(card);
  } finally {
    card.ledger.destroyAll();
  }
}
