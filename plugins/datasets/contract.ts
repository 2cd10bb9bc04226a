import type { Channels } from "../../src/pictures/mod.ts";

/** Version of the contract between dataset plugins and this module. */
export const DATASET_API_VERSION = 1;

/** An option of a dataset that is a number, as JSON Schema describes one. */
export interface NumberOption {
  /** Kind of the value: any number, or whole numbers only. */
  readonly type: "number" | "integer";
  /** What it does, in one line. */
  readonly description: string;
  /** Value if none is given. */
  readonly default: number;
  /** Least value allowed. */
  readonly minimum?: number;
  /** Most allowed. */
  readonly maximum?: number;
}

/** An option of a dataset that is text, or one of a few words, as JSON Schema describes one. */
export interface StringOption {
  /** Kind of the value. */
  readonly type: "string";
  /** What it does, in one line. */
  readonly description: string;
  /** Value if none is given. */
  readonly default: string;
  /** The words that are allowed; any text without it. */
  readonly enum?: readonly string[];
}

/** An option of a dataset that is true or false, as JSON Schema describes one. */
export interface BooleanOption {
  /** Kind of the value. */
  readonly type: "boolean";
  /** What it does, in one line. */
  readonly description: string;
  /** Value if none is given. */
  readonly default: boolean;
}

/**
 * An option that a dataset declares: a JSON Schema of a plain value. Checks, help, error messages and a flag
 * of the command line, `--data-` and its name, follow from it.
 */
export type PluginOption = NumberOption | StringOption | BooleanOption;

/** The options that a dataset declares, by name. */
export type PluginOptions = Readonly<Record<string, PluginOption>>;

/** The type of an option's value. */
export type PluginOptionValue<O extends PluginOption> = O extends NumberOption ? number
  : O extends StringOption ? string
  : boolean;

/** The values of declared options: all of them, defaults filled in. */
export type PluginOptionValues<O extends PluginOptions> = {
  readonly [K in keyof O]: PluginOptionValue<O[K]>;
};

/** A file that a dataset can download. */
export interface RemoteFile {
  /**
   * Where it is kept, from the folder for downloads, with `/` between the parts:
   * `mnist/train-images-idx3-ubyte.gz`.
   */
  readonly path: string;
  /** URLs to download it from, tried in this order. */
  readonly urls: readonly string[];
  /** Its length in bytes, if that is known. Without it, no more than 16 GiB are downloaded. */
  readonly size?: number;
  /** SHA-256 of the file in hexadecimal digits, if that is known. */
  readonly sha256?: string;
  /** SHA-256 of what gzip unpacks the file to, for files that every server packs in its own way. */
  readonly contentSha256?: string;
}

/** Progress of something that takes time. */
export interface DatasetProgress {
  /** What is being done, such as the name of the file that is downloaded. */
  readonly what: string;
  /** Bytes, or images, that are done. */
  readonly done: number;
  /** All of them, if their number is known. */
  readonly total?: number;
  /** What is counted. */
  readonly unit: "bytes" | "images";
}

/** What a dataset receives when it is opened. */
export interface OpenRequest<O extends PluginOptions = PluginOptions> {
  /** Width of the images that training needs, in pixels. */
  readonly width: number;
  /** Height of them, in pixels. */
  readonly height: number;
  /** The shorter of the two, which are the same unless the user asks for images that are not square. */
  readonly size: number;
  /**
   * Channels that training needs: 1 for gray, 3 for color, or one more with alpha. If it is missing, the
   * dataset decides.
   */
  readonly channels?: Channels;
  /** Path of the folder or file that holds the data, if the user named one. */
  readonly data?: string;
  /** Values of the declared options, checked, defaults filled in. */
  readonly options: PluginOptionValues<O>;
  /**
   * Folder where downloads may be kept between runs; it need not exist yet. Missing if the user's folder for
   * caches is not known.
   */
  readonly cacheDir?: string;
  /** Servers to try before the dataset's own: the start of a URL, which the name of a file completes. */
  readonly mirrors: readonly string[];
  /** Whether the dataset must not use the network. */
  readonly offline: boolean;
  /** Seconds that a read may take before the dataset counts as hung, if there is a limit. */
  readonly timeLimit?: number;
  /** Aborts when the user stops. */
  readonly signal: AbortSignal;
  /** Shows the user one line, such as that a download has started. */
  readonly report: (message: string) => void;
  /** Reports the progress of a download. A plugin that reports now and then does not count as hung. */
  readonly progress: (progress: DatasetProgress) => void;
}

/** What is known about every image: a class, or a number that varies. */
export interface Labels {
  /** Names of the classes; if it is missing, the label is a plain number. */
  readonly classes?: readonly string[];
  /** The label of an image: a place in `classes`, or any finite number. The same every time. */
  at(index: number): number;
}

/** A picture that could not be used. */
export interface SkippedPicture {
  /** Path of the picture within the data. */
  readonly name: string;
  /** What is wrong with it. */
  readonly reason: string;
}

/** An open dataset: images of one shape that can be read in any order. */
export interface Dataset {
  /** Number of images, from 1 to 2^32 - 1. */
  readonly length: number;
  /** Height, width and channels of every image: those that were asked for. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /**
   * What is known about the images, by name. Four plain numbers called `NAME_left`, `NAME_top`, `NAME_right`
   * and `NAME_bottom` beside a label NAME with classes are the box of what it says, as shares of the width
   * and height.
   */
  readonly labels?: Readonly<Record<string, Labels>>;
  /** Pictures that were left out so far; it may grow while images are read. */
  readonly skipped?: readonly SkippedPicture[];
  /**
   * Indices of the skipped images that other images replace. A caller that wants each image once, as
   * `datasets pack` does, leaves them out.
   */
  readonly replaced?: ReadonlySet<number>;
  /**
   * The shorter side of its pictures as they are stored, in pixels, before they are resized; of some of them
   * the median, if they differ. Training that may choose its size does not choose a larger one. Without it,
   * or if it gives undefined, that is not known.
   */
  nativeSize?(): number | undefined | Promise<number | undefined>;
  /**
   * Reads images: image `indices[i]` goes to `into` from `i * height * width * channels` on, rows from the
   * top, channels side by side (NHWC), levels from 0 (black) to 255, alpha last and not multiplied in. The
   * same index gives the same bytes every time, in any order, and the same index may occur twice.
   */
  read(indices: ArrayLike<number>, into: Uint8Array, signal?: AbortSignal): void | Promise<void>;
  /** Closes files and frees memory. Nothing is read afterwards. */
  close?(): void | Promise<void>;
}

/** A dataset plugin: a plain object, the default export of a module. */
export interface DatasetPlugin<O extends PluginOptions = PluginOptions> {
  /** Version of this contract that the plugin is written for. */
  readonly apiVersion: typeof DATASET_API_VERSION;
  /** Name, for messages. */
  readonly name: string;
  /** What it is, in one line, for help. */
  readonly description?: string;
  /** Homepage of the dataset. */
  readonly homepage?: string;
  /** License of the data. */
  readonly license?: string;
  /** All files that it may download. Without them `datasets fetch` opens the dataset instead. */
  readonly files?: readonly RemoteFile[];
  /** The options that it takes; none without it. */
  readonly options?: O;
  /** Opens the dataset. May be called again while an earlier one is open. */
  // A method, so that a plugin with options of its own is still a DatasetPlugin
  open(request: OpenRequest<O>): Dataset | Promise<Dataset>;
}

/**
 * Returns the plugin as it is, and gives its `open` the types of the options that it declares.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineDataset } from "@x/dcgan/datasets";
 *
 * // In a file of its own this is what follows `export default`
 * const stripes = defineDataset({
 *   apiVersion: 1,
 *   name: "stripes",
 *   options: {
 *     period: { type: "number", description: "pixels from stripe to stripe", default: 8, minimum: 2 },
 *   },
 *   open: ({ width, height, options }) => ({
 *     length: 1000,
 *     shape: [height, width, 1],
 *     read(indices, into) {
 *       for (let i = 0; i < into.length; i++) {
 *         const shift = indices[Math.floor(i / (width * height))]!;
 *         into[i] = (i % width + shift) % options.period < options.period / 2 ? 255 : 0;
 *       }
 *     },
 *   }),
 * });
 * assertEquals(stripes.options?.period.default, 8);
 * ```
 */
export function defineDataset<const O extends PluginOptions = Record<never, never>>(
  plugin: DatasetPlugin<O>,
): DatasetPlugin<O> {
  return plugin;
}

/**
 * What a {@linkcode DatasetError} is about, for callers that decide by it:
 *
 * - `not-downloaded`: a file is missing, and the network may not be used
 * - `unauthorized`: a server requires a token, or another one
 * - `breaks-contract`: a plugin does not return what the contract requires
 * - `other-format`: a file is plainly something else, such as a web page that was saved in its place
 */
export type DatasetErrorKind = "not-downloaded" | "unauthorized" | "breaks-contract" | "other-format";

/** Thrown if a dataset cannot be found, opened or read; the message says what is wrong and what to do. */
export class DatasetError extends Error {
  /** Name of the class. */
  override name = "DatasetError";
  /** The kind of problem, for callers that decide by it. An error that wraps another one has its kind. */
  readonly kind: DatasetErrorKind | undefined;

  /** `kind` is for errors that callers handle differently. */
  constructor(message?: string, { kind, ...options }: ErrorOptions & { kind?: DatasetErrorKind } = {}) {
    super(message, options);
    this.kind = kind ?? (options.cause instanceof DatasetError ? options.cause.kind : undefined);
  }
}
