/** Runs in which the GPU fails once: they go on with a warning or end with an error, and nothing is lost. */
import { assertGreater } from "@std/assert";
import { openDevice } from "../../../src/gpu/mod.ts";
import { FaultyGpu, type GpuFault, type GpuOperation } from "../../support/faulty_gpu.ts";
import { spread } from "../../support/long_tests.ts";
import { cheapScores } from "../cheap_scores.ts";
import { trainAll } from "../run_trees.ts";
import { withFolder } from "../tiny.ts";
import { options, type Outcome, resumeDisturbed, trainUndisturbed } from "./undisturbed.ts";

/** What fails, how, and how many of each are tried where not all are. */
const FAULTS: readonly (readonly [GpuOperation, GpuFault, number])[] = [
  ["createBuffer", "throws", 2],
  ["createBuffer", "reports", 3],
  ["submit", "throws", 2],
  ["submit", "reports", 4],
  ["mapAsync", "throws", 3],
];

Deno.test("train() loses nothing if the GPU fails once, whatever it was doing", async () => {
  await withFolder(async (folder) => {
    // Of its own: other tests are to keep their buffers
    using device = await openDevice();
    using _scores = cheapScores(options);
    const undisturbed = await trainUndisturbed(device, folder);
    const run = `${folder}/run`;
    const counts: Partial<Record<Outcome | "warned" | "stopped" | "silent", number>> = {};
    const count = (what: keyof typeof counts): void => void (counts[what] = (counts[what] ?? 0) + 1);
    for (const [operation, fault, most] of FAULTS) {
      const counted = new FaultyGpu(device, { operation });
      {
        using _gpu = counted;
        await trainAll(device, { ...options, out: run });
      }
      await Deno.remove(run, { recursive: true });
      assertGreater(counted.count, 20);
      const places = Array.from({ length: counted.count }, (_, i) => i + 1);
      for (const at of spread(places, most, `${operation}, which ${fault}`)) {
        const what = `${operation} ${at} ${fault}`;
        let result: Awaited<ReturnType<typeof trainAll>>;
        {
          using _gpu = new FaultyGpu(device, { operation, at, fault });
          result = await trainAll(device, { ...options, out: run });
        }
        // What was reported after the run has ended is no failure of the next one
        await device.settled().catch((error) => result.warnings.push(error.message));
        const said = [...result.warnings, ...result.error ? [result.error.message] : []];
        count(result.error ? "stopped" : said.length > 0 ? "warned" : "silent");
        count(await resumeDisturbed(device, run, undisturbed, { said, what }));
        await Deno.remove(run, { recursive: true }).catch(() => {});
      }
    }
    console.log(JSON.stringify(counts));
  });
});
