/** The parts of browsers that Deno's types do not have: File System and Web Locks. */

/** A file or a folder of the private file system. */
export type WebHandle = WebFile | WebFolder;

/** A file. */
export interface WebFile {
  readonly kind: "file";
  readonly name: string;
  getFile(): Promise<File>;
  createWritable(options?: { keepExistingData: boolean }): Promise<WebWritable>;
  /** Gives it another folder and name, over a file of that name. */
  move?(folder: WebFolder, name: string): Promise<void>;
}

/** A folder. */
export interface WebFolder {
  readonly kind: "directory";
  readonly name: string;
  getFileHandle(name: string, options?: { create: boolean }): Promise<WebFile>;
  getDirectoryHandle(name: string, options?: { create: boolean }): Promise<WebFolder>;
  removeEntry(name: string, options: { recursive: boolean }): Promise<void>;
  values(): AsyncIterable<WebHandle>;
}

/** A file that is written; it counts once it is closed. */
export interface WebWritable extends WritableStream<Uint8Array> {
  write(part: { type: "write"; position: number; data: Uint8Array }): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** What a page's `navigator` has. */
export interface WebNavigator {
  readonly userAgent?: string;
  readonly storage?: { getDirectory?(): Promise<WebFolder> };
  readonly locks: {
    request(
      name: string,
      options: { mode: "exclusive" | "shared"; ifAvailable: true },
      granted: (lock: unknown) => Promise<void> | undefined,
    ): Promise<void>;
  };
}

/** The page's `navigator`. */
export function webNavigator(): WebNavigator {
  return navigator as unknown as WebNavigator;
}
