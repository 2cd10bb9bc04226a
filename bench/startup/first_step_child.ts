/**
 * One process of the measurement of first steps: opens the GPU, makes the networks of the workload that its argument
 * names, trains one step, reads its numbers, and says that it has them.
 */
import "../../src/host/on_native.ts";
import { Trainer } from "../../src/dcgan/trainer.ts";
import { openDevice } from "../../src/gpu/mod.ts";
import { FIRST_STEP_DONE } from "./first_step.ts";
import { anyPixels } from "../training.ts";
import { workloadNamed } from "../workloads.ts";

const { config } = workloadNamed(Deno.args[0] ?? "");
using device = await openDevice();
using trainer = new Trainer(device, config);
trainer.step(anyPixels(config));
const [numbers] = await trainer.metrics();
if (!Number.isFinite(numbers?.generatorLoss)) throw new Error("The first step gave no finite loss");
console.log(FIRST_STEP_DONE);
