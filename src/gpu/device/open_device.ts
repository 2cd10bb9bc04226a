import { describeAdapter, requestAdapter } from "./adapter.ts";
import { Device } from "./device.ts";
import { probeCapabilities, requestDevice } from "./probe.ts";

/**
 * Opens the GPU: asks for the adapter, a device with all it can give, and tries what it can do.
 *
 * @throws {AdapterNotFoundError} saying what to install, if there is no adapter.
 */
export async function openDevice(): Promise<Device> {
  const adapter = await requestAdapter();
  const facts = describeAdapter(adapter);
  const gpu = await requestDevice(adapter, facts);
  return new Device(gpu, facts, await probeCapabilities(gpu, facts));
}
