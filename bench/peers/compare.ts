import { openDevice } from "../../src/gpu/mod.ts";
import { sidesOf } from "../../src/pictures/mod.ts";
import { type Spread, spreadOf } from "../spread.ts";
import { SAMPLING_BATCH, type Workload, WORKLOADS } from "../workloads.ts";
import { type Contender, OURS, PEERS } from "./contenders.ts";
import type { PeerOptions } from "./options.ts";
import type { Problem } from "./problem.ts";
import { type Race, race } from "./race.ts";
import { Worker } from "./worker.ts";

/** Processes of a contender that a cold start is measured with. */
const COLD_STARTS = 3;

/** What is known of a contender beside its speed. */
export interface Profile {
  /** The workload. */
  readonly workload: string;
  /** Its name. */
  readonly contender: string;
  /** Seconds from the start of its process to the losses of its first training step, whatever is cached. */
  readonly firstStep: number;
  /** The same with no kernel cached. */
  readonly coldFirstStep?: Spread;
  /** The most memory that its process held. */
  readonly peakBytes?: number;
  /** Share by which its losses in the first three steps are off ours, at most. */
  readonly lossesOff: number;
  /** Share by which the mean square of the pictures that it draws after a step is off ours. */
  readonly picturesOff?: number;
}

/** All that one run has found. */
export interface Comparison {
  /** Name of the adapter. */
  readonly adapter: string;
  /** Version of Deno. */
  readonly deno: string;
  /** Operating system and architecture. */
  readonly system: string;
  /** Logical processors. */
  readonly processors: number;
  /** Start of the run, ISO 8601. */
  readonly date: string;
  /** Turns of each contender. */
  readonly rounds: number;
  /** Training and sampling. */
  readonly races: readonly Race[];
  /** Everything else. */
  readonly profiles: readonly Profile[];
}

/** Runs all races that were asked for; `say` hears what is going on. */
export async function compare(options: PeerOptions, say: (line: string) => void): Promise<Comparison> {
  const { deno } = Deno.version;
  const { os, arch } = Deno.build;
  const circumstances = {
    adapter: await adapterName(),
    deno,
    system: `${os} ${arch}`,
    processors: navigator.hardwareConcurrency,
    date: new Date().toISOString(),
    rounds: options.rounds,
  };
  const races: Race[] = [];
  const profiles: Profile[] = [];
  for (const workload of WORKLOADS) {
    const found = await compareAt(workload, options, say);
    races.push(...found.races);
    profiles.push(...found.profiles);
  }
  return { ...circumstances, races, profiles };
}

async function adapterName(): Promise<string> {
  using device = await openDevice();
  return device.adapter.name;
}

async function compareAt(
  { name: workload, config }: Workload,
  { only, all, rounds, seconds, cold }: PeerOptions,
  say: (line: string) => void,
): Promise<{ races: Race[]; profiles: Profile[] }> {
  const { channels, ngf, ndf, latent, batch, seed } = config;
  const { width: size } = sidesOf(config.size);
  const fixed = { sampled: SAMPLING_BATCH, firstLayer: "transposed", upsampling: "transposed" } as const;
  const problem: Problem = { size, channels, ngf, ndf, latent, batch, seed, ...fixed };
  const matching = (what: string): Contender[] =>
    PEERS.filter((peer) => (all || !peer.asItComes) && only.test(`${workload} ${what}: ${peer.name}`));
  const trainers = matching("training");
  const samplers = matching("sampling").filter(({ samples }) => samples);
  const contenders = PEERS.filter((peer) => trainers.includes(peer) || samplers.includes(peer));
  if (contenders.length === 0) return { races: [], profiles: [] };

  await using workers = new AsyncDisposableStack();
  const racing: Worker[] = [];
  const firstSteps: number[] = [];
  for (const contender of [OURS, ...contenders]) {
    say(`${workload} first step: ${contender.name}`);
    const worker = workers.use(new Worker(contender, problem));
    firstSteps.push(await worker.firstStep());
    if (contender === OURS || samplers.includes(contender)) await worker.ask("inspect");
    racing.push(worker);
    worker.inspection.compare(racing[0]!.inspection);
  }
  const races: Race[] = [];
  for (
    const [what, command, images, peers] of [
      ["training", "train", batch, trainers],
      ["sampling", "sample", SAMPLING_BATCH, samplers],
    ] as const
  ) {
    if (peers.length === 0) continue;
    const name = `${workload} ${what}`;
    say(`${name}, ${rounds} rounds`);
    const taking = racing.filter(({ contender }) => contender === OURS || peers.includes(contender));
    races.push(await race(taking, { name, command, images, rounds, seconds }));
  }
  const profiles: Profile[] = [];
  for (const [i, worker] of racing.entries()) {
    const peakBytes = await worker.peakBytes();
    const { losses, pictures } = worker.inspection.compare(racing[0]!.inspection);
    profiles.push({
      workload,
      contender: worker.contender.name,
      firstStep: firstSteps[i]!,
      ...(peakBytes === undefined ? {} : { peakBytes }),
      lossesOff: losses,
      ...(pictures === undefined ? {} : { picturesOff: pictures }),
    });
  }
  await workers.disposeAsync();
  if (!cold) return { races, profiles };
  const starts = await coldFirstSteps(
    [OURS, ...contenders],
    problem,
    Math.min(rounds, COLD_STARTS),
    (line) => {
      say(`${workload} ${line}`);
    },
  );
  return { races, profiles: profiles.map((each, i) => ({ ...each, coldFirstStep: starts[i]! })) };
}

/** First steps in fresh processes with Mesa's cache of compiled kernels switched off. */
async function coldFirstSteps(
  contenders: readonly Contender[],
  problem: Problem,
  times: number,
  say: (line: string) => void,
): Promise<Spread[]> {
  const found: number[][] = contenders.map(() => []);
  for (let time = 0; time < times; time++) {
    for (const [i, contender] of contenders.entries()) {
      say(`cold first step ${time + 1} of ${times}: ${contender.name}`);
      await using worker = new Worker(contender, problem, { MESA_SHADER_CACHE_DISABLE: "true" });
      found[i]!.push(await worker.firstStep());
    }
  }
  return found.map(spreadOf);
}
