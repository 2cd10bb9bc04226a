/** Runs in which one file operation fails: they go on with a warning or end with an error, and nothing is lost. */
import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { FaultyFiles } from "../../support/faulty_files.ts";
import { gpuTest } from "../../support/gpu.ts";
import { spread } from "../../support/long_tests.ts";
import { cheapScores } from "../cheap_scores.ts";
import { trainAll } from "../run_trees.ts";
import { withFolder } from "../tiny.ts";
import { options, type Outcome, resumeDisturbed, trainUndisturbed } from "./undisturbed.ts";

/** What fails, and how many of each are tried where not all are. */
const KINDS = { write: 4, sync: 4, rename: 4, mkdir: 2 } as const;

gpuTest("train() loses nothing if any of a run's file operations fails, whichever it is", async (device) => {
  await withFolder(async (folder) => {
    using _scores = cheapScores(options);
    const undisturbed = await trainUndisturbed(device, folder);
    const run = `${folder}/run`;
    const counted = new FaultyFiles(run);
    {
      using _files = counted;
      await trainAll(device, { ...options, out: run });
    }
    await Deno.remove(run, { recursive: true });
    const counts: Partial<Record<Outcome | "warned" | "stopped" | "silent", number>> = {};
    const count = (what: keyof typeof counts): void => void (counts[what] = (counts[what] ?? 0) + 1);
    for (const [kind, most] of Object.entries(KINDS)) {
      const places = counted.log.flatMap((operation, i) => operation.startsWith(`${kind} `) ? [i + 1] : []);
      assertGreater(places.length, 4);
      for (const at of spread(places, most, `operations of the kind ${kind}`)) {
        const what = `fails at ${at}: ${counted.log[at - 1]}`;
        const files = new FaultyFiles(run, { at, fault: "fails" });
        let result: Awaited<ReturnType<typeof trainAll>>;
        {
          using _files = files;
          result = await trainAll(device, { ...options, out: run });
        }
        assert(files.isDone, what);
        const said = [...result.warnings, ...result.error ? [result.error.message] : []];
        for (const message of said) assertMatch(message, /Cannot|is not written|No space left/, what);
        count(result.error ? "stopped" : said.length > 0 ? "warned" : "silent");
        count(await resumeDisturbed(device, run, undisturbed, { said, what }));
        await Deno.remove(run, { recursive: true }).catch(() => {});
      }
    }
    console.log(JSON.stringify(counts));
    assertEquals(counts.resumed !== undefined, true);
  });
});
