import { host } from "../../../src/host/host.ts";
import { basename as lastPart } from "../../../src/host/paths.ts";
import { sha256 } from "../../../src/files/sha256.ts";
import { type Channels, imageSizeOf } from "../../../src/pictures/mod.ts";
import {
  type Dataset,
  DatasetError,
  type Labels,
  type OpenRequest,
  type SkippedPicture,
} from "../contract.ts";
import { medianSize } from "./median_size.ts";
import type { EncodedPicture, PictureFit, PictureLoader } from "./load_pictures.ts";
import { type cacheChoices, openStore } from "./open_store.ts";
import type { PictureOptions } from "./picture_options.ts";
import type { PictureStore } from "./picture_store.ts";
import { release } from "./release.ts";
import { MOST_SECONDS, WorkerPool } from "./worker_pool.ts";
import type { PictureSource } from "../sources/picture_source.ts";
import { messageOf, quote } from "../messages.ts";

/**
 * The share of the time limit of a read that one picture may take, so that a few that hang do not end the
 * run.
 */
const SHARE_OF_TIME = 1 / 4;

/**
 * Most pictures that a worker is sent at once: messages take time, and so do workers that wait for the last
 * one.
 */
const CHUNK = 32;

/** Most pictures that are looked at to find out how large they are. */
const SIZED = 9;

/** Which pictures of a source a dataset has. */
export interface PictureSelection {
  /** Their names, in the order of their indices; all of the source's, if not given. */
  readonly names?: readonly string[];
  /** Their labels; those of the source, or their folders, if not given. */
  readonly labels?: Readonly<Record<string, Labels>>;
}

/**
 * Opens the pictures of a source as a dataset, with folders as classes: see `folder`. It owns the source from
 * here on: the source is closed with the dataset, and if anything fails before there is one.
 *
 * @param request What is wanted.
 * @param data Path of the source, for messages.
 * @param source Where the pictures are.
 * @param select Chooses among them.
 */
export async function openPictureDataset<Source extends PictureSource>(
  request: OpenRequest<PictureOptions>,
  data: string,
  source: Source,
  select: (source: Source) => PictureSelection | Promise<PictureSelection> = () => ({}),
): Promise<Dataset> {
  const { width, height, channels = 3, options: { memory, cache, workers, crop }, signal } = request;
  let store: PictureStore | undefined;
  try {
    const { names = source.names, labels = source.labels } = await select(source);
    const passed = source.passed?.sentence() ?? "";
    if (passed !== "") request.report(passed);
    store = await openStore({
      ...request,
      data,
      length: names.length,
      each: width * height * channels,
      memory: memory * 2 ** 20,
      cache: cache as typeof cacheChoices[number],
      variant: JSON.stringify({ size: imageSizeOf(request), channels, crop, view: source.view }),
      fingerprint: async () => {
        const hash = await sha256(names.values().map((name) => `${name}\0`));
        return `${hash} ${await source.fingerprint(names, signal)}`;
      },
    });
    const seconds = Math.min(MOST_SECONDS, SHARE_OF_TIME * (request.timeLimit ?? Infinity));
    const pool = new WorkerPool(workers, undefined, seconds);
    const chosen = { source, names, labels: labels ?? folderLabels(names, lastPart(data)) };
    return new PictureDataset(request, data, chosen, store, pool);
  } catch (cause) {
    store?.[Symbol.dispose]();
    await source.close();
    throw cause;
  }
}

/** The pictures of a source as a dataset. */
class PictureDataset implements Dataset {
  readonly length: number;
  readonly shape: readonly [number, number, Channels];
  readonly labels: Readonly<Record<string, Labels>>;
  readonly skipped: SkippedPicture[] = [];
  readonly #request: OpenRequest<PictureOptions>;
  readonly #data: string;
  readonly #source: PictureSource;
  readonly #names: readonly string[];
  readonly #store: PictureStore;
  readonly #loader: PictureLoader;
  readonly #fit: PictureFit;
  /** Class of each picture; all 0 if there are no classes. */
  readonly #classes: Uint32Array;
  readonly #broken = new Set<number>();
  #toldStandIn = false;

  constructor(
    request: OpenRequest<PictureOptions>,
    data: string,
    { source, names, labels }: Required<PictureSelection> & { readonly source: PictureSource },
    store: PictureStore,
    loader: PictureLoader,
  ) {
    const { width, height, channels = 3 } = request;
    this.#request = request;
    this.#data = data;
    this.#source = source;
    this.#names = names;
    this.#store = store;
    this.#loader = loader;
    this.#fit = { size: imageSizeOf(request), channels };
    this.length = names.length;
    this.shape = [height, width, channels];
    this.labels = labels;
    const label = this.labels.class;
    this.#classes = new Uint32Array(names.length);
    if (label) { for (const index of names.keys()) this.#classes[index] = label.at(index); }
  }

  async read(indices: ArrayLike<number>, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    const [height, width, channels] = this.shape;
    const each = height * width * channels;
    const placeOf = (position: number) => into.subarray(position * each, (position + 1) * each);
    const missing: number[] = [];
    // A broken picture is not tried again until the dataset is reopened: some take a minute to fail
    const broken: number[] = [];
    for (let position = 0; position < indices.length; position++) {
      if (this.#store.get(indices[position]!, placeOf(position))) continue;
      (this.#broken.has(indices[position]!) ? broken : missing).push(position);
    }
    if (missing.length + broken.length === 0) return;
    this.#checkShare();
    for (const position of broken) {
      placeOf(position).set(await this.#replacementOf(indices[position]!, signal));
    }
    // Small enough that all workers have something to do
    const share = Math.ceil(missing.length / (4 * (this.#request.options.workers || 1)));
    const chunk = Math.max(1, Math.min(CHUNK, share));
    const chunks = Array.from(
      { length: Math.ceil(missing.length / chunk) },
      (_, i) => missing.slice(i * chunk, (i + 1) * chunk),
    );
    await Promise.all(chunks.map(async (positions) => {
      const { pixels, failures } = await this.#load(positions.map((position) => indices[position]!), signal);
      for (const [at, position] of positions.entries()) {
        const index = indices[position]!;
        const target = placeOf(position);
        const failure = failures.get(at);
        if (failure === undefined) {
          target.set(pixels.subarray(at * each, (at + 1) * each));
          this.#store.put(index, target);
        } else {
          this.#skip(index, failure);
          target.set(await this.#replacementOf(index, signal));
        }
      }
      release(pixels);
    }));
  }

  get replaced(): ReadonlySet<number> {
    return this.#broken;
  }

  nativeSize(): Promise<number | undefined> {
    const apart = Math.ceil(this.length / SIZED);
    const names = this.#names.filter((_, index) => index % apart === 0);
    return medianSize(names.map((name) => () => this.#source.read(name)));
  }

  async close(): Promise<void> {
    this.#loader[Symbol.dispose]();
    this.#store[Symbol.dispose]();
    await this.#source.close();
  }

  #load(indices: readonly number[], signal: AbortSignal | undefined) {
    return this.#loader.load(() => Promise.all(indices.map((index) => this.#open(index))), this.#fit, signal);
  }

  /** A picture's file, for a worker to read, or its bytes. */
  async #open(index: number): Promise<EncodedPicture> {
    const name = this.#names[index]!;
    const crop = this.#request.options.crop === "random" ? host().crc32(name) / 0xffffffff : 0.5;
    const place = this.#source.placeOf?.(name);
    if (place !== undefined) return { file: place, crop };
    try {
      return { file: await this.#source.read(name), crop };
    } catch (cause) {
      return { file: { failure: messageOf(cause) }, crop };
    }
  }

  /**
   * The next picture of the class of a broken one that can be decoded, or the next of all if its class has
   * none. It is not kept, so that a repaired one is found.
   */
  async #replacementOf(index: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    this.#checkShare();
    for (const isSame of [true, false]) {
      for (let step = 1; step < this.length; step++) {
        const at = (index + step) % this.length;
        if ((this.#classes[at] === this.#classes[index]) !== isSame || this.#broken.has(at)) continue;
        const { pixels, failures } = await this.#load([at], signal);
        if (failures.size === 0) {
          if (!isSame) this.#tellStandIn(index);
          return pixels;
        }
        this.#skip(at, failures.get(0)!);
        this.#checkShare();
      }
    }
    const none = `None of the pictures in ${quote(this.#data)} can be used`;
    throw new DatasetError(`${none}: ${this.#firstSkipped()}`);
  }

  /** Says, the first time, that a label no longer fits its picture. */
  #tellStandIn(index: number): void {
    const label = this.labels.class?.classes?.[this.#classes[index]!];
    if (label === undefined || this.#toldStandIn) return;
    this.#toldStandIn = true;
    const none = `No picture of class ${quote(label)} in ${quote(this.#data)} can be used`;
    this.#request.report(`${none}: others stand in for it, and for every class like it`);
  }

  #skip(index: number, reason: string): void {
    // Another read may have found it at the same time
    if (this.#broken.has(index)) return;
    this.#broken.add(index);
    this.skipped.push({ name: this.#names[index]!, reason });
  }

  #checkShare(): void {
    const { broken } = this.#request.options;
    if (this.skipped.length <= this.length * broken / 100) return;
    throw new DatasetError(
      `At least ${this.skipped.length} of the ${this.length} pictures in ${
        quote(this.#data)
      } cannot be used, ` +
        `more than the ${broken}% that option "broken" allows: ${this.#firstSkipped()}. ` +
        `Remove them, or allow more`,
    );
  }

  #firstSkipped(): string {
    const { name, reason } = this.skipped[0]!;
    return `the first is ${name} (${reason})`;
  }
}

/**
 * The last folders on the paths of pictures as their classes, none if it is one and the same. Pictures that
 * lie in no folder are of the class `top`.
 */
function folderLabels(names: readonly string[], top: string): Readonly<Record<string, Labels>> {
  const found = new Map<string, number>();
  const numbers = new Uint32Array(names.length);
  // Names of one folder mostly follow each other
  let folder: string | undefined;
  let number = 0;
  for (const [index, name] of names.entries()) {
    const end = Math.max(0, name.lastIndexOf("/"));
    if (folder === undefined || folder.length !== end || !name.startsWith(folder)) {
      folder = name.slice(0, end);
      const label = folder === "" ? top : folder.slice(folder.lastIndexOf("/") + 1).normalize();
      number = found.get(label) ?? found.size;
      found.set(label, number);
    }
    numbers[index] = number;
  }
  const classes = [...found.keys()].sort();
  if (classes.length < 2) return {};
  const places = new Uint32Array(classes.length);
  for (const [place, label] of classes.entries()) places[found.get(label)!] = place;
  return { class: { classes, at: (index) => places[numbers[index]!]! } };
}
