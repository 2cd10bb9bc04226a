import { alignColumns, figure } from "../../src/cli/terminal/text.ts";
import { type Load, type LoadResult, measureLoad } from "./load.ts";
import { startServe, writeGenerator } from "./served_process.ts";

/** What is measured. */
export interface ServeBenchOptions {
  /** Names of workloads. */
  readonly workloads: readonly string[];
  /** Numbers of clients. */
  readonly clients: readonly number[];
  /** Seconds of each measurement. */
  readonly seconds: number;
}

/** A row of the table. */
export interface ServeRow extends LoadResult {
  readonly workload: string;
  readonly request: string;
  readonly clients: number;
  /** Images a second; 0 of requests without any. */
  readonly images: number;
}

/** How fast `/health` answers while others draw, by where the server runs. */
export interface ThreadRow extends LoadResult {
  readonly workload: string;
  readonly thread: "own" | "shared";
}

/** All that was measured. */
export interface ServeBench {
  readonly rows: readonly ServeRow[];
  readonly threads: readonly ThreadRow[];
}

/** A kind of request. */
interface Kind {
  readonly request: string;
  readonly images: number;
  /** What clients ask; the tag is that of sample 0. */
  readonly load: (tag: string) => Omit<Load, "clients" | "duration">;
}

const KINDS: readonly Kind[] = [
  { request: "1 image", images: 1, load: () => ({ path: (seed) => `sample?count=1&seed=${seed}` }) },
  { request: "16 images", images: 16, load: () => ({ path: (seed) => `sample?count=16&seed=${seed}` }) },
  {
    request: "1 image, which the client has",
    images: 0,
    load: (tag) => ({ path: () => "sample?count=1&seed=0", headers: { "if-none-match": tag }, status: 304 }),
  },
  { request: "/health", images: 0, load: () => ({ path: () => "health" }) },
];

/** Clients that draw while `/health` is asked, and images that each of their requests draws. */
const BUSY = { clients: 8, images: 64 };

/** Measures a server in a process of its own; the clients share the processors with it. */
export async function benchServe(
  { workloads, clients, seconds }: ServeBenchOptions,
  say: (line: string) => void,
): Promise<ServeBench> {
  const folder = await Deno.makeTempDir({ prefix: "bench-serve-" });
  const duration = 1000 * seconds;
  const rows: ServeRow[] = [];
  const threads: ThreadRow[] = [];
  try {
    for (const workload of workloads) {
      const path = `${folder}/${workload}.safetensors`;
      await writeGenerator(workload, path);
      {
        await using server = await startServe(path, ["-A"]);
        const response = await fetch(`${server.url}sample?count=1&seed=0`);
        await response.bytes();
        const tag = response.headers.get("etag")!;
        // The first launches of each size compile kernels
        const warm = {
          clients: 16,
          duration: Math.min(1000, duration),
          path: (seed: number) => `sample?count=4&seed=${seed}`,
        };
        await measureLoad(server.url, warm);
        for (const { request, images, load } of KINDS) {
          for (const count of clients) {
            const result = await measureLoad(server.url, { clients: count, duration, ...load(tag) });
            rows.push({ workload, request, clients: count, images: images * result.rate, ...result });
            say(`${workload}, ${request}, ${count} clients: ${figure(result.rate)} requests/s`);
          }
        }
      }
      const only = ["--allow-net=127.0.0.1", `--allow-read=${folder}`];
      for (const [thread, permissions] of [["own", ["-A"]], ["shared", only]] as const) {
        await using server = await startServe(path, permissions);
        threads.push({ workload, thread, ...await measureHealth(server.url, duration) });
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return { rows, threads };
}

/** How long `/health` takes while others have the GPU busy. */
async function measureHealth(url: string, duration: number): Promise<LoadResult> {
  const path = (seed: number) => `sample?count=${BUSY.images}&seed=${seed}`;
  const [, result] = await Promise.all([
    measureLoad(url, { clients: BUSY.clients, duration, path }),
    measureLoad(url, { clients: 1, duration, path: () => "health" }),
  ]);
  return result;
}

/** The tables for people. */
export function formatServeBench({ rows, threads }: ServeBench): string {
  const numbers = ({ rate, p50, p99 }: LoadResult): string[] => [figure(rate), figure(p50), figure(p99)];
  return [
    alignColumns([
      ["generator", "request", "clients", "requests/s", "p50 ms", "p99 ms", "images/s"],
      ...rows.map((row) => [
        row.workload,
        row.request,
        `${row.clients}`,
        ...numbers(row),
        row.images === 0 ? "" : figure(row.images),
      ]),
    ]),
    `/health, while ${BUSY.clients} clients ask for ${BUSY.images} images each`,
    alignColumns([
      ["generator", "thread of the server", "requests/s", "p50 ms", "p99 ms"],
      ...threads.map((row) => [row.workload, row.thread, ...numbers(row)]),
    ]),
  ].join("\n");
}
