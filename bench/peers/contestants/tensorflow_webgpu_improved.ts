/** TensorFlow.js on WebGPU, with a faster filter gradient than its own. */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import { problemFromArguments } from "../problem.ts";
import { serve } from "../protocol.ts";
import { registerFilterGradient } from "./filter_gradient.ts";
import { openTensorflow } from "./tensorflow.ts";

await serve(async () => {
  await tf.setBackend("webgpu");
  registerFilterGradient();
  return openTensorflow(problemFromArguments());
});
