/** Holds the filter gradient to TensorFlow.js's own, on the backends that have one. */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import { filterGradient } from "./filter_gradient.ts";

const TOLERANCE = 1e-5;

const cases: readonly {
  readonly x: [number, number, number, number];
  readonly k: number;
  readonly outputs: number;
  readonly stride: number;
  readonly pad: number | "valid" | "same";
}[] = [
  { x: [3, 8, 8, 5], k: 4, outputs: 6, stride: 2, pad: 1 },
  { x: [2, 16, 16, 3], k: 4, outputs: 8, stride: 2, pad: "same" },
  { x: [4, 4, 4, 7], k: 4, outputs: 1, stride: 1, pad: 0 },
  { x: [2, 9, 9, 2], k: 3, outputs: 3, stride: 2, pad: "valid" },
  { x: [2, 8, 8, 2], k: 3, outputs: 3, stride: 2, pad: 0 },
];

for (const backend of ["cpu", "webgpu"]) {
  Deno.test({
    name: `filterGradient() agrees with the library's own on ${backend}`,
    // The library keeps its device and timers.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await tf.setBackend(backend);
      for (const { x: shape, k, outputs, stride, pad } of cases) {
        const x = tf.randomNormal(shape, 0, 1, "float32", 1) as tf.Tensor4D;
        const filter = tf.randomNormal([k, k, shape[3], outputs], 0, 1, "float32", 2) as tf.Tensor4D;
        const own = tf.grad((weight: tf.Tensor) => {
          const y = tf.conv2d(x, weight as tf.Tensor4D, stride, pad);
          return y.square().mul(0.5);
        })(filter);
        const dy = tf.conv2d(x, filter, stride, pad);
        const found = filterGradient(x, dy, filter.shape, { strides: stride, pad, dataFormat: "NHWC" });
        const [difference] = await tf.max(tf.abs(found.sub(own))).data();
        const [size] = await tf.max(tf.abs(own)).data();
        if (!(difference! <= TOLERANCE * size!)) {
          throw new Error(`The filter gradient of ${JSON.stringify(shape)} is off by ${difference! / size!}`);
        }
      }
    },
  });
}
