import type { StudioContext } from "../../context.ts";
import { element } from "../../page/element.ts";
import { type GivenFile, pickedFiles } from "../../page/given_files.ts";
import type { LatentDistribution } from "../../../src/dcgan/networks/latent.ts";
import type { SourceFacts } from "./facts.ts";

/** Which networks are looked at: says and changes it. Explore and See inside each have one. */
export class SourceBar {
  /** The bar. */
  readonly element: HTMLElement;
  #context: StudioContext;
  #select: HTMLSelectElement;
  #facts = element("p", { class: "soft small" });
  #warnings = element("ul", { class: "warnings", hidden: true });
  #close: HTMLButtonElement;
  #changed: (facts: SourceFacts | undefined) => void;
  #attempt: (task: () => Promise<void>) => Promise<void>;
  #all: readonly SourceFacts[] = [];

  /**
   * @param changed Called with what is looked at from now on; undefined if that is nothing.
   * @param attempt Does something, and shows what goes wrong.
   */
  constructor(
    context: StudioContext,
    changed: (facts: SourceFacts | undefined) => void,
    attempt: (task: () => Promise<void>) => Promise<void>,
  ) {
    this.#context = context;
    this.#changed = changed;
    this.#attempt = attempt;
    const { source: words } = context.text.explore;
    this.#select = element("select", {
      "aria-label": words.label,
      change: () => this.#choose(this.#select.value as SourceFacts["kind"]),
    });
    const file = this.#picker(false);
    const folder = this.#picker(true);
    const button = (text: string, click: () => void) => element("button", { type: "button", click }, text);
    this.#close = button(words.close, () =>
      attempt(async () => {
        this.#take(await context.engine.call("source.close", undefined));
      }));
    this.element = element(
      "div",
      { class: "source" },
      element(
        "div",
        { class: "source-row" },
        this.#select,
        button(words.open, () => file.click()),
        button(words.folder, () => folder.click()),
        this.#close,
        this.#facts,
      ),
      this.#warnings,
      file,
      folder,
    );
  }

  /** Asks the worker what there is. */
  async refresh(): Promise<void> {
    this.#take(await this.#context.engine.call("source.all", undefined));
  }

  /**
   * Opens a run or a file, and looks at it.
   *
   * @param latentDistribution What a file's latent vectors are drawn from; normal if not given. Runs say so.
   */
  open(files: readonly GivenFile[], latentDistribution?: LatentDistribution): Promise<void> {
    return this.#attempt(async () => {
      const { engine, text: { explore }, say } = this.#context;
      say(explore.source.opening);
      const all = await engine.call("source.open", { files: [...files], latentDistribution });
      this.#take(all);
      say(explore.source.openedSay(all[0]!.name));
    });
  }

  #choose(kind: SourceFacts["kind"]): void {
    void this.#attempt(async () => {
      this.#take(await this.#context.engine.call("source.choose", { kind }));
    });
  }

  #take(all: readonly SourceFacts[]): void {
    const before = this.#all[0];
    this.#all = all;
    const [facts] = all;
    const { source: words } = this.#context.text.explore;
    this.#select.replaceChildren(
      ...all.map(({ kind, name, step }) =>
        element(
          "option",
          { value: kind },
          kind === "model" ? words.model(name, step ?? 0) : words.opened(name, step),
        )
      ),
    );
    this.#select.hidden = facts === undefined;
    this.#close.hidden = facts?.kind !== "opened";
    this.#facts.textContent = facts ? words.facts(facts.width, facts.height, facts.latent) : "";
    this.#warnings.replaceChildren(...(facts?.warnings ?? []).map((warning) => element("li", {}, warning)));
    this.#warnings.hidden = (facts?.warnings.length ?? 0) === 0;
    if (facts?.id !== before?.id) this.#changed(facts);
  }

  #picker(isFolder: boolean): HTMLInputElement {
    return element("input", {
      type: "file",
      accept: isFolder ? undefined : ".safetensors,.zip,application/zip",
      webkitdirectory: isFolder,
      class: "visually-hidden",
      tabindex: -1,
      "aria-hidden": "true",
      change: (event) => {
        const input = event.target as HTMLInputElement;
        if (input.files?.length) void this.open(pickedFiles(input.files));
        input.value = "";
      },
    });
  }
}
