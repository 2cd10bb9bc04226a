import { element } from "../../page/element.ts";
import type { StudioText } from "../../text.ts";
import type { GivenOptions } from "../news.ts";
import { checkField, choice, field, numberInput, numberOf } from "./field.ts";

/** Edges of pictures that can be chosen. */
const EDGES = [16, 28, 32, 48, 64, 96, 128];

/** The form in front of a new run. What is left empty, the recipe chooses. */
export class SettingsForm {
  /** The form. */
  readonly element: HTMLFormElement;
  #minutes = numberInput({ min: "0.1", max: "1440", step: "any", value: "10", required: true });
  #size: HTMLSelectElement;
  #recipe: HTMLSelectElement;
  #flip = element("input", { type: "checkbox" });
  #seed: HTMLInputElement;
  #batch: HTMLInputElement;
  #ngf: HTMLInputElement;
  #ndf: HTMLInputElement;
  #steps: HTMLInputElement;

  /** @param start Called once everything is set. */
  constructor({ train: { settings: words } }: StudioText, start: (options: GivenOptions) => void) {
    const open = (max: number) => numberInput({ min: 1, max, step: 1, placeholder: words.open });
    this.#size = choice([
      ["", words.sizeAuto],
      ...EDGES.map((edge) => [edge, words.pixels(edge)] as const),
    ]);
    this.#recipe = choice(Object.entries(words.recipes));
    this.#seed = numberInput({ min: 0, max: 2 ** 32 - 1, step: 1, value: "1" });
    this.#batch = open(65536);
    this.#ngf = open(4096);
    this.#ndf = open(4096);
    this.#steps = open(1e9);
    this.element = element(
      "form",
      {
        class: "card settings",
        submit: (event) => {
          event.preventDefault();
          start(this.read());
        },
      },
      element("h2", {}, words.title),
      field(words.minutes, this.#minutes),
      field(words.size, this.#size),
      field(words.recipe, this.#recipe),
      checkField(words.flip, this.#flip),
      element(
        "details",
        {},
        element("summary", {}, words.advanced),
        element(
          "div",
          { class: "fields" },
          field(words.steps, this.#steps),
          field(words.batch, this.#batch),
          field(words.ngf, this.#ngf),
          field(words.ndf, this.#ndf),
          field(words.seed, this.#seed),
        ),
      ),
      element("button", { type: "submit", class: "primary" }, words.start),
    );
  }

  /** Suggests the recipe for few pictures, if there are few. */
  suggest(pictures: number): void {
    this.#recipe.value = pictures < 500 ? "few" : "auto";
    this.#flip.checked = pictures < 500;
  }

  /** What was chosen. */
  read(): GivenOptions {
    const steps = numberOf(this.#steps);
    const size = this.#size.value === "" ? undefined : Number(this.#size.value);
    const numbers = {
      seed: numberOf(this.#seed),
      batch: numberOf(this.#batch),
      ngf: numberOf(this.#ngf),
      ndf: numberOf(this.#ndf),
      size,
      ...(steps === undefined ? { minutes: numberOf(this.#minutes) } : { steps }),
    };
    const given = Object.entries(numbers).filter(([, value]) => value !== undefined);
    return {
      preset: this.#recipe.value as NonNullable<GivenOptions["preset"]>,
      ...(this.#flip.checked ? { flip: true } : {}),
      ...Object.fromEntries(given),
    };
  }
}
