import { type Spread, spreadOf } from "../spread.ts";
import type { Workload } from "../workloads.ts";

/** What a child process writes once its first step is done. */
export const FIRST_STEP_DONE = "first step done";

/** Seconds from the start of a process to the numbers of its first training step. */
export interface FirstStepResult {
  /** Name of the workload. */
  readonly workload: string;
  /** Without any kernel compiled before. */
  readonly cold: Spread;
  /** With the driver's cache filled; missing where only the cold start was measured. */
  readonly warm?: Spread;
}

/**
 * Measures first steps in processes of their own. Cold ones have Mesa's cache of compiled kernels switched off
 * (`MESA_SHADER_CACHE_DISABLE`); warm ones share one that an unmeasured process has filled. Other drivers keep caches in
 * their own ways, so that with them both are warm.
 */
export async function measureFirstStep(
  { name }: Workload,
  { rounds, warm }: { rounds: number; warm: boolean },
): Promise<FirstStepResult> {
  const cold = await secondsOf(name, rounds, { MESA_SHADER_CACHE_DISABLE: "true" });
  if (!warm) return { workload: name, cold: spreadOf(cold) };
  const folder = await Deno.makeTempDir({ prefix: "bench-shader-cache-" });
  try {
    const cache = { MESA_SHADER_CACHE_DISABLE: "false", MESA_SHADER_CACHE_DIR: folder };
    await secondsOf(name, 1, cache);
    const filled = await secondsOf(name, rounds, cache);
    return { workload: name, cold: spreadOf(cold), warm: spreadOf(filled) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function secondsOf(workload: string, rounds: number, env: Record<string, string>): Promise<number[]> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) seconds.push(await runChild(workload, env));
  return seconds;
}

async function runChild(workload: string, env: Record<string, string>): Promise<number> {
  const script = new URL("./first_step_child.ts", import.meta.url).pathname;
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", decodeURIComponent(script), workload],
    env,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let seconds: number | undefined;
  const errors = new Response(child.stderr).text();
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (text.includes(FIRST_STEP_DONE)) seconds = (performance.now() - start) / 1000;
  }
  const { code } = await child.status;
  if (seconds === undefined || code !== 0) {
    throw new Error(`The process for the first step of ${workload} ended with code ${code}: ${await errors}`);
  }
  return seconds;
}
