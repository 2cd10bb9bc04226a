/** Files as {@linkcode Host} gives them: the part of Deno's functions that is used here. */
export interface HostFiles {
  /**
   * Whether appending to a file copies all that it holds, as in a page's private files. What is appended often
   * then best waits until it has to be on disk.
   *
   * @default {false}
   */
  readonly appendsByCopy?: boolean;
  /** Opens a file; to read, if the options say nothing else. */
  open(path: string | URL, options?: OpenOptions): Promise<HostFile>;
  /** As {@linkcode open}, at once. A page's private files cannot. */
  openSync(path: string | URL, options?: OpenOptions): HostFile;
  /** Reads a whole file. */
  readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>>;
  /** Reads a whole file as UTF-8. */
  readTextFile(path: string | URL): Promise<string>;
  /** Writes a whole file, in place of one of that name unless it must be new. */
  writeFile(path: string | URL, bytes: Uint8Array, options?: { createNew?: boolean }): Promise<void>;
  /** As {@linkcode writeFile}, in UTF-8. */
  writeTextFile(path: string | URL, text: string, options?: { createNew?: boolean }): Promise<void>;
  /** As {@linkcode writeTextFile}, at once. */
  writeTextFileSync(path: string | URL, text: string, options?: { createNew?: boolean }): void;
  /** Makes a folder; if `recursive`, those above it as well, and it may be there already. */
  mkdir(path: string, options?: { recursive?: boolean; mode?: number }): Promise<void>;
  /** Removes a file or an empty folder; if `recursive`, with what is in it. */
  remove(path: string, options?: { recursive?: boolean }): Promise<void>;
  /** Removes a file at once. In a page's private files it is gone before whatever is asked next. */
  removeSync(path: string): void;
  /** Gives a file or folder another name; a file of that name gives way. */
  rename(from: string, to: string): Promise<void>;
  /** Cuts a file to a length. */
  truncate(path: string, length: number): Promise<void>;
  /** What is in a folder, in any order. */
  readDir(path: string): AsyncIterable<DirEntry>;
  /** What is known of a file or folder; of what a link leads to. */
  stat(path: string | URL): Promise<FileInfo>;
  /** As {@linkcode stat}, at once. */
  statSync(path: string | URL): FileInfo;
  /** As {@linkcode stat}, but of a link itself. */
  lstat(path: string): Promise<FileInfo>;
  /** The path without links. */
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
  /** Whether it is read; true if nothing else is said. */
  readonly read?: boolean;
  /** Whether it is written. */
  readonly write?: boolean;
  /** Whether it is made if it is not there. */
  readonly create?: boolean;
  /** Whether it must not be there yet. */
  readonly createNew?: boolean;
  /** Whether it is emptied. */
  readonly truncate?: boolean;
}

/** Where a position is counted from: the start, the current position, or the end. */
export type SeekFrom = 0 | 1 | 2;

/** An open file. */
export interface HostFile extends Disposable {
  /** What follows the current position. Reading it to its end closes the file. */
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Reads up to as many bytes as fit. Returns how many, or null at the end of the file. */
  read(bytes: Uint8Array): Promise<number | null>;
  /** As {@linkcode read}, at once. */
  readSync(bytes: Uint8Array): number | null;
  /** Writes bytes, or the first of them. Returns how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** As {@linkcode write}, at once. */
  writeSync(bytes: Uint8Array): number;
  /** Moves the current position. Returns it. */
  seek(offset: number, from: SeekFrom): Promise<number>;
  /** As {@linkcode seek}, at once. */
  seekSync(offset: number, from: SeekFrom): number;
  /** Cuts it to a length, 0 without one. */
  truncate(length?: number): Promise<void>;
  /** As {@linkcode truncate}, at once. */
  truncateSync(length?: number): void;
  /** What is known of it. */
  stat(): Promise<FileInfo>;
  /** As {@linkcode stat}, at once. */
  statSync(): FileInfo;
  /** Forces its bytes to disk. */
  sync(): Promise<void>;
  /** Takes the file for this process until it is closed. Returns whether no other has it. */
  tryLock(exclusive: boolean): Promise<boolean>;
  /** Closes it. */
  close(): void;
}

/** What is in a folder. */
export interface DirEntry {
  /** Its name. */
  readonly name: string;
  /** Whether it is a file. */
  readonly isFile: boolean;
  /** Whether it is a folder. */
  readonly isDirectory: boolean;
  /** Whether it is a link. */
  readonly isSymlink: boolean;
}

/** What is known of a file; null is what the system does not tell. */
export interface FileInfo {
  /** Whether it is a file. */
  readonly isFile: boolean;
  /** Whether it is a folder. */
  readonly isDirectory: boolean;
  /** Whether it is a link. */
  readonly isSymlink: boolean;
  /** Bytes. */
  readonly size: number;
  /** When it was written last. */
  readonly mtime: Date | null;
  /** The device that it is on. */
  readonly dev: number | null;
  /** Its number there. */
  readonly ino: number | null;
  /** Who may do what with it, as in POSIX. */
  readonly mode: number | null;
  /** Its owner. */
  readonly uid: number | null;
  /** Whether it is a device of blocks. */
  readonly isBlockDevice: boolean | null;
  /** Whether it is a device of characters. */
  readonly isCharDevice: boolean | null;
  /** Whether it is a pipe. */
  readonly isFifo: boolean | null;
  /** Whether it is a socket. */
  readonly isSocket: boolean | null;
}
