import { abs, exp, log, neg, sqrt, square } from "../../../src/gpu/mod.ts";
import { POINTWISE_REFERENCES } from "../../oracles/elementwise.ts";
import { checkOp } from "../../support/check_op.ts";
import { gpuTest } from "../../support/gpu.ts";

for (const [name, op] of Object.entries({ neg, abs, square, sqrt, exp, log })) {
  const reference = POINTWISE_REFERENCES[name as keyof typeof POINTWISE_REFERENCES];
  gpuTest(`${name}() agrees with its reference, forward and gradient`, async (device) => {
    const range = name === "sqrt" || name === "log" ? [0.1, 3] as const : [-3, 3] as const;
    for (const shape of [[], [5], [3, 7]]) {
      await checkOp(device, {
        inputs: { x: { shape, range } },
        halves: ["x"],
        op: ({ x }) => op(x),
        reference: ({ x }) => x.map(reference),
      });
    }
  });
}
