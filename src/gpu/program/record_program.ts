import type { Device } from "../device/device.ts";
import { joinInPlace } from "./join_in_place.ts";
import { Program, type ProgramInput } from "./program.ts";
import { passing } from "./in_shards.ts";
import { type Recording, refusePromise } from "./recording.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { sumTogether } from "./sum_together.ts";
import { tensorsIn } from "../tensor/tensors_in.ts";

/** Calls `build` with tensors for the inputs, while a device records its launches, and creates a program from them. */
export function recordProgram<I extends string, O>(
  device: Device,
  recording: Recording,
  inputs: Readonly<Record<I, ProgramInput>>,
  build: (inputs: Readonly<Record<I, Tensor>>) => O,
): Program<I, O> {
  using _recorded = passing(device, recording);
  try {
    const given = Object.fromEntries(
      Object.entries<ProgramInput>(inputs).map(([name, input]) => {
        const { shape, dtype } = "dtype" in input ? input : { shape: input, dtype: "f32" as const };
        return [name, device.state(shape, dtype)];
      }),
    ) as Record<I, Tensor>;
    const outputs = build(given);
    refusePromise(outputs);
    recording.finish();
    const kept = new Set(tensorsIn(outputs).map(({ storage }) => storage));
    const { tensors, held } = recording;
    const { maxStorageBuffersPerShaderStage } = device.adapter.limits;
    const launches = sumTogether(joinInPlace(recording.launches, kept), maxStorageBuffersPerShaderStage);
    return new Program(device, { inputs: given, outputs, launches, kept, tensors, held });
  } catch (error) {
    recording.abandon();
    throw error;
  }
}
