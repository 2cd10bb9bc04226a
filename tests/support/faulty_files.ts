import "../../src/host/on_native.ts";

/** What happens at the chosen file operation. */
export type Fault =
  /** Nothing is done any more, from this operation on: the disk is left as by a kill right before it. */
  | "killed"
  /** Half of what is written arrives, and nothing is done any more: as by a kill in a write. */
  | "torn"
  /** It fails, once. */
  | "fails"
  /** The process kills itself. */
  | "kill";

/** Where and how a file operation goes wrong. */
export interface FaultOptions {
  /** The operation, counted from 1; without it operations are only counted. */
  at?: number;
  /** What happens there. */
  fault?: Fault;
}

type Async = (...args: never[]) => Promise<unknown>;

/** Functions of `Deno` that change what is on disk, all by a path that comes first. */
const BY_PATH = ["mkdir", "rename", "truncate", "writeFile", "writeTextFile", "copyFile", "symlink"] as const;

/** Methods of an open file that do. */
const OF_FILES = ["write", "sync", "syncData", "truncate"] as const;

/**
 * Counts the operations that change files in a folder, and lets the nth of them go wrong. Deletion of a folder counts as
 * many times as there is something in it. Reading is left alone.
 */
export class FaultyFiles implements Disposable {
  /** The operations so far, such as `rename config.json.tmp`. */
  readonly log: string[] = [];
  readonly #folder: string;
  readonly #options: FaultOptions;
  readonly #restore = new DisposableStack();
  readonly #paths = new WeakMap<Deno.FsFile, string>();
  #isDead = false;

  /** Takes the place of Deno's functions until it is disposed. */
  constructor(folder: string, options: FaultOptions = {}) {
    this.#folder = folder;
    this.#options = options;
    for (const name of BY_PATH) {
      this.#replace(Deno, name, (original) => async (...args) => {
        this.#enter(name, `${args[0]}`);
        return await original(...args);
      });
    }
    const opening = (name: "open" | "openSync"): void =>
      this.#replace(Deno, name, (original) => (...args) => {
        const [path, { create, createNew, truncate }] = args as unknown as [string, Deno.OpenOptions];
        const opened = (file: unknown) => {
          this.#paths.set(file as Deno.FsFile, `${path}`);
          return file;
        };
        const open = () => {
          if (create || createNew || truncate) this.#enter(name, `${path}`);
          return original(...args);
        };
        return (name === "open" ? (async () => opened(await open()))() : opened(open())) as Promise<unknown>;
      });
    opening("open");
    opening("openSync");
    const remove = Deno.remove;
    this.#replace(Deno, "remove", () => async (...args) => await this.#remove(remove, `${args[0]}`, args[1]));
    this.#replace(Deno, "removeSync", (original) => (...args) => {
      this.#enter("remove", `${args[0]}`);
      return original(...args);
    });
    for (const name of OF_FILES) {
      const enter = (file: Deno.FsFile, args: readonly unknown[]): number | undefined =>
        this.#enter(name, this.#paths.get(file) ?? "", name === "write" ? args[0] as Uint8Array : undefined);
      this.#replace(Deno.FsFile.prototype, name, (original) =>
        async function (this: Deno.FsFile, ...args) {
          const half = enter(this, args);
          if (half === undefined) return await original.apply(this, args);
          const [bytes] = args as unknown as [Uint8Array];
          await original.apply(this, [bytes.subarray(0, half)] as never);
          throw new Error("killed");
        });
    }
  }

  /** Whether the fault has happened. */
  get isDone(): boolean {
    return this.#options.at !== undefined && this.log.length >= this.#options.at;
  }

  /** Gives Deno's own functions back. */
  [Symbol.dispose](): void {
    this.#restore.dispose();
  }

  /** Counts an operation. Returns how much of a write is done where it is torn. */
  #enter(operation: string, path: string, bytes?: Uint8Array): number | undefined {
    if (!path.startsWith(this.#folder)) return undefined;
    if (this.#isDead) throw new Error("killed");
    this.log.push(`${operation} ${path.slice(this.#folder.length + 1)}`);
    const { at, fault } = this.#options;
    if (this.log.length !== at) return undefined;
    if (fault === "fails") throw new Error("No space left on device (os error 28)");
    if (fault === "kill") {
      Deno.kill(Deno.pid, "SIGKILL");
      // The signal may take a moment
      for (;;);
    }
    this.#isDead = true;
    if (fault === "torn" && bytes) return bytes.length >> 1;
    throw new Error("killed");
  }

  async #remove(remove: Async, path: string, options: unknown): Promise<void> {
    const { recursive } = (options ?? {}) as Deno.RemoveOptions;
    if (recursive && (await Deno.lstat(path)).isDirectory) {
      for (const { name } of (await Array.fromAsync(Deno.readDir(path))).sort(byName)) {
        await this.#remove(remove, `${path}/${name}`, options);
      }
    }
    this.#enter("remove", path);
    await remove(...[path] as never[]);
  }

  #replace<T extends object, K extends keyof T>(
    of: T,
    name: K,
    wrap: (original: Async) => Async,
  ): void {
    const original = of[name];
    of[name] = wrap(original as Async) as T[K];
    this.#restore.defer(() => of[name] = original);
  }
}

function byName(a: Deno.DirEntry, b: Deno.DirEntry): number {
  return a.name < b.name ? -1 : 1;
}
