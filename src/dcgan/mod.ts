/**
 * The two networks of the DCGAN, their training, checkpoints and sampling.
 *
 * @module
 */
export * from "./architecture.ts";
export * from "./batch_source.ts";
export * from "./batches.ts";
export * from "./checkpoint.ts";
export * from "./config.ts";
export * from "./discriminator.ts";
export * from "./events.ts";
export * from "./finite.ts";
export * from "./generate.ts";
export * from "./generator.ts";
export * from "./infer_architecture.ts";
export * from "./kernel_memory.ts";
export type { KernelVariants } from "./kernel_variants.ts";
export * from "./latent.ts";
export * from "./load_generator.ts";
export { type NonFinite, NonFiniteError, type NonFiniteKind, type RunPlace } from "./non_finite.ts";
export * from "./open_batches.ts";
export * from "./options.ts";
export type { Picture } from "../pictures/mod.ts";
export * from "./resident_pictures.ts";
export * from "./run_folder.ts";
export * from "./sample.ts";
export * from "./step_profile.ts";
export * from "./streamed_pictures.ts";
export * from "./streams.ts";
export * from "./train.ts";
export * from "./trainer.ts";
export * from "./training_step.ts";
export * from "./tuning.ts";
export type { BatchConfig } from "./uploaded_pictures.ts";
