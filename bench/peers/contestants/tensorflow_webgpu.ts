/** TensorFlow.js on WebGPU, as it comes. */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import { problemFromArguments } from "../problem.ts";
import { serve } from "../protocol.ts";
import { openTensorflow } from "./tensorflow.ts";

await serve(async () => {
  await tf.setBackend("webgpu");
  return openTensorflow(problemFromArguments());
});
