import type { InterpolateQuery } from "../queries/interpolate_query.ts";
import type { SampleQuery } from "../queries/sample_query.ts";

/** What is drawn for one request. */
export type DrawingJob = SampleQuery | InterpolateQuery;

/** What came of it: the file, or a sentence that says why there is none. */
export type JobResult = { readonly file: Uint8Array } | { readonly problem: string };

/** What pictures are drawn as: floats for an array, else bytes. Only those of one kind are drawn together. */
export function dtypeOf({ format }: DrawingJob): "u8" | "f32" {
  return format === "npy" ? "f32" : "u8";
}
