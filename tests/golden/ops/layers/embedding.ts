import { embedding } from "../../../../src/gpu/mod.ts";
import { differentiate, type Run } from "../differentiate.ts";

/** Rows of a table. */
export const embeddings: Readonly<Record<string, Run>> = {
  embedding: (device, golden) => {
    const index = golden.tensors.get("input.index");
    if (index?.dtype !== "I64") throw new Error("The case has no whole numbers 'input.index'");
    const rows = device.tensor(Array.from(index.data, Number), { shape: index.shape, dtype: "u32" });
    return differentiate(device, golden, {
      halves: ["weight"],
      forward: ({ weight }) => ({ y: embedding(weight!, rows) }),
    });
  },
};
