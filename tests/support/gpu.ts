import "../../src/host/on_native.ts";
import { AssertionError } from "@std/assert";
import { Device, openDevice, randomNormal } from "../../src/gpu/mod.ts";

let shared: Promise<Device> | undefined;

/** The one device that all tests of this process use. */
export function sharedDevice(): Promise<Device> {
  return shared ??= openDevice().then(async (device) => {
    // The first read makes a staging buffer and the first normal number a table, which both stay: made here, they are
    // not taken for leaks of the first test.
    using warm = randomNormal(device, [1], { seed: 0 });
    await warm.data();
    return device;
  });
}

/**
 * A test on the shared device. Tensors made in its body are disposed when it ends. The test fails on what Deno and
 * WebGPU keep silent about: a command that the GPU rejected, and a buffer that nobody gave back.
 */
export function gpuTest(name: string, body: (device: Device) => void | Promise<void>): void {
  Deno.test(name, async () => {
    const device = await sharedDevice();
    device.trim();
    const before = device.ledger.read().buffers;
    const failures: unknown[] = [];
    {
      using _scope = device.scope();
      await Promise.resolve().then(() => body(device)).catch((failure) => failures.push(failure));
      await device.settled().catch((failure) => failures.push(failure));
    }
    if (failures.length > 1) throw new AggregateError(failures, `${failures.map(String).join("\n")}`);
    if (failures.length === 1) throw failures[0];
    device.trim();
    const leaked = device.ledger.read().buffers - before;
    if (leaked > 0) throw new AssertionError(`${leaked} GPU buffers were not given back`);
  });
}

/** A test that needs floats of 16 bits: where the adapter has none it says so, and passes. */
export function f16Test(name: string, body: (device: Device) => void | Promise<void>): void {
  gpuTest(name, async (device) => {
    if (device.capabilities.f16) await body(device);
    else console.log(`skipped: ${device.adapter.name} has no floats of 16 bits`);
  });
}

/** The same device, but without floats of 16 bits. Give its buffers back with `ledger.destroyAll()`. */
export function withoutF16(device: Device): Device {
  return new Device(device.gpu, device.adapter, { ...device.capabilities, f16: false });
}
