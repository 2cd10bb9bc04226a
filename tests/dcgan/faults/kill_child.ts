/** Begins the run of the fault tests, or resumes it, and says each event in a line: `kill_child.ts RUN STEPS`. */
import { train } from "../../../src/dcgan/train.ts";
import { openDevice } from "../../../src/gpu/mod.ts";
import { checkpointsIn } from "../../../src/dcgan/checkpoints/checkpoint_files.ts";
import { cheapScores } from "../cheap_scores.ts";
import { brief } from "../tiny.ts";
import { options } from "./undisturbed.ts";

const [run, steps] = Deno.args;
using device = await openDevice();
using _scores = cheapScores(options);
const isThere = (await checkpointsIn(`${run}/checkpoints`)).length > 0;
const given = isThere ? { resume: run!, report: false } : { ...options, out: run! };
for await (const event of train(device, { ...given, steps: Number(steps) })) console.log(brief(event));
