import type { Kernel } from "../../../src/gpu/kernel/kernel.ts";
import { LAYER } from "../drivers/layer.ts";
import { driverManifest } from "../drivers/needs.ts";
import { run } from "../drivers/run.ts";
import type { Compiler } from "./compilers.ts";
import type { CompileResult } from "./statistics.ts";

/** What a driver made of kernels. */
export interface Compiled {
  /** The card that the driver believes in, and the driver's version. */
  readonly device: { readonly device: string; readonly driver: string };
  /** What came of each kernel, in order. */
  readonly results: readonly CompileResult[];
}

/** Where what was built for compiling is. */
export interface Tools {
  /** Folder of the layer, and of files that are exchanged with child processes. */
  readonly folder: string;
  /** The stub of Intel's kernel driver, for its compilers. */
  readonly intelStub?: string;
}

/** Compiles kernels by a driver, in a process of its own, as each process opens one driver only. */
export async function compileKernels(
  compiler: Compiler,
  kernels: readonly Kernel[],
  { folder, intelStub }: Tools,
): Promise<Compiled> {
  const manifest = driverManifest(compiler.driver);
  if (!manifest) throw new Error(`Mesa's driver ${compiler.driver} is missing`);
  const [given, found, log] = ["kernels.json", "results.json", "log"].map((name) => `${folder}/${name}`) as [
    string,
    string,
    string,
  ];
  await Deno.writeTextFile(given, JSON.stringify(kernels));
  await Deno.writeTextFile(log, "");
  const child = new URL("./compile_child.ts", import.meta.url).pathname;
  await run(Deno.execPath(), ["run", "-A", child, given, found], {
    env: {
      ...compiler.environment,
      ...(compiler.driver === "radeon" ? { NULL_DEVICE: "1" } : { LD_PRELOAD: intelStub! }),
      // The newer name of the variable counts more, and may be set already
      VK_DRIVER_FILES: manifest,
      VK_ICD_FILENAMES: manifest,
      VK_LAYER_PATH: folder,
      VK_INSTANCE_LAYERS: LAYER,
      DENO_WEBGPU_BACKEND: "vulkan",
      MESA_SHADER_CACHE_DISABLE: "true",
      PIPELINE_LOG: log,
      XDG_RUNTIME_DIR: folder,
    },
  });
  return JSON.parse(await Deno.readTextFile(found));
}
