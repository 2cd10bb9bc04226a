import { describeAdapter, requestAdapter } from "../../src/gpu/device/adapter.ts";
import { Device } from "../../src/gpu/device/device.ts";
import { probeCapabilities, requestDevice } from "../../src/gpu/device/probe.ts";

/** Opens the browser's GPU. */
export async function openGpu(): Promise<Device> {
  const adapter = await requestAdapter();
  // Without the system's name, which only Deno tells, nothing of Deno's is asked
  const facts = describeAdapter(adapter, "linux");
  const gpu = await requestDevice(adapter, facts);
  return new Device(gpu, facts, await probeCapabilities(gpu, facts));
}
