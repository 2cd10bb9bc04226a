import { Device } from "../../src/gpu/mod.ts";

/**
 * Runs a test on the same adapter, taken for a graphics card: with the kernels, grids and workgroups of one. What it
 * leaves there is freed.
 */
export async function onCard(device: Device, body: (card: Device) => void | Promise<void>): Promise<void> {
  const card = new Device(device.gpu, { ...device.adapter, software: false }, device.capabilities);
  try {
    using _scope = card.scope();
    await body(card);
  } finally {
    card.ledger.destroyAll();
  }
}
