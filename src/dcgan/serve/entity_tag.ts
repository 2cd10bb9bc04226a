import { createHash } from "node:crypto";
import type { DrawingJob } from "./drawing/drawing_job.ts";
import type { Served } from "./served.ts";

/**
 * The strong tag (RFC 9110, 8.8.3) of what a job draws: it tells apart all files that could differ by a byte.
 * The adapter belongs to it, as the last digits of pictures are its own, and so does what the files say.
 */
export function tagOf(job: DrawingJob, { generator, software, adapter, run, step }: Served): string {
  return tagged([generator, software, adapter, run, step, job]);
}

/** The tag of some values, as their JSON has them. */
export function tagged(values: readonly unknown[]): string {
  return `"${createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 32)}"`;
}

/** Whether a header `If-None-Match` names a tag. Weak ones count as well there. */
export function isNamed(tag: string, header: string | undefined): boolean {
  if (header === undefined) return false;
  return header.trim() === "*" ||
    header.split(",").some((one) => one.trim().replace(/^W\//, "") === tag);
}
