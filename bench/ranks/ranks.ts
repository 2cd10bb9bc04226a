import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import { median } from "../../src/gpu/timing/median.ts";

/** What ranks are to do. */
export interface RankOrder {
  /** Options of the run. */
  readonly options: TrainOptions;
  /** Steps that are measured. */
  readonly steps: number;
}

/** What rank 0 found, each step's or means of a step. */
export interface RankResult {
  /** Each step's. */
  readonly milliseconds: readonly number[];
  /** Each step's time of the processor, in milliseconds. */
  readonly processor: readonly number[];
  /** Milliseconds in which it waited for others at meetings. */
  readonly waiting: number;
  /** Milliseconds in which bytes were passed. */
  readonly transferring: number;
  readonly meetings: number;
  /** Bytes that it gave to others. */
  readonly bytes: number;
  readonly adapter: string;
  readonly library: string;
}

/** How ranks are started. */
export interface Launch {
  /** The launcher. */
  readonly launcher: string;
  readonly ranks: number;
  /** Threads that a rank's llvmpipe has. */
  readonly threads: number;
}

/** Runs steps on so many ranks, each bound to a core of its own, and gives what rank 0 found. */
export async function runRanks({ launcher, ranks, threads }: Launch, order: RankOrder): Promise<RankResult> {
  const program = new URL("./rank.ts", import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command(launcher, {
    args: [
      ...(launcher.includes("openmpi") ? ["--allow-run-as-root"] : []),
      ...[
        "--bind-to",
        "core",
        "-n",
        `${ranks}`,
        Deno.execPath(),
        "run",
        "-A",
        program,
        JSON.stringify(order),
      ],
    ],
    env: { LP_NUM_THREADS: `${threads}`, NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout);
  const line = text.split("\n").find((line) => line.startsWith("{"));
  if (success && line) return JSON.parse(line);
  throw new Error(`${ranks} ranks ended badly: ${new TextDecoder().decode(stderr).trim() || text.trim()}`);
}

/** All measurements of so many ranks together. */
export function joined(results: readonly RankResult[]): RankResult {
  const middle = (name: "waiting" | "transferring") => median(results.map((one) => one[name]));
  return {
    ...results[0]!,
    milliseconds: results.flatMap(({ milliseconds }) => milliseconds),
    processor: results.flatMap(({ processor }) => processor),
    waiting: middle("waiting"),
    transferring: middle("transferring"),
  };
}
