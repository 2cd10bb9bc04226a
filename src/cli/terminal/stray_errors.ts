import type { DatasetPlugin } from "../../../plugins/datasets/contract.ts";
import { messageWithPlace } from "../../../plugins/datasets/opening/plugin_place.ts";
import { explain } from "../errors.ts";
import { printable } from "./printable.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Hears of errors that nothing waits for, such as those of a plugin's timers and forgotten promises. Without it they end
 * the process at once, and what a run has learnt is lost; with it the command ends as by Ctrl-C.
 */
export class StrayErrors implements Disposable {
  /** What names the plugin that such errors are laid to; none while only the program's own code runs. */
  plugin: string | undefined;
  /** The plugin itself, once it is loaded. */
  loaded: DatasetPlugin | undefined;
  readonly #controller = new AbortController();
  readonly #terminal: Terminal;

  /** @param terminal Where the first one is shown. */
  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    addEventListener("error", this.#onError);
    addEventListener("unhandledrejection", this.#onRejection);
  }

  /** Aborts at the first one. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly #onError = (event: ErrorEvent): void => {
    event.preventDefault();
    this.#take(event.error ?? event.message);
  };

  readonly #onRejection = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    this.#take(event.reason);
  };

  #take(error: unknown): void {
    // Those after the first mostly are the same again, or follow from the end
    if (this.signal.aborted) return;
    this.#controller.abort();
    // A progress line may be drawn
    if (this.#terminal.isTerminal) this.#terminal.write("\r\x1b[K");
    for (const line of this.#explain(error)) this.#terminal.writeError(`${line}\n`);
  }

  #explain(error: unknown): string[] {
    if (this.plugin === undefined) return explain(error).lines;
    const who = `Dataset plugin ${JSON.stringify(this.plugin)}`;
    return [
      printable(`error: ${who} threw an error that nothing caught: ${messageWithPlace(error, this.loaded)}`),
    ];
  }

  /** Such errors end the process again. */
  [Symbol.dispose](): void {
    removeEventListener("error", this.#onError);
    removeEventListener("unhandledrejection", this.#onRejection);
  }
}
