/** Keeps a run folder to one process. The system lets go of it where a process is killed. */
export class RunLock implements Disposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  #isDisposed = false;

  private constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Takes a run folder, until it is disposed.
   *
   * @throws {RangeError} if another run has it, or something else than a file has the name of its lock.
   */
  static async take(folder: string): Promise<RunLock> {
    const path = `${folder}/.lock`;
    for (;;) {
      await expectFile(path);
      const file = await Deno.open(path, { write: true, create: true });
      // A file system that knows no locks has none that could be in the way
      const isTaken = await file.tryLock(true).catch(() => true);
      // Whoever had it before may have removed it, and another file of that name be there by now
      const there = await Deno.stat(path).catch(() => undefined);
      if (isTaken && there?.ino === (await file.stat()).ino) return new RunLock(path, file);
      file.close();
      if (isTaken) continue;
      throw new RangeError(`The run ${folder} is still going on: end it first, or name another run folder`);
    }
  }

  /** Lets go of it. Does nothing the second time, when the file may be another's. */
  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    try {
      Deno.removeSync(this.#path);
    } catch {
      // Whoever deleted the run folder has deleted this too
    }
    this.#file.close();
  }
}

/** Refuses a link, whose target would be made, and a pipe, whose opening never ends. */
async function expectFile(path: string): Promise<void> {
  const there = await Deno.lstat(path).catch(() => undefined);
  if (!there || there.isFile) return;
  throw new RangeError(`${path} must be a plain file, by which a run keeps its folder to itself: delete it`);
}
