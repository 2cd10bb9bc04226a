/** Holds the dense convolutions to the library's own, forward and gradients, on wasm. */
import { defaultDevice, grad, init, numpy as np } from "@jax-js/jax";
import { hostNormal } from "../../../src/gpu/random/host.ts";
import { denseConvolutions, ownConvolutions } from "./jax_convolutions.ts";

const TOLERANCE = 1e-5;

for (const kind of ["plain", "transposed"] as const) {
  Deno.test(`denseConvolutions.${kind}() agrees with the library's own`, async () => {
    await init("wasm");
    defaultDevice("wasm");
    const normal = (shape: number[], seed: number): np.Array => {
      return np.array(hostNormal(shape.reduce((a, b) => a * b), { seed }), { shape });
    };
    const gradients = async (convolutions: typeof ownConvolutions): Promise<Float32Array[]> => {
      const loss = (x: np.Array, weight: np.Array): np.Array =>
        np.square(convolutions[kind](x, weight, 2, 1)).mean();
      const weight = kind === "plain" ? [5, 3, 4, 4] : [3, 5, 4, 4];
      const found = grad(loss, { argnums: [0, 1] })(normal([2, 3, 8, 8], 1), normal(weight, 2));
      return await Promise.all(found.map(async (array: np.Array) => await array.data() as Float32Array));
    };
    const own = await gradients(ownConvolutions);
    const dense = await gradients(denseConvolutions);
    for (const [i, values] of own.entries()) {
      const off = values.reduce((most, value, at) => Math.max(most, Math.abs(value - dense[i]![at]!)), 0);
      const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      if (!(off <= TOLERANCE * size)) {
        throw new Error(`The gradient of argument ${i} is off by ${off / size}`);
      }
    }
  });
}
