import * as tf from "@tensorflow/tfjs";

/** Attributes of the convolutions that TensorFlow.js differentiates. */
interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number;
  readonly dataFormat: "NHWC";
}

/**
 * The gradient of a convolution's filter as a convolution forward: of the input with batch and channels swapped, by the
 * output's gradient, whose strides become dilations. TensorFlow.js has no such gradient on wasm, and a slow one on WebGPU.
 */
export function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  [height, width]: [number, number, number, number],
  { strides, pad }: Attributes,
): tf.Tensor4D {
  return tf.tidy(() => {
    const filterShape: [number, number, number, number] = [height, width, x.shape[3], dy.shape[3]];
    const { padInfo, strideHeight, strideWidth } = tf.backend_util.computeConv2DInfo(
      x.shape,
      filterShape,
      strides,
      1,
      pad,
    );
    const { top, bottom, left, right } = padInfo;
    const padding: tf.backend_util.ExplicitPadding = [[0, 0], [top, bottom], [left, right], [0, 0]];
    const found = tf.conv2d(
      x.transpose([3, 1, 2, 0]) as tf.Tensor4D,
      dy.transpose([1, 2, 0, 3]) as tf.Tensor4D,
      1,
      padding,
      "NHWC",
      [strideHeight, strideWidth],
    );
    // Where the stride leaves a rest at the input's end, the convolution gives more places than the filter has.
    const [inputs, , , outputs] = found.shape;
    const whole = found.shape[1] === height && found.shape[2] === width;
    const filter = whole ? found : found.slice([0, 0, 0, 0], [inputs, height, width, outputs]);
    return filter.transpose([1, 2, 0, 3]) as tf.Tensor4D;
  });
}

/** Has TensorFlow.js use {@linkcode filterGradient} for convolutions and transposed convolutions. */
export function registerFilterGradient(): void {
  const attributes = (given: tf.NamedAttrMap): Attributes => given as unknown as Attributes;
  tf.unregisterGradient("Conv2D");
  tf.registerGradient({
    kernelName: "Conv2D",
    inputsToSave: ["x", "filter"],
    gradFunc(gradient, [x, filter], given) {
      const dy = gradient as tf.Tensor4D;
      const input = x as tf.Tensor4D;
      const weight = filter as tf.Tensor4D;
      const { strides, pad } = attributes(given);
      return {
        // The input's gradient is what TensorFlow.js calls a transposed convolution
        x: () => tf.conv2dTranspose(dy, weight, input.shape, strides, pad),
        filter: () => filterGradient(input, dy, weight.shape, attributes(given)),
      };
    },
  });
  tf.unregisterGradient("Conv2DBackpropInput");
  tf.registerGradient({
    kernelName: "Conv2DBackpropInput",
    inputsToSave: ["dy", "filter"],
    gradFunc(gradient, [input, filter], given) {
      const ddx = gradient as tf.Tensor4D;
      const dy = input as tf.Tensor4D;
      const weight = filter as tf.Tensor4D;
      const { strides, pad } = attributes(given);
      return {
        dy: () => tf.conv2d(ddx, weight, strides, pad),
        filter: () => filterGradient(ddx, dy, weight.shape, attributes(given)),
      };
    },
  });
}
