import { loadDiscriminator } from "../../../src/dcgan/experiments/networks/load_discriminator.ts";
import { OpenGenerator } from "../../../src/dcgan/explore/open_generator.ts";
import {
  inferDiscriminator,
  inferGenerator,
  type NamedShapes,
} from "../../../src/dcgan/networks/infer_architecture.ts";
import { type LoadedGenerator, loadGenerator } from "../../../src/dcgan/sampling/load_generator.ts";
import type { LatentDistribution } from "../../../src/dcgan/networks/latent.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import type { Network } from "../../../src/nn/mod.ts";
import { type ImageSize, sidesOf } from "../../../src/pictures/mod.ts";
import type { Engine, OpenModel } from "../../engine/engine.ts";
import type { SourceFacts } from "./facts.ts";

/** A discriminator, and what it takes. */
export interface UsedDiscriminator {
  /** The network. */
  readonly network: Network;
  /** Pictures that it takes at once. */
  readonly pack: number;
}

/** Networks that are looked at, as they are during one turn. */
export interface Used {
  /** What the page knows of them. */
  readonly facts: SourceFacts;
  /** The generator that samples are drawn from. */
  readonly loaded: LoadedGenerator;
  /** The discriminator; undefined of a file with a generator alone. */
  readonly discriminator: UsedDiscriminator | undefined;
}

/** What was opened to be looked at, apart from the model that trains. */
interface Opened {
  readonly name: string;
  readonly id: string;
  readonly loaded: LoadedGenerator;
  readonly discriminator: UsedDiscriminator | undefined;
  readonly warnings: readonly string[];
}

/** The networks that Explore and See inside look at: those of the model in this tab, or of a file or run. */
export class Source {
  readonly #engine: Engine;
  #opened: Opened | undefined;
  #isOpenedChosen = false;
  #count = 0;

  private constructor(engine: Engine) {
    this.#engine = engine;
  }

  static #all = new WeakMap<Engine, Source>();

  /** The one of an engine. */
  static of(engine: Engine): Source {
    const found = Source.#all.get(engine) ?? new Source(engine);
    Source.#all.set(engine, found);
    return found;
  }

  /** What can be looked at; the chosen one first. */
  get facts(): SourceFacts[] {
    const { model } = this.#engine;
    const opened = this.#opened && factsOfOpened(this.#opened);
    const all = [model && factsOf(model), opened].filter((one) => one !== undefined);
    return this.#isOpenedChosen ? all.reverse() : all;
  }

  /** Looks at the model in this tab, or at what was opened. */
  choose(kind: SourceFacts["kind"]): void {
    this.#isOpenedChosen = kind === "opened" && this.#opened !== undefined;
  }

  /**
   * Opens the networks of a run folder or of a safetensors file, and looks at them.
   *
   * @param path Where it is, for the library.
   * @param name What the page calls it.
   * @param latentDistribution What a file's latent vectors are drawn from; normal if not given. Runs say so.
   * @throws {Error} if there is nothing that can be drawn from.
   */
  open(path: string, name: string, latentDistribution?: LatentDistribution): Promise<void> {
    return this.#engine.turns.take(async () => {
      const device = await this.#engine.device();
      using owned = new DisposableStack();
      const loaded = await loadGenerator(device, path, latentDistribution ? { latentDistribution } : {});
      owned.use(loaded.generator);
      if (loaded.channels > 4) {
        throw new RangeError(
          `Cannot open ${name}: its pictures must have 1 to 4 channels, found ${loaded.channels}`,
        );
      }
      const isRun = loaded.origin.step !== undefined;
      const found = isRun ? await loadDiscriminator(device, path) : undefined;
      if (found) owned.use(found.discriminator);
      owned.move();
      this.#forget();
      this.#opened = {
        name,
        id: `opened ${++this.#count}`,
        loaded,
        discriminator: found && { network: found.discriminator, pack: found.architecture.pack },
        warnings: [...new Set([...loaded.warnings, ...found?.warnings ?? []])],
      };
      this.#isOpenedChosen = true;
    });
  }

  /** Closes what was opened. */
  close(): Promise<void> {
    return this.#engine.turns.take(() => this.#forget());
  }

  /**
   * Does something with the networks that are looked at, in a turn: no step changes them meanwhile.
   *
   * @throws {Error} if there are none.
   */
  use<T>(task: (used: Used) => Promise<T>): Promise<T> {
    return this.#engine.turns.take(async () => {
      const device = await this.#engine.device();
      if (this.#isOpenedChosen && this.#opened) {
        this.#expectThere(this.#opened, device);
        return await task({ ...this.#opened, facts: factsOfOpened(this.#opened) });
      }
      return await task(usedOf(this.#engine.expectModel()));
    });
  }

  /** Networks are lost with their GPU. */
  #expectThere({ loaded: { generator }, name }: Opened, device: Device): void {
    if (generator.values.device === device) return;
    this.#opened = undefined;
    this.#isOpenedChosen = false;
    throw new Error(`Cannot go on with ${name}: the GPU was lost, and its networks with it. Open it again`);
  }

  #forget(): void {
    this.#opened?.loaded.generator[Symbol.dispose]();
    this.#opened?.discriminator?.network[Symbol.dispose]();
    this.#opened = undefined;
    this.#isOpenedChosen = false;
  }
}

/** A generator to draw from. It is not disposed: the source owns the network. */
export function drawsFrom({ loaded }: Used, truncation = 1): OpenGenerator {
  return new OpenGenerator(loaded, { truncation });
}

/**
 * The discriminator that is looked at.
 *
 * @throws {Error} if there is none.
 */
export function expectDiscriminator({ discriminator, facts }: Used): UsedDiscriminator {
  if (discriminator) return discriminator;
  throw new Error(
    `Cannot use the discriminator of ${facts.name}: the file must have one, found only a generator. Open its run`,
  );
}

function factsOf({ facts: { id, name, step, config } }: OpenModel): SourceFacts {
  const { size, channels, latent, latentDistribution, classes } = config;
  return {
    kind: "model",
    id: `model ${id}`,
    name,
    step,
    ...sidesOf(size),
    channels,
    latent,
    latentDistribution,
    classes,
    hasDiscriminator: true,
    warnings: [],
  };
}

function factsOfOpened({ id, name, loaded, discriminator, warnings }: Opened): SourceFacts {
  const { size, channels, latent, latentDistribution, classes, origin } = loaded;
  return {
    kind: "opened",
    id,
    name,
    step: origin.step,
    ...sidesOf(size),
    channels,
    latent,
    latentDistribution,
    classes,
    hasDiscriminator: discriminator !== undefined,
    warnings,
  };
}

function usedOf(model: OpenModel): Used {
  const { facts: { name, step, config }, sampled, generator, discriminator } = model;
  const { size, channels, latent, latentDistribution, classes } = config;
  return {
    facts: factsOf(model),
    loaded: {
      generator: sampled,
      size,
      channels,
      latent,
      latentDistribution,
      classes,
      architecture: inferGenerator(shapesOf(sampled), name, size),
      origin: { name, step, weights: sampled === generator ? "raw" : "ema" },
      warnings: [],
    },
    discriminator: { network: discriminator, pack: packOf(discriminator, config) },
  };
}

/** Pictures that a discriminator takes at once. */
export function packOf(
  discriminator: Network,
  { channels, size }: { readonly channels: number; readonly size: ImageSize },
): number {
  return inferDiscriminator(shapesOf(discriminator), undefined, channels, size).pack;
}

function shapesOf({ parameters }: Network): NamedShapes {
  return new Map([...parameters].map(([name, { layout }]) => [name, layout]));
}
