import type { LatentDistribution } from "../../src/dcgan/networks/latent.ts";
import type { Call, Engine } from "../engine/engine.ts";
import type { GivenFile } from "../page/given_files.ts";
import type { SourceFacts } from "./source/facts.ts";
import { openFiles } from "./source/open_files.ts";
import type { Drawn } from "./drawn.ts";
import { drawsFrom, Source } from "./source/source.ts";
import {
  drawLatents,
  encodeDrawn,
  encodeLatents,
  encodeWay,
  type FilmRequest,
  type PngRequest,
} from "./worker/files.ts";
import { fitPhoto, type Search, searchLatent } from "./worker/photos.ts";
import {
  draw,
  drawMoved,
  drawNeighbors,
  drawRandom,
  findDirections,
  type Moves,
  type RandomSamples,
} from "./worker/samples.ts";
import { type Corners, drawInSquare, drawSquare, type Place } from "./worker/square.ts";
import { drawSum, type Sum } from "./worker/sums.ts";

/** What takes long, and can be ended. */
const running = new WeakMap<Engine, AbortController>();

/** Does something that `explore.stop` ends. */
function untilStopped<T>(engine: Engine, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  running.set(engine, controller);
  return task(controller.signal);
}

/** What the worker does for this view. */
export const exploreCalls = {
  "source.all": (engine: Engine): SourceFacts[] => Source.of(engine).facts,
  "source.choose": (engine: Engine, { kind }: { kind: SourceFacts["kind"] }): SourceFacts[] => {
    Source.of(engine).choose(kind);
    return Source.of(engine).facts;
  },
  "source.open": async (
    engine: Engine,
    { files, latentDistribution }: {
      files: readonly GivenFile[];
      latentDistribution?: LatentDistribution | undefined;
    },
  ): Promise<SourceFacts[]> => {
    await openFiles(engine, files, latentDistribution);
    return Source.of(engine).facts;
  },
  "source.close": async (engine: Engine): Promise<SourceFacts[]> => {
    await Source.of(engine).close();
    return Source.of(engine).facts;
  },
  "explore.draw": (engine: Engine, { latents, labels }: Pick<Drawn, "latents" | "labels">) =>
    Source.of(engine).use((used) => draw(drawsFrom(used), latents, labels)),
  "explore.random": (engine: Engine, given: RandomSamples) =>
    Source.of(engine).use((used) => drawRandom(used, given)),
  "explore.neighbors": (engine: Engine, given: Parameters<typeof drawNeighbors>[1]) =>
    Source.of(engine).use((used) => drawNeighbors(used, given)),
  "explore.directions": (engine: Engine) => Source.of(engine).use(findDirections),
  "explore.move": (engine: Engine, given: Moves) => Source.of(engine).use((used) => drawMoved(used, given)),
  "explore.square": (engine: Engine, given: Parameters<typeof drawSquare>[1]) =>
    Source.of(engine).use((used) => drawSquare(used, given)),
  "explore.inSquare": (
    engine: Engine,
    { place, ...given }: { corners: Corners; label?: number | undefined; place: Place },
  ) => Source.of(engine).use((used) => drawInSquare(used, { ...given, places: [place] })),
  "explore.sum": (engine: Engine, given: Sum) => Source.of(engine).use((used) => drawSum(used, given)),
  "explore.photo": (engine: Engine, { file }: { file: Uint8Array }) =>
    Source.of(engine).use((used) => fitPhoto(used, file)),
  "explore.search": (engine: Engine, given: Search) =>
    untilStopped(
      engine,
      (signal) => Source.of(engine).use((used) => searchLatent(engine, used, given, signal)),
    ),
  "explore.stop": (engine: Engine) => running.get(engine)?.abort(),
  "explore.png": (engine: Engine, given: PngRequest) =>
    Source.of(engine).use((used) => encodeDrawn(used, given)),
  "explore.film": (engine: Engine, given: FilmRequest) =>
    untilStopped(engine, (signal) => Source.of(engine).use((used) => encodeWay(engine, used, given, signal))),
  "explore.latents": (engine: Engine, { latents }: { latents: Float32Array }) =>
    Source.of(engine).use((used) => Promise.resolve(encodeLatents(used, latents))),
  "explore.openLatents": (engine: Engine, given: Parameters<typeof drawLatents>[1]) =>
    Source.of(engine).use((used) => drawLatents(used, given)),
} satisfies Record<string, Call>;
