/** Runs the bundle in Bun with Dawn. Arguments: the bundle, what to run as JSON, and the package `bun-webgpu`. */
import { readFile } from "node:fs/promises";
import process from "node:process";

/** Limits that `bun-webgpu` 0.1.7 asks for though it knows that there is none of them. */
const UNKNOWN = [
  "maxImmediateSize",
  "maxStorageBuffersInVertexStage",
  "maxStorageTexturesInVertexStage",
  "maxStorageBuffersInFragmentStage",
  "maxStorageTexturesInFragmentStage",
];

const [bundle = "", task = "", webgpu = ""] = process.argv.slice(2);
const { setupGlobals } = await import(webgpu);
await setupGlobals();
const { requestAdapter } = navigator.gpu;
navigator.gpu.requestAdapter = async (options) => {
  const adapter = await requestAdapter.call(navigator.gpu, options);
  const requestDevice = adapter?.requestDevice.bind(adapter);
  const none = Object.fromEntries(UNKNOWN.map((limit) => [limit, 0]));
  return adapter && Object.assign(adapter, {
    requestDevice: (descriptor: GPUDeviceDescriptor = {}) =>
      requestDevice!({ ...descriptor, requiredLimits: { ...none, ...descriptor.requiredLimits } }),
  });
};
const { path, ids } = JSON.parse(task);
const { runGolden } = await import(bundle);
await runGolden(
  { path, ids },
  async (name: string) => new Uint8Array(await readFile(`${path}/${name}`)),
  (line: unknown) => console.log(JSON.stringify(line)),
);
process.exit();
