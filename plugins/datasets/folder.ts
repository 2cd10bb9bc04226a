import { basename, dirname } from "node:path/posix";
import { basename as lastPart } from "node:path";
import { decodePicture, fitPicture } from "../../src/pictures/mod.ts";
import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  defineDataset,
  type Labels,
  type NumberOption,
  type OpenRequest,
  type SkippedPicture,
  type StringOption,
} from "./contract.ts";
import { openSource } from "./sources/open_source.ts";
import type { PictureSource } from "./sources/picture_source.ts";
import { messageOf, quote } from "./wording.ts";

/** The options of every dataset of picture files. */
export interface PictureOptions extends Record<string, NumberOption | StringOption> {
  /** Most of the pictures that may be broken. */
  readonly broken: NumberOption;
  /** Memory for decoded pictures. */
  readonly memory: NumberOption;
}

/** The options of {@linkcode folder}. */
export interface FolderOptions extends PictureOptions {
  /** Folder within the data. */
  readonly within: StringOption;
}

/** The options of every dataset of picture files, to declare. */
export const pictureOptions: PictureOptions = {
  broken: {
    type: "number",
    description: "percentage of the pictures that may be broken before training fails",
    default: 5,
    minimum: 0,
    maximum: 100,
  },
  memory: {
    type: "number",
    description: "MiB of decoded pictures to keep in memory",
    default: 1024,
    minimum: 0,
  },
};

/**
 * A folder, a zip or a tar of pictures, with folders in it as classes: the label `class` is the last folder on a picture's
 * path, so `train/cat/1.jpg` and `test/cat/2.jpg` are both of class `cat`. Pictures that all lie in one folder have no
 * label.
 *
 * Each picture is cut to the square in its middle and averaged over area (or interpolated, where it is smaller) to the
 * training size. Images are in the order of their paths. They are decoded when they are first read and then kept in
 * memory, up to a budget; what does not fit is decoded again every time.
 *
 * A picture that cannot be decoded is left out: the next good one of its class takes its place, it is named in
 * `skipped`, and once more than the allowed share was left out, reading fails.
 */
export const folder: DatasetPlugin<FolderOptions> = defineDataset<FolderOptions>({
  apiVersion: 1,
  name: "folder",
  description: "a folder, zip or tar of pictures, sub-folders as classes",
  options: {
    ...pictureOptions,
    within: {
      type: "string",
      description: "only pictures in this folder of the data, such as train",
      default: "",
    },
  },
  open: openPictures,
});

async function openPictures(request: OpenRequest<FolderOptions>): Promise<Dataset> {
  const { data, options, signal } = request;
  if (data === undefined) {
    throw new DatasetError(
      'Dataset "folder" needs data, the path of a folder, zip or tar of pictures: found none',
    );
  }
  const source = await openSource(data, signal);
  const prefix = options.within.replace(/\/+$/, "");
  const names = prefix === "" ? source.names : source.names.filter((name) => name.startsWith(`${prefix}/`));
  if (names.length === 0) {
    await source.close();
    throw new DatasetError(
      `Option "within" must name a folder with pictures in ${quote(data)}: found ${
        quote(options.within)
      }; there are ${[...new Set(source.names.map(dirname))].slice(0, 10).join(", ")}`,
    );
  }
  return new PictureDataset(request, data, source, names);
}

/** The pictures of a source as a dataset. */
export class PictureDataset implements Dataset {
  readonly length: number;
  readonly shape: readonly [number, number, 1 | 3];
  readonly labels: Readonly<Record<string, Labels>>;
  readonly skipped: SkippedPicture[] = [];
  readonly #request: OpenRequest<PictureOptions>;
  readonly #data: string;
  readonly #source: PictureSource;
  readonly #names: readonly string[];
  /** Class of each picture; all 0 where there are no classes. */
  readonly #classes: Uint32Array;
  readonly #broken = new Set<number>();
  /** Decoded pictures of the first indices, and which of them are there. */
  readonly #kept: Uint8Array;
  readonly #isKept: Uint8Array;

  constructor(
    request: OpenRequest<PictureOptions>,
    data: string,
    source: PictureSource,
    names: readonly string[] = source.names,
  ) {
    const { size, channels = 3, options } = request;
    this.#request = request;
    this.#data = data;
    this.#source = source;
    this.#names = names;
    this.length = names.length;
    this.shape = [size, size, channels];
    this.labels = source.labels ?? folderLabels(names, data);
    const label = this.labels.class;
    this.#classes = Uint32Array.from(names, (_, index) => label?.at(index) ?? 0);
    const each = size * size * channels;
    const slots = Math.min(names.length, Math.floor(options.memory * 2 ** 20 / each));
    this.#kept = new Uint8Array(slots * each);
    this.#isKept = new Uint8Array(slots);
  }

  async read(indices: ArrayLike<number>, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    const [height, width, channels] = this.shape;
    const each = height * width * channels;
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i]!;
      const target = into.subarray(i * each, (i + 1) * each);
      if (this.#isKept[index]) {
        target.set(this.#kept.subarray(index * each, (index + 1) * each));
        continue;
      }
      signal?.throwIfAborted();
      target.set(await this.#readGood(index));
      if (index < this.#isKept.length) {
        this.#kept.set(target, index * each);
        this.#isKept[index] = 1;
      }
    }
  }

  async close(): Promise<void> {
    await this.#source.close();
  }

  /** The picture at an index, or the next of its class that can be decoded. */
  async #readGood(index: number): Promise<Uint8Array> {
    this.#checkShare();
    for (let step = 0; step < this.length; step++) {
      const at = (index + step) % this.length;
      if (this.#classes[at] !== this.#classes[index] || this.#broken.has(at)) continue;
      try {
        return await loadPicture(await this.#source.read(this.#names[at]!), this.shape);
      } catch (cause) {
        this.#skip(at, messageOf(cause));
      }
      this.#checkShare();
    }
    const label = this.labels.class?.classes?.[this.#classes[index]!];
    const which = label === undefined ? "" : ` of class ${quote(label)}`;
    throw new DatasetError(
      `None of the pictures${which} in ${quote(this.#data)} can be used: ${this.#firstSkipped()}`,
    );
  }

  #skip(index: number, reason: string): void {
    // Another reading may have found it at the same time
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
      } cannot be used, more ` +
        `than the ${broken} % that option "broken" allows: ${this.#firstSkipped()}`,
    );
  }

  #firstSkipped(): string {
    const { name, reason } = this.skipped[0]!;
    return `the first is ${name} (${reason})`;
  }
}

/** From a file's bytes to an image for training. It depends on nothing else, so that it can run anywhere. */
async function loadPicture(
  bytes: Uint8Array,
  [size, , channels]: readonly [number, number, 1 | 3],
): Promise<Uint8Array> {
  return fitPicture(await decodePicture(bytes), { size, channels }).data;
}

/** The folders that pictures lie in as their classes; none where it is one and the same. */
function folderLabels(names: readonly string[], data: string): Readonly<Record<string, Labels>> {
  const classNames = names.map((name) => classOf(name, data));
  const classes = [...new Set(classNames)].sort();
  if (classes.length < 2) return {};
  const numbers = new Map(classes.map((name, i) => [name, i]));
  const classOfEach = Uint32Array.from(classNames, (name) => numbers.get(name)!);
  return { class: { classes, at: (index) => classOfEach[index]! } };
}

/** Name of the last folder on a picture's path; that of the data itself for pictures that lie in no folder. */
function classOf(name: string, data: string): string {
  const parent = dirname(name);
  return parent === "." ? lastPart(data) : basename(parent);
}
