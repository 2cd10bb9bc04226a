/** TensorFlow.js on wasm, with the filter gradient that it lacks. */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { problemFromArguments } from "../problem.ts";
import { serve } from "../protocol.ts";
import { registerFilterGradient } from "./filter_gradient.ts";
import { openTensorflow } from "./tensorflow.ts";

await serve(async () => {
  await tf.setBackend("wasm");
  registerFilterGradient();
  return openTensorflow(problemFromArguments());
});
