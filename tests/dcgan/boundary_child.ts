/** A run that kills its own process at the nth file operation: `boundary_child.ts RUN STEPS N`. */
import { train } from "../../src/dcgan/train.ts";
import { openDevice } from "../../src/gpu/mod.ts";
import { FaultyFiles } from "../support/faulty_files.ts";

const [run, steps, at] = Deno.args;
using device = await openDevice();
using _files = new FaultyFiles(run!, { at: Number(at), fault: "kill" });
for await (const _ of train(device, { resume: run!, report: false, steps: Number(steps) }));
