import { activationDeclaration, slopeOf } from "../kernel/activation.ts";
import { linearGrid } from "../kernel/kernel.ts";
import { each, f32, read, runKernel, u32, update, write } from "../kernel/run_kernel.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { gateDeclaration, gatedValue } from "./gate.ts";
import { addingParts, partsInRounds, partsIterations } from "./parts_sum.ts";
import type { Contraction } from "./sums/contraction.ts";

/** Adds the parts of a split sum up, in order, and finishes the sums. */
export function addParts(
  { output, columns, bias, activation, gate, accumulate = false }: Contraction,
  parts: Tensor,
  splits: number,
): void {
  const target = (accumulate ? update : write)(output, "f32");
  const total = bias ? "sum + bias[index % params.columns]" : "sum";
  const finished = activation
    ? `activate(vec4f(${total})).x`
    : gate
    ? gatedValue(total, "index", "f32", gate, output)
    : total;
  const count = output.size;
  runKernel(output.device, {
    label: "add parts",
    buffers: {
      parts: read(parts, "array<f32>"),
      ...(bias ? { bias: read(bias, "array<f32>") } : {}),
      ...(gate ? { gate: read(gate.of, "f32") } : {}),
      output: target,
    },
    uniforms: {
      ...each(u32, { count, rounds: partsInRounds(splits), columns }),
      slope: f32(slopeOf(activation ?? gate?.activation)),
    },
    grid: linearGrid(count),
    declarations: activation ? activationDeclaration(activation) : gate ? gateDeclaration(gate) : "",
    facts: bias || activation || gate || accumulate ? {} : { sums: { parts: splits, size: count } },
    iterations: partsIterations(splits),
    body: `  if (index >= params.count) { return; }
  var sum = ${accumulate ? target.load("output[index]") : "0.0"};
${addingParts(splits, "params.rounds", (part) => `parts[${part} * params.count + index]`)}
  output[index] = ${target.store(finished)};`,
  });
}
