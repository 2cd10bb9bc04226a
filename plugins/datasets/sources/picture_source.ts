import { host } from "../../../src/host/host.ts";
import { DatasetError, type Labels } from "../contract.ts";
import { quote } from "../messages.ts";
import type { FilePart } from "./file_part.ts";
import type { PassedOver } from "./passed_over.ts";

/** Where the pictures of a dataset are: a folder, or an archive. */
export interface PictureSource {
  /** Paths of the pictures within the source, `/` between their parts, in the order of UTF-16 code units. */
  readonly names: readonly string[];
  /** Which of several pictures of the same names these are, if files hold more than one: a column. */
  readonly view?: string;
  /**
   * What is known of each, in the order of the names; without it the last folder on its path is its class.
   */
  readonly labels?: Readonly<Record<string, Labels>>;
  /** What was found beside the pictures and is not used; it is reported when the source is opened. */
  readonly passed?: PassedOver;
  /** The bytes of one of the pictures. */
  read(name: string): Promise<Uint8Array>;
  /**
   * Where a picture lies, so that a worker can read it: path of a file, or part of one. Without it they are
   * sent.
   */
  placeOf?(name: string): string | FilePart;
  /** Identifies the files of these pictures: it changes with any path, size or date. */
  fingerprint(names: readonly string[], signal: AbortSignal): Promise<string>;
  /** Gives back what is open. */
  close(): Promise<void>;
}

/** Endings of files that count as pictures whatever they hold, in lower case. */
const pictureExtensions: readonly string[] = [
  ...[".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".pjpeg", ".pjp"],
  ...[".png", ".gif", ".bmp", ".dib", ".webp"],
];

/**
 * Whether a path is that of a picture by its name; what systems leave behind in folders and archives is none.
 */
export function isPicture(path: string): boolean {
  return !isHidden(path) && hasPictureEnding(path);
}

/** Whether a name ends as that of a picture does. */
export function hasPictureEnding(path: string): boolean {
  return pictureExtensions.includes(host().posix.extname(path).toLowerCase());
}

/**
 * Whether a path is that of something that is hidden, or that systems leave behind: `.DS_Store`,
 * `__MACOSX/._a.png`, `Thumbs.db`, thumbnails in `@eaDir`, what was deleted.
 */
export function isHidden(path: string): boolean {
  return hidden.test(path);
}

const hidden =
  /(?:^|\/)(?:\.|(?:__MACOSX|@eaDir|\$RECYCLE\.BIN|System Volume Information)(?:\/|$)|(?:Thumbs\.db|desktop\.ini)$)/i;

/** Hidden files and folders that programs make for themselves; `._` is before the names of files of macOS. */
const ofPrograms =
  /(?:^|\/)(?:\._|\.(?:git|svn|hg|ipynb_checkpoints|cache|thumbnails|DS_Store|AppleDouble|Spotlight-V100|fseventsd|TemporaryItems|Trash[^/]*)(?:\/|$))/i;

/** Whether a path looks hidden by its owner's choice: only its last part, and not by a program. */
export function isHiddenByChoice(path: string): boolean {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  return /(?:^|\/)\.[^/]*$/.test(path) && !isHidden(folder) && !ofPrograms.test(path);
}

/** The error for a source without pictures, which says what was found instead. */
export function noPictures(source: string, found: readonly string[] | PassedOver): DatasetError {
  const must = `${quote(source)} must hold pictures (JPEG, PNG, GIF, BMP or WebP)`;
  if (Array.isArray(found)) return new DatasetError(`${must}, found ${endingsOf(found)}`);
  const passed = found as PassedOver;
  if (passed.count === 0) return new DatasetError(`${must}, found no files`);
  const { found: others, advice } = passed.list();
  const examples = passed.examples();
  const set = examples.map(setOf).find((name) => name !== undefined);
  const hints = set === undefined
    ? [advice]
    : [`Files of this kind are read by --data ${set} --data-root ${quote(source)}.`];
  // Tars may be shards, but hardly within another archive
  const areShards = examples.some((name) => /\.tar$/i.test(name)) && !/\.(?:tar|zip)$/i.test(source);
  if (areShards) hints.push(`Shards are read by --data webdataset --data-root ${quote(source)}.`);
  const hint = hints.filter((text) => text !== "").join(" ");
  return new DatasetError(`${must}, found ${others}${hint === "" ? "" : `. ${hint}`}`);
}

/** Files of datasets that another plugin reads, by their names. */
const wellKnown: readonly (readonly [name: RegExp, dataset: string])[] = [
  [/idx[13]-ubyte(?:\.gz)?$/, "mnist"],
  [/cifar-100/, "cifar100"],
  [/cifar-10|(?:^|\/)(?:data|test)_batch(?:_\d)?(?:\.bin)?$/, "cifar10"],
  [/img_align_celeba|list_attr_celeba/, "celeba"],
  [/\.parquet$/i, "huggingface"],
];

/** The dataset that reads a file, by its name. */
export function setOf(name: string): string | undefined {
  return wellKnown.find(([pattern]) => pattern.test(name))?.[1];
}

function endingsOf(found: readonly string[]): string {
  if (found.length === 0) return "no files";
  const endings = [
    ...new Set(found.map((name) => host().posix.extname(name).toLowerCase() || host().posix.basename(name))),
  ].sort();
  const shown = endings.slice(0, 5).join(", ") + (endings.length > 5 ? ", ..." : "");
  return `${found.length} other ${found.length === 1 ? "file" : "files"} (${shown})`;
}
