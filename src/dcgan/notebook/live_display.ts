import { findJupyter, type Jupyter } from "./jupyter.ts";
import type { Shown } from "./shown.ts";

/**
 * A place in the output of a notebook's cell that is shown anew in place, for loops that go on for a while. Outside of a
 * notebook, the text of what it shows is printed instead, a line each time, so that the same code runs as a script.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LiveDisplay, plotCurves, showImages } from "@x/dcgan";
 *
 * const live = new LiveDisplay();
 * const rows = [];
 * for (let step = 1; step <= 3; step++) {
 *   rows.push({ step, loss: 1 / step });
 *   await live.show(await showImages(plotCurves(rows))); // prints "1 image of 960x360, 3 channels" here
 * }
 * assertEquals(live.times, 3);
 * ```
 */
export class LiveDisplay {
  readonly #jupyter: Jupyter | undefined;
  readonly #id: string = crypto.randomUUID();
  #times = 0;

  /**
   * A new place, below what the cell has shown so far.
   *
   * @param jupyter What shows it; the notebook that this runs in, if it does, if not given.
   */
  constructor(jupyter: Jupyter | undefined = findJupyter()) {
    this.#jupyter = jupyter;
  }

  /** How often it was shown. */
  get times(): number {
    return this.#times;
  }

  /** Whether a notebook shows it. */
  get inNotebook(): boolean {
    return this.#jupyter !== undefined;
  }

  /** Shows something in place of what was shown before. */
  async show(shown: Shown): Promise<void> {
    const isFirst = this.#times++ === 0;
    if (!this.#jupyter) return console.log(shown.text);
    await this.#jupyter.broadcast(isFirst ? "display_data" : "update_display_data", {
      data: shown.bundle(),
      metadata: {},
      transient: { display_id: this.#id },
    });
  }
}
