import { convTranspose2d } from "../../../src/gpu/mod.ts";
import { convTranspose2dReference } from "../../oracles/products.ts";
import { checkOp } from "../../support/check_op.ts";
import { gpuTest } from "../../support/gpu.ts";

/** Extents of a transposed convolution with a stride of 2 that doubles the pixels. */
function doubling(size: number, from: number, to: number) {
  return {
    images: 2,
    height: 2 * size,
    width: 2 * size,
    inputs: to,
    outHeight: size,
    outWidth: size,
    outputs: from,
    kernelHeight: 4,
    kernelWidth: 4,
    stride: 2,
    padding: 1,
  };
}

for (const activation of [{ type: "leaky_relu", slope: 0.2 }, { type: "relu" }, { type: "tanh" }] as const) {
  gpuTest(`gradients pass ${activation.type} in a sum whose operands are read one by one`, async (device) => {
    const activated = (z: number) =>
      activation.type === "tanh" ? Math.tanh(z) : z > 0 ? z : activation.type === "relu" ? 0 : 0.2 * z;
    await checkOp(device, {
      inputs: {
        x: { shape: [2, 2, 2, 4] },
        first: { shape: [4, 4, 8, 4] },
        last: { shape: [4, 4, 3, 8] },
      },
      shape: [2, 8, 8, 3],
      op: ({ x, first, last }) => {
        const options = { stride: 2, padding: 1 };
        return convTranspose2d(convTranspose2d(x, first, { ...options, activation }), last, options);
      },
      reference: ({ x, first, last }) => {
        const hidden = convTranspose2dReference(x, first, doubling(2, 4, 8)).map(activated);
        return convTranspose2dReference(Float64Array.from(hidden), last, doubling(4, 8, 3));
      },
      tolerance: { relative: 1e-3, absolute: 1e-3 },
    });
  });
}
