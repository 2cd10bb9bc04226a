import { run } from "./run.ts";

/** The name by which the Vulkan loader knows the layer. */
export const LAYER = "VK_LAYER_DCGAN_pipeline_log";

/** Compiles the Vulkan layer that writes down what drivers make of kernels, with the manifest that the loader reads. */
export async function buildLayer(folder: string): Promise<void> {
  const sources = ["pipeline_log.c", "null_device.c"].map((name) => new URL(name, import.meta.url).pathname);
  const library = `${folder}/libpipeline_log.so`;
  await run("gcc", ["-std=gnu11", "-O1", "-shared", "-fPIC", "-o", library, ...sources]);
  const negotiate = "vkNegotiateLoaderLayerInterfaceVersion";
  const layer = {
    name: LAYER,
    type: "GLOBAL",
    library_path: library,
    api_version: "1.3.0",
    implementation_version: "1",
    description: "Writes down what a driver makes of pipelines",
    functions: { [negotiate]: negotiate },
  };
  await Deno.writeTextFile(
    `${folder}/pipeline_log.json`,
    JSON.stringify({ file_format_version: "1.2.0", layer }),
  );
}
