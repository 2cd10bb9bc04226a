import { listRuns } from "../../../src/dcgan/runs/list_runs.ts";
import type { DamagedRun, RunSummary } from "../../../src/dcgan/runs/run_summary.ts";
import { host } from "../../../src/host/host.ts";
import type { KeptRun } from "../news.ts";
import { pathsIn, RUNS } from "./run_files.ts";

/** The runs that the browser keeps, those last written first. */
export async function keptRuns(): Promise<KeptRun[]> {
  return await Promise.all((await listRuns(RUNS)).map(keptRun));
}

/** The folder of a run that is kept. */
export function keptFolder(name: string): string {
  return `${RUNS}/${name}`;
}

async function keptRun(run: RunSummary | DamagedRun): Promise<KeptRun> {
  const { state, written } = run;
  const name = host().path.basename(run.run);
  const { step, steps } = run.state === "damaged"
    ? { step: 0, steps: 0 }
    : { step: run.step, steps: run.config.steps };
  return { name, state, step, steps, bytes: await bytesIn(run.run), written };
}

async function bytesIn(folder: string): Promise<number> {
  let sum = 0;
  // A run that trains in another tab may delete a file meanwhile
  for await (const path of pathsIn(folder)) {
    sum += await host().stat(`${folder}/${path}`).then(({ size }) => size, () => 0);
  }
  return sum;
}
