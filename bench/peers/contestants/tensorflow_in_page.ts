/** TensorFlow.js on WebGPU in a page, with a faster filter gradient than its own, if that is wished. */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import type { Problem } from "../problem.ts";
import type { Contestant } from "../protocol.ts";
import { registerFilterGradient } from "./filter_gradient.ts";
import { openTensorflow } from "./tensorflow.ts";

/** Opens it. */
export async function open(problem: Problem, improved: boolean): Promise<Contestant> {
  await tf.setBackend("webgpu");
  if (improved) registerFilterGradient();
  return openTensorflow(problem);
}
