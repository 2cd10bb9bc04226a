import { openDevice } from "../../src/gpu/mod.ts";
import { sidesOf } from "../../src/pictures/mod.ts";
import { type Spread, spreadOf } from "../spread.ts";
import { SAMPLING_BATCH, type Workload, WORKLOADS } from "../workloads.ts";
import { type Contender, isOurs, isPython, oursBeside, PEERS, pytorchOn } from "./contenders.ts";
import type { PeerOptions } from "./options.ts";
import type { Problem } from "./problem.ts";
import { findPyTorch, type NoPyTorch, type PyTorch } from "./pytorch/find_pytorch.ts";
import { givenBytes } from "./pytorch/given.ts";
import { type Race, race } from "./race.ts";
import { type Start, Worker } from "./worker.ts";

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
  /** The same with no kernel cached, where there are kernels. */
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
  /** The PyTorch beside it, or why there is none; missing if it was not asked for. */
  readonly pytorch?: PyTorch | NoPyTorch;
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

/** A function that hears what is going on. */
type Say = (line: string) => void;

/** Runs all races that were asked for; `say` hears what is going on. */
export async function compare(options: PeerOptions, say: Say): Promise<Comparison> {
  const { deno } = Deno.version;
  const { os, arch } = Deno.build;
  const processors = navigator.hardwareConcurrency;
  const { name: adapter, software } = await adapterFacts();
  const onProcessor = pytorchOn(processors);
  const wanted = WORKLOADS.some(({ name }) => peersOf(name, onProcessor, options).all.length > 0);
  const pytorch = wanted ? await pytorchBeside(adapter, software, options) : undefined;
  const circumstances = {
    adapter,
    deno,
    ...(pytorch ? { pytorch } : {}),
    system: `${os} ${arch}`,
    processors,
    date: new Date().toISOString(),
    rounds: options.rounds,
  };
  const peers = [...PEERS, ...(pytorch && "python" in pytorch ? onProcessor : [])];
  const races: Race[] = [];
  const profiles: Profile[] = [];
  for (const workload of WORKLOADS) {
    const python = pytorch && "python" in pytorch ? pytorch.python : undefined;
    const found = await compareAt(workload, peers, python, options, say);
    races.push(...found.races);
    profiles.push(...found.profiles);
  }
  return { ...circumstances, races, profiles };
}

async function adapterFacts(): Promise<{ name: string; software: boolean }> {
  using device = await openDevice();
  return device.adapter;
}

/** A PyTorch to compare a processor with: a graphics card's kernels are no match for those of a processor. */
async function pytorchBeside(
  adapter: string,
  software: boolean,
  { python }: PeerOptions,
): Promise<PyTorch | NoPyTorch> {
  if (software) return await findPyTorch(python);
  return {
    skipped: `PyTorch is left out: it would compute on the processor, and ${adapter} is a graphics card. ` +
      "'deno task bench:gpu' measures PyTorch on the card.",
  };
}

/** Which of some peers are wanted for a workload. */
function peersOf(
  workload: string,
  peers: readonly Contender[],
  { all, only }: Pick<PeerOptions, "all" | "only">,
): Record<"trainers" | "samplers" | "all", Contender[]> {
  const matching = (what: string): Contender[] =>
    peers.filter((peer) => (all || !peer.asItComes) && only.test(`${workload} ${what}: ${peer.name}`));
  const trainers = matching("training");
  const samplers = matching("sampling").filter(({ samples }) => samples);
  return {
    trainers,
    samplers,
    all: peers.filter((peer) => trainers.includes(peer) || samplers.includes(peer)),
  };
}

/** Each peer behind ours on as many threads, without repeating ours. */
function besideOurs(peers: readonly Contender[]): Contender[] {
  const groups = Map.groupBy(peers, ({ threads }) => threads);
  return [...groups.values()].flatMap((group) => [oursBeside(group[0]!), ...group]);
}

async function compareAt(
  { name: workload, config }: Workload,
  peers: readonly Contender[],
  python: string | undefined,
  options: PeerOptions,
  say: Say,
): Promise<{ races: Race[]; profiles: Profile[] }> {
  const { channels, ngf, ndf, latent, batch, seed } = config;
  const { width: size } = sidesOf(config.size);
  const fixed = { sampled: SAMPLING_BATCH, firstLayer: "transposed", upsampling: "transposed" } as const;
  const problem: Problem = { size, channels, ngf, ndf, latent, batch, seed, ...fixed };
  const { trainers, samplers, all } = peersOf(workload, peers, options);
  if (all.length === 0) return { races: [], profiles: [] };
  const contenders = besideOurs(all);

  await using owned = new AsyncDisposableStack();
  const start: Start = {
    problem,
    pytorch: python === undefined ? undefined : await giveFile(python, problem, owned),
  };
  const racing: Worker[] = [];
  const firstSteps: number[] = [];
  for (const contender of contenders) {
    say(`${workload} first step: ${contender.name}`);
    const worker = owned.use(new Worker(contender, start));
    firstSteps.push(await worker.firstStep());
    if (isOurs(contender) || samplers.includes(contender)) await worker.ask("inspect");
    racing.push(worker);
    worker.inspection.compare(racing[0]!.inspection);
  }
  const { rounds, seconds } = options;
  const races: Race[] = [];
  for (
    const [what, command, images, taking] of [
      ["training", "train", batch, trainers],
      ["sampling", "sample", SAMPLING_BATCH, samplers],
    ] as const
  ) {
    if (taking.length === 0) continue;
    const name = `${workload} ${what}`;
    say(`${name}, ${rounds} rounds`);
    const names = new Set(besideOurs(taking).map((contender) => contender.name));
    const racers = racing.filter(({ contender }) => names.has(contender.name));
    races.push(await race(racers, { name, command, images, rounds, seconds }));
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
  await owned.disposeAsync();
  if (!options.cold) return { races, profiles };
  const starts = await coldFirstSteps(contenders, start, Math.min(rounds, COLD_STARTS), (line) => {
    say(`${workload} ${line}`);
  });
  return {
    races,
    profiles: profiles.map((profile) => {
      const coldFirstStep = starts.get(profile.contender);
      return coldFirstStep ? { ...profile, coldFirstStep } : profile;
    }),
  };
}

/** Writes what is given to contenders in Python into a file that is removed in the end. */
async function giveFile(
  python: string,
  problem: Problem,
  owned: AsyncDisposableStack,
): Promise<{ python: string; given: string }> {
  const given = owned.adopt(await Deno.makeTempFile({ prefix: "bench-peers-" }), (path) => Deno.remove(path));
  await Deno.writeFile(given, givenBytes(problem));
  return { python, given };
}

/** First steps in fresh processes with Mesa's cache of compiled kernels switched off, by names of contenders. */
async function coldFirstSteps(
  contenders: readonly Contender[],
  start: Start,
  times: number,
  say: Say,
): Promise<Map<string, Spread>> {
  const compiling = contenders.filter((contender) => !isPython(contender));
  const found = new Map(compiling.map(({ name }) => [name, [] as number[]]));
  for (let time = 0; time < times; time++) {
    for (const contender of compiling) {
      say(`cold first step ${time + 1} of ${times}: ${contender.name}`);
      await using worker = new Worker(contender, { ...start, env: { MESA_SHADER_CACHE_DISABLE: "true" } });
      found.get(contender.name)!.push(await worker.firstStep());
    }
  }
  return new Map(found.entries().map(([name, seconds]) => [name, spreadOf(seconds)]));
}
