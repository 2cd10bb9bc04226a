/** What `datasets` gives besides files. */
import * as v from "valibot";

const text = v.string();
const whole = v.pipe(v.number(), v.integer());

const file = v.object({
  path: text,
  state: v.picklist(["good", "missing", "damaged", "unreadable"]),
  problem: v.optional(text),
});

const leftOut = v.array(v.object({ name: text, reason: text }));

/** `datasets list`. */
export const datasets = v.object({
  datasets: v.array(v.object({ name: text, description: v.optional(text) })),
});

/** `datasets info`. */
export const datasetInfo = v.object({
  name: text,
  description: v.optional(text),
  homepage: v.optional(text),
  license: v.optional(text),
  options: v.array(v.object({
    name: text,
    flag: text,
    type: text,
    description: text,
    default: v.optional(v.union([text, v.number(), v.boolean()])),
  })),
  files: v.array(file),
  images: v.optional(v.pipe(whole, v.description("if the data is here"))),
  width: v.optional(whole),
  height: v.optional(whole),
  channels: v.optional(whole),
  labels: v.optional(v.array(v.object({
    name: text,
    classes: v.optional(v.array(v.object({ name: text, images: v.optional(whole) }))),
    least: v.optional(v.number()),
    greatest: v.optional(v.number()),
  }))),
  leftOut: v.optional(leftOut),
  checked: v.optional(v.pipe(whole, v.description("images that were looked at for those left out"))),
  problem: v.optional(v.pipe(text, v.description("why it cannot be opened"))),
});

/** `datasets verify`. */
export const datasetCheck = v.object({
  good: v.pipe(v.boolean(), v.description("whether every file and every image is as it must be")),
  name: text,
  files: v.array(file),
  checks: v.pipe(v.array(text), v.description("checks of the plugin contract that passed")),
  images: v.optional(whole),
  leftOut: v.array(v.object({ name: text, reason: text })),
});
