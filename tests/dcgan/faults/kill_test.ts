/** A run that is killed again and again, at any time, comes to the same bytes in the end as one that never was. */
import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { gpuTest } from "../../support/gpu.ts";
import { isLong } from "../../support/long_tests.ts";
import { randomValues } from "../../support/random.ts";
import { cheapScores } from "../cheap_scores.ts";
import { trainAll, treeOf } from "../run_trees.ts";
import { withFolder } from "../tiny.ts";
import { options } from "./undisturbed.ts";

/** Runs, and how often each is killed. */
const [RUNS, KILLS] = isLong ? [6, 6] : [1, 3];

/** Steps of a run: more than it comes to before it is killed for the last time, as each child does this many events. */
const EVENTS = 25;
const STEPS = KILLS * EVENTS + 20;

/** Runs a child until it has said some events and a few milliseconds have passed, and kills it. Returns what it said. */
async function killAfter(run: string, events: number, delay: number): Promise<string[]> {
  const child = fileURLToPath(new URL("./kill_child.ts", import.meta.url));
  const args = ["run", "-A", "--no-check", child, run, `${STEPS}`];
  await using process = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "inherit" })
    .spawn();
  const said: string[] = [];
  let rest = "";
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    said.push(...lines);
    if (said.length < events) continue;
    await new Promise((go) => setTimeout(go, delay));
    break;
  }
  process.kill("SIGKILL");
  assertEquals((await process.status).signal, "SIGKILL", said.join(", "));
  return said;
}

gpuTest("train() comes to the same bytes however often it is killed", async (device) => {
  await withFolder(async (folder) => {
    using _scores = cheapScores(options);
    const more = isLong ? "" : " (DCGAN_LONG_TESTS=1 tries more)";
    console.log(`kills ${RUNS === 1 ? "one run" : `each of ${RUNS} runs`} ${KILLS} times${more}`);
    const whole: TrainOptions = { ...options, steps: STEPS, out: `${folder}/whole` };
    assertEquals(await trainAll(device, whole), { warnings: [], error: undefined });
    const expected = await treeOf(whole.out!);
    for (let number = 1; number <= RUNS; number++) {
      const run = `${folder}/run-${number}`;
      const random = randomValues(2 * KILLS, number, [0, 1]);
      const reached: string[] = [];
      for (let kill = 0; kill < KILLS; kill++) {
        const said = await killAfter(run, Math.ceil(random[2 * kill]! * EVENTS), random[2 * kill + 1]! * 40);
        reached.push(said.at(-1)!);
      }
      const what = `run ${number}, killed after ${reached.join(", ")}`;
      console.log(what);
      const isSaved = await Deno.stat(`${run}/checkpoints`).then(() => true, () => false);
      const { error } = await trainAll(
        device,
        isSaved ? { resume: run } : { ...whole, out: run },
      );
      assertEquals(error, undefined, what);
      const found = await treeOf(run);
      assertEquals([...found.keys()], [...expected.keys()], what);
      for (const [name, bytes] of expected) {
        if (name !== "config.json") assert(found.get(name) === bytes, `${what}: ${name} differs`);
      }
    }
  });
});
