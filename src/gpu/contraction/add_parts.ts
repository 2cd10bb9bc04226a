import { activationDeclaration, slopeOf } from "../kernel/activation.ts";
import { loopIterations } from "../kernel/iterations.ts";
import { linearGrid } from "../kernel/kernel.ts";
import { each, f32, read, runKernel, u32, update, write } from "../kernel/run_kernel.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { range } from "./kernels/unroll.ts";
import { gateDeclaration, gatedValue } from "./gate.ts";
import type { Contraction } from "./sums/contraction.ts";

/** Parts that a thread loads before it adds them up, so that it waits for memory once. */
export const PARTS_AT_ONCE = 8;

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
  const rest = splits % PARTS_AT_ONCE;
  const add = (first: string, number: number) =>
    [
      ...range(number).map((i) => `let part${i} = parts[(${first} + ${i}u) * params.count + index];`),
      `sum = ${range(number).reduce((sum, i) => `(${sum} + part${i})`, "sum")};`,
    ].join("\n    ");
  runKernel(output.device, {
    label: "add parts",
    buffers: {
      parts: read(parts, "array<f32>"),
      ...(bias ? { bias: read(bias, "array<f32>") } : {}),
      ...(gate ? { gate: read(gate.of, "f32") } : {}),
      output: target,
    },
    uniforms: {
      ...each(u32, { count, rounds: splits - rest, columns }),
      slope: f32(slopeOf(activation ?? gate?.activation)),
    },
    grid: linearGrid(count),
    declarations: activation ? activationDeclaration(activation) : gate ? gateDeclaration(gate) : "",
    facts: bias || activation || gate || accumulate ? {} : { sums: splits },
    iterations: loopIterations((splits - rest) / PARTS_AT_ONCE),
    body: `  if (index >= params.count) { return; }
  var sum = ${accumulate ? target.load("output[index]") : "0.0"};
  for (var first = 0u; first < params.rounds; first += ${PARTS_AT_ONCE}u) {
    ${add("first", PARTS_AT_ONCE)}
  }
  ${rest > 0 ? add("params.rounds", rest) : ""}
  output[index] = ${target.store(finished)};`,
  });
}
