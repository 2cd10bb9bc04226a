/**
 * Looks for the best run in a folder, shows how it differs from the second, and draws from it.
 *
 *     deno run -A examples/sample_best_run.ts runs best.png
 */
import { compareRuns, type Device, openDevice, queryRuns, sample } from "@x/dcgan";

/** Draws from the run with the lowest sliced Wasserstein distance. Returns its folder. */
export async function sampleBestRun(device: Device, folder: string, out: string): Promise<string> {
  const { runs, damaged } = await queryRuns(folder, { where: ["swd>=0"], sort: "swd" });
  for (const { run, problem } of damaged) console.warn(`${run} was left out: ${problem}`);
  const [best, second] = runs;
  if (!best) throw new Error(`Cannot sample from ${folder}: none of its runs has scores`);
  console.log(`${best.run}: sliced Wasserstein distance ${best.values.swd}`);
  if (second) {
    const { options } = await compareRuns([best.run, second.run]);
    for (const { option, values } of options) console.log(`  ${option}: ${values.join(" instead of ")}`);
  }
  await sample(device, best.run, { from: "best", count: 64, seed: 7, out });
  return best.run;
}

if (import.meta.main) {
  const [folder = "runs", out = "best.png"] = Deno.args;
  using device = await openDevice();
  await sampleBestRun(device, folder, out);
}
