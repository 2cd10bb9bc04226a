import "../../src/host/on_native.ts";
import { Device } from "../../src/gpu/mod.ts";

/**
 * The same adapter, taken for a graphics card: with the kernels, grids and workgroups of one. Give its buffers back with
 * `ledger.destroyAll()`.
 */
export function asCard({ gpu, adapter, capabilities }: Device): Device {
  return new Device(gpu, { ...adapter, software: false }, capabilities);
}

/** Runs a test on {@linkcode asCard}, and frees what it leaves there. */
export function onCard(device: Device, body: (card: Device) => void | Promise<void>): Promise<void> {
  return onOther(asCard(device), body);
}

/** Runs a test on the same adapter, taken for one that computes on the processor, and frees what it leaves there. */
export function onProcessor(
  { gpu, adapter, capabilities }: Device,
  body: (processor: Device) => void | Promise<void>,
): Promise<void> {
  return onOther(new Device(gpu, { ...adapter, software: true }, capabilities), body);
}

async function onOther(other: Device, body: (other: Device) => void | Promise<void>): Promise<void> {
  try {
    using _scope = other.scope();
    await body(other);
  } finally {
    other.ledger.destroyAll();
  }
}
