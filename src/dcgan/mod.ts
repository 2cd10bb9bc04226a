/**
 * The two networks of the DCGAN, their training, checkpoints and sampling.
 *
 * @module
 */
export * from "./networks/architecture.ts";
export * from "./batches/batch_source.ts";
export * from "./batches/batches.ts";
export * from "./checkpoints/checkpoint.ts";
export * from "./options/config.ts";
export * from "./networks/discriminator.ts";
export * from "./run/events.ts";
export * from "./numbers/finite.ts";
export * from "./sampling/generate.ts";
export * from "./networks/generator.ts";
export * from "./networks/infer_architecture.ts";
export * from "./kernels/kernel_memory.ts";
export type { KernelVariants } from "./kernels/kernel_variants.ts";
export * from "./networks/latent.ts";
export * from "./sampling/load_generator.ts";
export { type NonFinite, NonFiniteError, type NonFiniteKind, type RunPlace } from "./numbers/non_finite.ts";
export * from "./batches/open_batches.ts";
export * from "./options/options.ts";
export type { Picture } from "../pictures/mod.ts";
export * from "./batches/resident_pictures.ts";
export * from "./run/run_folder.ts";
export * from "./sample.ts";
export * from "./kernels/step_profile.ts";
export * from "./batches/streamed_pictures.ts";
export * from "./streams.ts";
export * from "./train.ts";
export * from "./trainer.ts";
export * from "./training_step.ts";
export * from "./kernels/tuning.ts";
export type { BatchConfig } from "./batches/uploaded_pictures.ts";
