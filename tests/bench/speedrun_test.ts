import { assert, assertEquals } from "@std/assert";
import { secondsInTurns } from "../../bench/runs/run_cost.ts";
import { formatSpeedrun, speedrun } from "../../bench/speedrun/speedrun.ts";
import { gpuTest } from "../support/gpu.ts";
import { withFolder } from "../support/temp_folder.ts";

const TINY = { size: 16, ngf: 4, ndf: 4, latent: 8, batch: 4 } as const;

gpuTest("speedrun() stops each run at the target, or gives it up", async (device) => {
  await withFolder(async (out) => {
    const entries = [{ name: "tiny", options: TINY }];
    const options = { data: "faces", seeds: [1, 2], scoreBy: "swd", every: 2, most: 4, timings: 1 } as const;
    const said: string[] = [];
    const say = (line: string) => void said.push(line);
    const [reached] = await speedrun(device, entries, { ...options, target: 1e6, out: `${out}/a` }, say);
    assertEquals(reached!.steps, [2, 2]);
    assert(reached!.secondsOfStep > 0);
    const hard = { ...options, seeds: [1], target: 1e-6, out: `${out}/b` };
    const rows = await speedrun(device, entries, hard, say);
    assertEquals(rows[0]!.steps, [undefined]);
    assert(rows[0]!.least.every((value) => value > 1 && value < 1e6));
    assertEquals([said[0]!.slice(0, 15), said.length], ["tiny, seed 1: 2", 3]);
    const row = { name: "tiny", secondsOfStep: 0.02, steps: [200, 300, undefined], least: [1, 2, 31] };
    const table = formatSpeedrun("an adapter", { ...hard, seeds: [1, 2, 3], target: 20 }, [row]);
    assert(table.endsWith("| tiny | 20.0 | 200, 300, none (31.0) | 6 |"), table);
  });
});

gpuTest("secondsInTurns() counts the work of each run to its end", async (device) => {
  const run = { ...TINY, data: "faces", scoreEvery: 0, sampleEvery: 0, checkpointEvery: 0 } as const;
  const [few, many] = await secondsInTurns(device, [{ ...run, steps: 2 }, { ...run, steps: 300 }]);
  assert(few! > 0, `${few}`);
  assert(many! > 2 * few!, `${few} and ${many}`);
});
