/** Files as {@linkcode Host} gives them: the part of Deno's functions that is used here. */
export interface HostFiles {
  /** Opens a file to read, if the options say nothing else. */
  open(path: string | URL, options?: OpenOptions): Promise<HostFile>;
  /** As {@linkcode open}, at once. A page's own file system cannot. */
  openSync(path: string | URL, options?: OpenOptions): HostFile;
  readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>>;
  readTextFile(path: string | URL): Promise<string>;
  writeFile(path: string | URL, bytes: Uint8Array, options?: { createNew?: boolean }): Promise<void>;
  writeTextFile(path: string | URL, text: string, options?: { createNew?: boolean }): Promise<void>;
  writeTextFileSync(path: string | URL, text: string, options?: { createNew?: boolean }): void;
  mkdir(path: string, options?: { recursive?: boolean; mode?: number }): Promise<void>;
  remove(path: string, options?: { recursive?: boolean }): Promise<void>;
  /** Removes a file. In a page's own file system it is gone before whatever is asked next. */
  removeSync(path: string): void;
  /** Gives a file or folder another name; a file of that name gives way. */
  rename(from: string, to: string): Promise<void>;
  truncate(path: string, length: number): Promise<void>;
  readDir(path: string): AsyncIterable<DirEntry>;
  stat(path: string | URL): Promise<FileInfo>;
  statSync(path: string | URL): FileInfo;
  lstat(path: string): Promise<FileInfo>;
  realPath(path: string): Promise<string>;
  /** Forces the names in a folder to disk, where that is needed. */
  syncFolder(path: string): Promise<void>;
  /** What an error of these functions says; undefined if it is none of theirs, or another problem. */
  problemOf(error: unknown): FileProblem | undefined;
}

/** What may be wrong with a file. `NotCapable` is a permission of the runtime, as Deno has them. */
export type FileProblem =
  | "NotFound"
  | "AlreadyExists"
  | "NotADirectory"
  | "IsADirectory"
  | "PermissionDenied"
  | "NotCapable"
  | "NoSpace";

/** How a file is opened. */
export interface OpenOptions {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly create?: boolean;
  readonly createNew?: boolean;
  readonly truncate?: boolean;
}

/** Where a position is counted from: the start, the current position, or the end. */
export type SeekFrom = 0 | 1 | 2;

/** An open file. */
export interface HostFile extends Disposable {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  read(bytes: Uint8Array): Promise<number | null>;
  readSync(bytes: Uint8Array): number | null;
  write(bytes: Uint8Array): Promise<number>;
  writeSync(bytes: Uint8Array): number;
  seek(offset: number, from: SeekFrom): Promise<number>;
  seekSync(offset: number, from: SeekFrom): number;
  truncate(length?: number): Promise<void>;
  truncateSync(length?: number): void;
  stat(): Promise<FileInfo>;
  statSync(): FileInfo;
  /** Forces its bytes to disk. */
  sync(): Promise<void>;
  /** Takes the file for this process until it is closed, if no other has it. */
  tryLock(exclusive: boolean): Promise<boolean>;
  close(): void;
}

/** What is in a folder. */
export interface DirEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
}

/** What is known of a file. */
export interface FileInfo {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
  readonly size: number;
  readonly mtime: Date | null;
  readonly dev: number | null;
  readonly ino: number | null;
  readonly mode: number | null;
  readonly uid: number | null;
  readonly isBlockDevice: boolean | null;
  readonly isCharDevice: boolean | null;
  readonly isFifo: boolean | null;
  readonly isSocket: boolean | null;
}
