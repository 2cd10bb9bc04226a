import { host, type HostFile } from "../../../host/host.ts";

/**
 * Milliseconds between tries, and how many there are: who only asks whether a run is going on has a lock for
 * a moment.
 */
const PAUSE = 20;
const TRIES = 5;

/** Keeps a run folder to one process. The system releases it if the process is killed. */
export class RunLock implements Disposable {
  readonly #path: string;
  readonly #file: HostFile;
  #isDisposed = false;

  private constructor(path: string, file: HostFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Takes a run folder, until it is disposed.
   *
   * @throws {RangeError} if another run has it, or its lock is not a plain file.
   */
  static async take(folder: string): Promise<RunLock> {
    const path = `${folder}/.lock`;
    for (let tries = 1;;) {
      await expectFile(path);
      const file = await host().open(path, { write: true, create: true });
      // A file system that knows no locks has none that could be in the way
      const isTaken = await file.tryLock(true).catch(() => true);
      // Its last owner may have removed it, and another process may have made a new file of that name
      const there = await host().stat(path).catch(() => undefined);
      if (isTaken && there?.ino === (await file.stat()).ino) return new RunLock(path, file);
      file.close();
      if (isTaken) continue;
      if (tries++ < TRIES) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
        continue;
      }
      throw new RangeError(
        `Cannot use the run folder ${folder}: another process is still training in it. ` +
          `Stop that run first, or name another folder`,
      );
    }
  }

  /**
   * Whether a process has a run folder now. What it cannot find out, for want of a file system with locks, is
   * no.
   */
  static async isTaken(folder: string): Promise<boolean> {
    const path = `${folder}/.lock`;
    const there = await host().lstat(path).catch(() => undefined);
    if (!there?.isFile) return false;
    using file = await host().open(path).catch(() => undefined);
    // Shared, so that several may ask at once; it ends as the file is closed
    return await file?.tryLock(false).catch(() => true) === false;
  }

  /** Releases it. Does nothing the second time, as the file may belong to another run by then. */
  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    try {
      host().removeSync(this.#path);
    } catch {
      // It is gone if the run folder was deleted
    }
    this.#file.close();
  }
}

/** Refuses a link, whose target would be made, and a pipe, whose opening never ends. */
async function expectFile(path: string): Promise<void> {
  const there = await host().lstat(path).catch(() => undefined);
  if (!there || there.isFile) return;
  throw new RangeError(
    `Cannot lock the run folder: ${path} must be a plain file, found something else. Delete it`,
  );
}
