import type { StudioText } from "../../text.ts";

/** A length of time in words, roughly. */
export function timeText({ train: { run } }: StudioText, seconds: number): string {
  if (seconds < 60) return run.seconds(Math.max(1, Math.round(seconds)));
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? run.minutes(minutes) : run.hours(Math.floor(minutes / 60), minutes % 60);
}
