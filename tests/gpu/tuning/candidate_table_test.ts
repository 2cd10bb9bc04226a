import { assertEquals } from "@std/assert";
import { convolveWeightGradient } from "../../../src/gpu/contraction/convolve.ts";
import { formatVariant } from "../../../src/gpu/contraction/variants/variant.ts";
import { CandidateTable } from "../../../src/gpu/tuning/candidate_table.ts";
import { candidatesFor } from "../../../src/gpu/tuning/candidates.ts";
import { gpuTest } from "../../support/gpu.ts";
import { contractionsIn } from "./contractions_in.ts";

const G = {
  images: 2,
  height: 8,
  width: 8,
  inputs: 8,
  outHeight: 4,
  outWidth: 4,
  outputs: 8,
  kernelHeight: 4,
  kernelWidth: 4,
  stride: 2,
  padding: 1,
};

gpuTest("CandidateTable gives what the tuner may choose, and nothing else", (device) => {
  const contractions = contractionsIn(
    device,
    () => convolveWeightGradient(device.empty([2, 8, 8, 8]), device.empty([2, 4, 4, 8]), G),
  );
  const [signature, contraction] = [...contractions][0]!;
  const allowed = candidatesFor(device, contraction).map(formatVariant);
  allowed.push(allowed[0]!.replace(/splits \d+/, "splits 3"));
  for (const text of allowed) {
    assertEquals(new CandidateTable(device, new Map([[signature, text]])).get(signature, contraction), text);
  }
  const [standard] = allowed as [string];
  const others = [
    standard.replace(/splits \d+/, "splits 31"),
    standard.replace(/rows \d+/, "rows 4096"),
    standard.replace(/groups \d+/, "groups 2"),
    `${standard} `,
    "no variant",
    "",
  ];
  for (const text of others) {
    const table = new CandidateTable(device, new Map([[signature, text]]));
    assertEquals(table.get(signature, contraction), undefined, text);
    assertEquals([...table.refused], [[signature, text]]);
    assertEquals(table.get("something else", contraction), undefined);
    assertEquals(table.refused.size, 1, "only what was asked for");
  }
});
