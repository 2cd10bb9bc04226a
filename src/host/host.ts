/**
 * What this module needs of the runtime that it runs in: files, the environment, permissions, checksums,
 * unpacking. Everything else in it is plain JavaScript and WebGPU. Names and meanings are those of Deno;
 * `deno.ts`, `node.ts` and `browser.ts` are the implementations, and entry points choose one.
 *
 * @module
 */
import type { HostFiles } from "./files.ts";
import type { Codecs } from "./codecs.ts";

export type * from "./files.ts";
export { type Codecs, type PackedFormat, type Sha256, UnpackError, type UnpackOptions } from "./codecs.ts";

/** Where a position in a file is counted from. */
export const SeekMode = { Start: 0, Current: 1, End: 2 } as const;

/** A runtime. */
export interface Host extends HostFiles, Codecs {
  /** Name and version, as in "Deno 2.9.6". */
  readonly runtime: string;
  /** Which of the implementations. Bun has Node's. */
  readonly kind: "deno" | "node" | "browser";
  /** The operating system, as Deno names it: "linux", "darwin", "windows"; a page says "browser". */
  readonly system: string;
  /** The processor, as in "x86_64". */
  readonly arch: string;
  /** Both, as exactly as is known. */
  readonly target: string;
  /** Paths of this system. */
  readonly path: HostPaths;
  /** Paths with slashes, such as those in archives. */
  readonly posix: HostPaths;
  /** WebGPU; undefined if there is none. */
  gpu(): Promise<GPU | undefined>;
  /** The package imagescript, which is native code; undefined if it cannot run, or only after a prompt. */
  imagescript(): Promise<Imagescript | undefined>;
  /** A variable of the environment; undefined if it is not set or may not be read unasked. */
  env(name: string): string | undefined;
  /** Whether something is allowed, without a prompt. Runtimes without permissions allow it. */
  may(name: "read" | "write" | "env" | "ffi" | "uid", what?: string): boolean;
  /** Whether an error is one of the network, as `fetch()` throws it beside a `TypeError`. */
  isNetworkError(error: unknown): boolean;
  /** The user of this process; null where there are none. */
  uid(): number | null;
  /** The current folder. */
  cwd(): string;
  /** The path of a `file:` URL. */
  fromFileUrl(url: string | URL): string;
  /** The `file:` URL of a path. */
  toFileUrl(path: string): URL;
  /** Lets the process end while a timer runs. */
  unrefTimer(timer: ReturnType<typeof setTimeout>): void;
  /** Whether `new Worker()` can run a module of this package, without a prompt. */
  canStartWorker(module: URL): boolean;
}

/** The part of imagescript that is used. */
export interface Imagescript {
  /** Decodes a picture; an animated one is an array of frames. */
  decode(bytes: Uint8Array, onlyFirst: boolean): Promise<ImagescriptFrame | ArrayLike<ImagescriptFrame>>;
}

/** A picture as imagescript has it: red, green, blue and alpha. */
export interface ImagescriptFrame {
  /** Pixels across. */
  readonly width: number;
  /** Pixels down. */
  readonly height: number;
  /** Their values. */
  readonly bitmap: Uint8ClampedArray;
}

/** Functions of paths, as in `node:path`. */
export interface HostPaths {
  /** What separates the parts. */
  readonly sep: string;
  /** The last part, without an ending that is given. */
  basename(path: string, suffix?: string): string;
  /** All but the last part. */
  dirname(path: string): string;
  /** The extension, with its dot. */
  extname(path: string): string;
  /** Whether it does not depend on the current folder. */
  isAbsolute(path: string): boolean;
  /** Parts one after the other. */
  join(...parts: string[]): string;
  /** The way from one to another. */
  relative(from: string, to: string): string;
  /** The path from the root on. */
  resolve(...parts: string[]): string;
}

let current: Host | undefined;
let last: Host | undefined;

/** The runtime that this runs in. */
export function host(): Host {
  const found = current ?? last;
  if (found) return found;
  throw new Error(
    "Cannot reach files: no host is set. Import an entry point of this module, or src/host/on_native.ts",
  );
}

/** Sets the runtime. */
export function setHost(host: Host): void {
  current = host;
}

/** Sets the runtime that an entry point is for, if none is set. */
export function offerHost(host: Host): void {
  current ??= host;
}

/** Sets the runtime for where no other entry point sets one, before or after. */
export function offerLast(host: Host): void {
  last ??= host;
}
