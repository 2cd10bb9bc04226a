import type { Found, FoundPictures, GivenOptions, KeptRuns, OpenedRun } from "../news.ts";
import { RunLock } from "../../../src/dcgan/run/folder/run_lock.ts";
import { host } from "../../../src/host/host.ts";
import type { GivenFile } from "../../page/given_files.ts";
import type { Engine } from "../../engine/engine.ts";
import { lookAt } from "./look.ts";
import { pointsOf } from "./points.ts";
import { keptFolder, keptRuns } from "./kept_runs.ts";
import { findRun, type SavedRun, unpackRun, zipRun } from "./run_files.ts";
import { Session } from "./session.ts";

/** Where loose pictures are put. */
const LOOSE = "pictures";

/** The worker's side of the Train view: the pictures that were given, and the run. */
export class TrainDesk {
  readonly #engine: Engine;
  #pictures: Pick<FoundPictures, "data" | "name"> | undefined;
  #session: Session | undefined;
  /** Whether the run is not this page's to throw away. */
  #isKept = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The run. */
  get session(): Session {
    if (this.#session) return this.#session;
    throw new Error("Cannot train: there must be a run, found none. Start or open one");
  }

  /** Finds out what files are: pictures, or a saved run, which is opened. */
  async look(files: readonly GivenFile[]): Promise<Found> {
    const run = await findRun(files);
    if (run) return { kind: "run", run: await this.#openRun(await unpackRun(run), run.name) };
    const { given } = this.#engine;
    given.clear();
    const roots = new Set(files.map(({ path }) => path.split("/")[0]!));
    // One folder or file keeps its name; several files get a folder
    const isOne = roots.size === 1 && (files.length > 1 || /\.(zip|tar|tgz|tar\.gz)$/i.test(files[0]!.path) ||
      files[0]!.path.includes("/"));
    const root = isOne ? [...roots][0]! : LOOSE;
    // Runs have this folder
    const name = root === "runs" ? "runs-pictures" : root;
    for (const { path, file } of files) {
      given.add(`/${name}${isOne ? path.slice(root.length) : `/${path}`}`, file);
    }
    return { kind: "pictures", pictures: await this.#found(`./${name}`, name) };
  }

  /** Chooses a built-in dataset. */
  faces(name: string): Promise<FoundPictures> {
    return this.#found("faces", name);
  }

  async #found(data: string, name: string): Promise<FoundPictures> {
    const found = await lookAt(data, name);
    this.#pictures = { data, name };
    return found;
  }

  /** Starts a run on the pictures. */
  async start(options: GivenOptions): Promise<void> {
    if (!this.#pictures) throw new Error("Cannot train: there must be pictures, found none. Give some first");
    const { data, name } = this.#pictures;
    await this.close();
    const session = new Session(this.#engine, name);
    await session.begin({ data, onNan: "rollback", ...options });
    this.#session = session;
    await session.resume();
  }

  /** Has an opened run go on with the pictures that were given. */
  async goOn(): Promise<void> {
    await this.session.begin({
      resume: this.session.out,
      ...(this.#pictures ? { data: this.#pictures.data } : {}),
    });
  }

  /** Has a run that is done go on, for as many steps as it had. */
  async more(): Promise<void> {
    const { session } = this;
    const steps = this.#engine.expectModel().facts.config.steps;
    await session.begin({ resume: session.out, more: steps });
    await session.resume();
  }

  /** The run's folder as a zip. */
  async save(): Promise<SavedRun> {
    return await this.session.save(zipRun);
  }

  /** Ends the run. If the browser keeps runs, it keeps this one, unless it is a copy that learned nothing. */
  async close(): Promise<void> {
    const session = this.#session;
    const isKept = this.#isKept || session?.hasLearned;
    this.#session = undefined;
    this.#isKept = false;
    if (this.#engine.keepsRuns && isKept) await session?.close();
    else await session?.discard();
  }

  /** The runs that the browser keeps. */
  async kept(): Promise<KeptRuns> {
    return this.#engine.keepsRuns ? await keptRuns() : undefined;
  }

  /** Opens a run that the browser keeps. */
  async openKept(name: string): Promise<OpenedRun> {
    const opened = await this.#openRun(keptFolder(name), name);
    this.#isKept = true;
    return opened;
  }

  /** A run that the browser keeps, as a zip. */
  async saveKept(name: string): Promise<SavedRun> {
    return await zipRun(keptFolder(name));
  }

  /** Deletes a run that the browser keeps. */
  async deleteKept(name: string): Promise<void> {
    const folder = keptFolder(name);
    if (await RunLock.isTaken(folder)) {
      throw new Error(
        `Cannot delete ${name}: it must not train, found that it does in another tab. Pause it there`,
      );
    }
    await host().remove(folder, { recursive: true });
  }

  async #openRun(out: string, name: string): Promise<OpenedRun> {
    await this.close();
    const session = new Session(this.#engine, name);
    const { model: { facts }, warnings, samples } = await this.#engine.turns.take(async () => {
      const stored = await session.openStored(out);
      return { model: stored.model, warnings: stored.warnings, samples: await stored.samples() };
    });
    this.#session = session;
    this.#pictures = undefined;
    const hasPictures = facts.config.data === "faces";
    if (hasPictures && facts.step < facts.config.steps) await this.goOn();
    return { model: facts, points: await pointsOf(out, facts.step), samples, hasPictures, warnings };
  }
}
