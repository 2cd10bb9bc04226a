import { fileURLToPath } from "node:url";
import { createGenerator } from "../../src/dcgan/networks/generator.ts";
import { openDevice } from "../../src/gpu/mod.ts";
import { encodeSafetensors, Network, stateDict } from "../../src/nn/mod.ts";
import { workloadNamed } from "../workloads.ts";

const CLI = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** Writes the generator of a workload with its first weights: speed does not depend on what it has learned. */
export async function writeGenerator(workload: string, path: string): Promise<void> {
  using device = await openDevice();
  using generator = new Network(device, createGenerator(workloadNamed(workload).config), { seed: 1 });
  await Deno.writeFile(path, encodeSafetensors(await stateDict(generator)));
}

/** `serve` in a process of its own. */
export interface ServedProcess extends AsyncDisposable {
  /** Its address. */
  readonly url: string;
}

/**
 * Starts `serve`.
 *
 * @param permissions What the process may do. If it may not read the module itself, it serves in its one
 * thread.
 */
export async function startServe(path: string, permissions: readonly string[]): Promise<ServedProcess> {
  const args = [
    "run",
    "--no-prompt",
    "--no-check",
    ...permissions,
    CLI,
    "serve",
    path,
    "--port",
    "0",
    "--json",
  ];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "inherit" }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  if (value === "") throw new Error(`serve ended with code ${(await child.status).code} before it listened`);
  return {
    url: JSON.parse(value).url,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await reader.cancel();
      await child.status;
    },
  };
}
