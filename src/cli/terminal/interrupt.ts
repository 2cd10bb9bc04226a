/** Signals that ask a process to end, by their numbers; Windows has only the first. */
const SIGNALS: Readonly<Partial<Record<Deno.Signal, number>>> = Deno.build.os === "windows"
  ? { SIGINT: 2 }
  : { SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGQUIT: 3, SIGUSR2: 12 };

/** Signals of a person or a service that stops a process: the second one means at once. */
const URGENT: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGQUIT"];

/** What an {@linkcode Interrupt} may be given. */
export interface InterruptOptions {
  /**
   * Whether a launcher such as `mpirun` started this process: such pass signals on more than once, and end by themselves
   * what takes too long.
   */
  isLaunched?: boolean;
}

/** Exit code of a process that Ctrl-C ended, as shells have it. */
export const INTERRUPT_EXIT_CODE = 130;

/**
 * Turns the first Ctrl-C into an abort, so that a run can end well; the second ends the process at once. The same goes for
 * SIGTERM and Ctrl-\. A terminal that is closed aborts too, and ends nothing at once, as it may say so more than once; to
 * a process under `nohup` it says nothing. SIGUSR2 aborts, as often as it comes: batch systems send it when the time
 * is nearly over, and launchers pass it on and end nothing. At SIGUSR1 Deno starts its debugger.
 */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #listeners = new Map<Deno.Signal, () => void>();
  readonly #heard = new Set<Deno.Signal>();
  /** Aborts at the first Ctrl-C, or as something else does that ends the run. */
  readonly signal: AbortSignal;

  /**
   * @param onFirst Called at the first Ctrl-C, to tell the person what happens now.
   * @param other Something else that ends the run.
   */
  constructor(onFirst: () => void, other?: AbortSignal, { isLaunched = false }: InterruptOptions = {}) {
    const own = this.#controller.signal;
    this.signal = other ? AbortSignal.any([own, other]) : own;
    const names = Object.keys(SIGNALS) as Deno.Signal[];
    const ignored = ignoredSignals();
    for (const name of names) {
      const listener = (): void => {
        // Deno ends at each of them once it listens to one, unless somebody listens to that one too
        if (ignored.includes(name)) return;
        if (!isLaunched && this.#isUrgent(name)) Deno.exit(INTERRUPT_EXIT_CODE);
        this.#heard.add(name);
        if (own.aborted) return;
        this.#controller.abort();
        onFirst();
      };
      this.#listeners.set(name, listener);
      Deno.addSignalListener(name, listener);
    }
  }

  /** Whether a signal leaves no time for a clean stop. */
  #isUrgent(name: Deno.Signal): boolean {
    if (!URGENT.includes(name)) return false;
    // A person who presses Ctrl-C again has read that it stops at once
    return name === "SIGINT" ? this.#heard.size > 0 : this.#heard.has(name);
  }

  /** Gives Ctrl-C its usual meaning back. */
  [Symbol.dispose](): void {
    for (const [name, listener] of this.#listeners) Deno.removeSignalListener(name, listener);
  }
}

/**
 * The signals that the parent process wants this one to ignore: `nohup` does so with SIGHUP, shells with SIGQUIT of
 * what runs in the background.
 */
function ignoredSignals(): Deno.Signal[] {
  // SIGINT and SIGTERM always stop the process, no matter who sends them
  const names: Deno.Signal[] = ["SIGHUP", "SIGQUIT"];
  const path = "/proc/self/status";
  try {
    if (Deno.permissions.querySync({ name: "read", path }).state === "granted") {
      const [, mask] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(Deno.readTextFileSync(path))!;
      return names.filter((name) => BigInt(`0x${mask}`) >> BigInt(SIGNALS[name]! - 1) & 1n);
    }
  } catch {
    // Other systems have no such file, and Deno shows it only to who has all permissions
  }
  // Under nohup nothing is a terminal
  const isWatched = [Deno.stdin, Deno.stdout, Deno.stderr].some((stream) => stream.isTerminal());
  return isWatched ? [] : ["SIGHUP"];
}
