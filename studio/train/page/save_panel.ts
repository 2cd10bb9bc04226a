import { element } from "../../page/element.ts";
import type { StudioText } from "../../text.ts";

/** Saves the run as a file, and starts over. */
export class SavePanel {
  /** The panel. */
  readonly element: HTMLElement;
  #text: StudioText;
  #command = element("code", {});
  #kept = element("p", { class: "small" });
  #save: HTMLButtonElement;
  #again: HTMLButtonElement;

  /** With what its buttons do. */
  constructor(text: StudioText, buttons: { save(): void; again(): void }) {
    const { save: words } = text.train;
    this.#text = text;
    this.#save = element("button", { type: "button", click: () => buttons.save() }, words.save);
    this.#again = element("button", { type: "button", click: () => buttons.again() }, words.again);
    this.element = element(
      "section",
      { class: "card save", "aria-label": words.title },
      element("h2", {}, words.title),
      this.#kept,
      element("div", { class: "row" }, this.#save, this.#again),
      element("p", { class: "soft small" }, words.hint),
      element("pre", {}, this.#command),
    );
  }

  /** Names the run and its pictures. */
  name(run: string, data: string): void {
    this.#command.textContent = this.#text.train.save.command(run, data);
  }

  /** Says where the run is: in the browser up to a step, or in memory alone. */
  kept(step: number | undefined): void {
    const { save: words } = this.#text.train;
    this.#kept.hidden = step === 0;
    this.#kept.textContent = step === undefined ? words.inMemory : words.kept(step);
  }

  /** Whether it can be saved now. */
  set isOpen(isOpen: boolean) {
    this.#save.disabled = !isOpen;
    this.#again.disabled = !isOpen;
  }
}

/** Has the browser save bytes as a file. */
export function download(name: string, bytes: Uint8Array | Blob, type: string): void {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer> | Blob], { type }));
  element("a", { href: url, download: name }).click();
  // The download begins after this
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
