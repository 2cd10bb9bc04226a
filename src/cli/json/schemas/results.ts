/** What commands give that are done in one go. */
import * as v from "valibot";
import { layer, runConfig, scores, verdict } from "./parts.ts";

const text = v.string();
const whole = v.pipe(v.number(), v.integer());

/** Files that a command wrote. */
export const files = v.object({
  command: v.pipe(text, v.description("the command, such as sample")),
  paths: v.pipe(v.array(text), v.description("what it wrote, in order")),
  images: v.optional(v.pipe(whole, v.description("images in them, of commands that write images"))),
  found: v.optional(v.pipe(
    v.array(v.record(text, v.unknown())),
    v.description("what a command found: directions, groups of samples, projected pictures, neighbors"),
  )),
  url: v.optional(v.pipe(text, v.description("page of the repository that files were uploaded to"))),
  leftOut: v.optional(v.pipe(
    v.array(v.object({ name: text, reason: text })),
    v.description("pictures of the dataset that cannot be used"),
  )),
  warnings: v.array(text),
});

/** `mark`: what a picture says about how it was made. */
export const mark = v.object({
  file: text,
  software: v.pipe(text, v.description("the program that made it, and its version")),
  description: text,
  made: v.pipe(v.record(text, v.unknown()), v.description("the command, the run, the step and the options")),
});

/** A page that a command serves until it is stopped. */
export const page = v.object({
  run: text,
  url: v.pipe(text, v.description("where it is, on this machine")),
});

/** What a command serves until it is stopped: samples of a run, or the studio page. */
export const server = v.object({
  run: v.optional(v.pipe(text, v.description("the run that samples are of; none of the studio page"))),
  url: v.pipe(text, v.description("where they are")),
  step: v.optional(v.pipe(whole, v.description("the checkpoint's, of a run"))),
  warnings: v.array(text),
});

/** Why a command failed. */
export const error = v.object({
  error: v.object({
    name: v.pipe(text, v.description("class of the error, such as ConfigError")),
    message: text,
    exitCode: v.pipe(whole, v.description("2: cannot run as given; 130: stopped by a signal; 1: all else")),
    issues: v.optional(v.pipe(
      v.array(v.object({ option: text, problem: text })),
      v.description("of a ConfigError: every option that is not allowed, and why"),
    )),
  }),
});

/** `evaluate`. */
export const evaluation = v.object({
  run: text,
  step: whole,
  samples: whole,
  pictures: whole,
  seed: whole,
  features: v.optional(v.object({
    name: text,
    dimensions: whole,
    labels: v.array(v.object({ name: text, classes: whole, accuracy: v.optional(v.number()) })),
  })),
  scores,
  verdict,
  warnings: v.array(text),
});

/** `train --dry-run`. */
export const dryRun = v.object({
  config: runConfig,
  images: whole,
  adapter: text,
  layers: v.object({ generator: v.array(layer), discriminator: v.array(layer) }),
  flop: v.number(),
  gpuBytes: whole,
  temporaryBytes: whole,
  secondsPerStep: v.number(),
});

/** `doctor`. */
export const doctor = v.object({
  healthy: v.pipe(v.boolean(), v.description("whether the module can work on this machine")),
  runtime: text,
  backend: v.optional(text),
  adapter: v.optional(v.object({
    name: text,
    vendor: text,
    architecture: text,
    software: v.boolean(),
    openGl: v.optional(v.boolean()),
    direct3D: v.optional(v.boolean()),
    limits: v.record(text, v.number()),
    features: v.array(text),
  })),
  capabilities: v.optional(v.object({
    f16: v.boolean(),
    int64: v.boolean(),
    images: v.boolean(),
    subgroupSize: whole,
    subgroupDirective: v.optional(v.boolean()),
    timestamps: v.boolean(),
    loopIterations: v.pipe(v.nullable(v.number()), v.description("null if the driver ends no loops")),
  })),
  checks: v.array(v.object({ name: text, passed: v.boolean(), detail: text })),
  advice: v.array(text),
  mpi: v.pipe(
    v.optional(v.array(v.object({
      family: v.picklist(["Open MPI", "MPICH"]),
      library: v.optional(text),
      launcher: v.optional(v.object({ name: text, version: v.optional(text) })),
    }))),
    v.description("missing where Deno may not look for it: that takes --allow-ffi and --allow-run"),
  ),
});
