import { printAsText } from "../gpu/tensor/print_as_text.ts";
import { defineKernel, linearGrid } from "../gpu/kernel/kernel.ts";
import { memoryOf } from "../gpu/kernel/float_memory.ts";
import type { Device, Tensor } from "../gpu/mod.ts";
import { sliceRow } from "./weights/row_slices.ts";

/**
 * How much larger than the true ones the gradients are at first, and at most, in a network of f16: moves them up from
 * where floats of 16 bits run out of digits (6e-5) and end (6e-8), with room left to their largest (65504).
 */
export const F16_GRADIENT_SCALE = 1024;

/** Updates without an overflow after which the scale is doubled again, as in PyTorch's `GradScaler`. */
const GROWTH_INTERVAL = 2000;

/** Places in the row of {@linkcode GradientScaling.values}. */
export const SCALING = { scale: 0, share: 1, calm: 2, skip: 3 } as const;

/** `calm` counts from the second step on: before the first there is nothing to judge. */
const adapt = /* @__PURE__ */ defineKernel({
  label: "adapt gradient scale",
  bindings: { scaling: ["update", "array<f32>"] },
  workgroup: 1,
  body: `  if (scaling[${SCALING.skip}] != 0.0) {
    scaling[${SCALING.scale}] *= 0.5;
    scaling[${SCALING.share}] *= 2.0;
    scaling[${SCALING.calm}] = 0.0;
  } else if (scaling[${SCALING.calm}] + 1.0 < ${GROWTH_INTERVAL}.0) {
    scaling[${SCALING.calm}] += 1.0;
  } else {
    if (scaling[${SCALING.scale}] < ${F16_GRADIENT_SCALE}.0) {
      scaling[${SCALING.scale}] *= 2.0;
      scaling[${SCALING.share}] *= 0.5;
    }
    scaling[${SCALING.calm}] = 0.0;
  }
  scaling[${SCALING.skip}] = 0.0;`,
});

/**
 * Gradients that overflow without a scale are left to the optimizer's checks.
 */
const settle = /* @__PURE__ */ defineKernel({
  label: "settle gradient overflow",
  bindings: { overflow: ["update", "array<u32>"], scaling: ["update", "array<f32>"] },
  workgroup: 1,
  body: `  let skip = overflow[0] != 0u && scaling[${SCALING.scale}] > 1.0;
  scaling[${SCALING.skip}] = select(0.0, 1.0, skip);
  overflow[0] = 0u;`,
});

/**
 * Scales the gradients of a network of f16 as PyTorch's `GradScaler` does: if one overflows, the update is skipped
 * and the scale halved; after 2000 updates without that it is doubled again, up to {@linkcode F16_GRADIENT_SCALE}.
 */
export class GradientScaling implements Disposable {
  static #printed = /* @__PURE__ */ printAsText(GradientScaling);
  /**
   * `[4]`: the scale, one divided by it, updates since it last changed, and 1 if the last update was skipped, else 0.
   * All that the next step depends on.
   */
  readonly values: Tensor;
  /** The scale of the gradients of the present update, a scalar. */
  readonly scale: Tensor;
  #overflow: Tensor;

  /** At its largest. */
  constructor(device: Device) {
    this.values = device.state([Object.keys(SCALING).length]);
    this.values.set([F16_GRADIENT_SCALE, 1 / F16_GRADIENT_SCALE, 0, 0]);
    this.scale = device.slice(this.values, SCALING.scale, []);
    this.#overflow = device.state([1], "u32");
  }

  /** The scale for the gradients that come next, a scalar: first follows from how the last ones were. */
  next(): Tensor {
    const { device } = this.values;
    device.launch(adapt, { scaling: this.values }, {}, [1, 1, 1]);
    return this.scale;
  }

  /** Finds out whether a row of gradients has an overflow in it, so that its update is skipped. */
  judge(gradients: Tensor): void {
    const { device } = gradients;
    const { array, load } = memoryOf(gradients, "vec4f");
    const kernel = defineKernel({
      label: "find gradient overflow",
      bindings: { gradients: ["read", array], overflow: ["update", "array<atomic<u32>>"] },
      uniforms: { quads: "u32" },
      body: `  if (index >= params.quads) { return; }
  let size = bitcast<vec4u>(${load("gradients[index]")}) & vec4u(0x7fffffffu);
  if (any(size >= vec4u(0x7f800000u))) { atomicOr(&overflow[0], 1u); }`,
    });
    for (const part of sliceRow(gradients)) {
      const quads = Math.ceil(part.size / 4);
      device.launch(kernel, { gradients: part, overflow: this.#overflow }, { quads }, linearGrid(quads));
    }
    device.launch(settle, { overflow: this.#overflow, scaling: this.values }, {}, [1, 1, 1]);
  }

  /** Frees its memory. */
  [Symbol.dispose](): void {
    this.values.dispose();
    this.#overflow.dispose();
  }

  /** What it is, in short: `GradientScaling on llvmpipe`. */
  toString(): string {
    return `GradientScaling${this.values.disposed ? ", disposed" : ` on ${this.values.device.adapter.name}`}`;
  }
}
