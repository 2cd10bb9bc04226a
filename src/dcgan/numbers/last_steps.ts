import { host, type HostFile, SeekMode } from "../../host/host.ts";
import type { StepMetrics } from "../run/events.ts";
import { parseMetrics } from "./metrics_file.ts";

/** Bytes at the end of a file that are read: those of more than a hundred steps. */
const TAIL = 2 ** 16;

/** The numbers of the last steps of a `metrics.jsonl`, without reading all of it; none if there is no file. */
export async function lastSteps(path: string, count: number): Promise<StepMetrics[]> {
  let file: HostFile;
  try {
    file = await host().open(path);
  } catch (error) {
    if (host().problemOf(error) === "NotFound") return [];
    throw error;
  }
  using _file = file;
  const { size } = await file.stat();
  await file.seek(Math.max(0, size - TAIL), SeekMode.Start);
  const lines = (await new Response(file.readable).text()).split("\n");
  // The first line may begin before what was read
  return (size > TAIL ? lines.slice(1) : lines).flatMap((line) => parseMetrics(line) ?? []).slice(-count);
}
