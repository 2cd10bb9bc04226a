import { describeAdapter, requestAdapter } from "./adapter.ts";
import { Device } from "./device.ts";
import { probeCapabilities, requestDevice } from "./probe.ts";

/**
 * Opens the GPU: requests the adapter and a device with all its features, and probes its capabilities.
 *
 * @throws {AdapterNotFoundError} saying what to install, if there is no adapter.
 */
export async function openDevice(): Promise<Device> {
  const adapter = await requestAdapter();
  const facts = describeAdapter(adapter);
  const gpu = await requestDevice(adapter, facts);
  return new Device(gpu, facts, await probeCapabilities(gpu, facts));
}
