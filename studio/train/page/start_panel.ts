import { element } from "../../page/element.ts";
import type { StudioText } from "../../text.ts";
import { droppedFiles, type GivenFile, pickedFiles } from "../../page/given_files.ts";

/** What the user may start with. */
export interface StartChoices {
  /** Files of pictures, a zip of them, or those of a saved run. */
  files(files: readonly GivenFile[]): void;
  /** The built-in faces. */
  faces(): void;
}

/** Where pictures are dropped and chosen, and runs are opened. */
export class StartPanel {
  /** The panel. */
  readonly element: HTMLElement;
  #zone: HTMLElement;

  /** Tells what was chosen. */
  constructor({ train: { drop, private: isPrivate } }: StudioText, choose: StartChoices) {
    const picker = (accept: string | undefined, folder: boolean): HTMLInputElement =>
      element("input", {
        type: "file",
        multiple: true,
        accept,
        webkitdirectory: folder,
        class: "visually-hidden",
        tabindex: -1,
        "aria-hidden": "true",
        change: (event) => {
          const input = event.target as HTMLInputElement;
          if (input.files?.length) choose.files(pickedFiles(input.files));
          input.value = "";
        },
      });
    const folder = picker(undefined, true);
    const files = picker("image/*,.zip,application/zip", false);
    const run = picker(".zip,application/zip", false);
    const button = (words: string, click: () => void, kind?: string): HTMLButtonElement =>
      element("button", { type: "button", class: kind, click }, words);
    this.#zone = element(
      "div",
      { class: "drop-zone" },
      element("h2", {}, drop.title),
      element("p", { class: "soft" }, drop.hint),
      element(
        "div",
        { class: "row" },
        button(drop.folder, () => folder.click(), "primary"),
        button(drop.files, () => files.click()),
      ),
      element(
        "div",
        { class: "row quiet" },
        button(drop.faces, () => choose.faces()),
        button(drop.run, () => run.click()),
      ),
      folder,
      files,
      run,
    );
    this.element = element(
      "div",
      { class: "start" },
      this.#zone,
      element("p", { class: "soft small" }, isPrivate),
      element("p", { class: "soft small" }, drop.formats),
    );
    this.#takeDrops(drop.over, choose);
  }

  /** Files may be dropped anywhere on the page. */
  #takeDrops(over: string, { files }: StartChoices): void {
    this.#zone.dataset.over = over;
    const mark = (isOver: boolean) => this.#zone.classList.toggle("over", isOver);
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      mark(true);
    });
    document.addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) mark(false);
    });
    document.addEventListener("drop", async (event) => {
      event.preventDefault();
      mark(false);
      // A run that trains is not thrown away by a slip of the hand
      if (this.element.hidden || !event.dataTransfer) return;
      const dropped = await droppedFiles(event.dataTransfer);
      if (dropped.length > 0) files(dropped);
    });
  }
}
