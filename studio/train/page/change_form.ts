import { element } from "../../page/element.ts";
import type { TrainConfig } from "../../../src/dcgan/options/config.ts";
import type { StudioText } from "../../text.ts";
import type { Changes } from "../news.ts";
import { checkField, choice, field, numberInput, numberOf } from "./field.ts";

/** The form that changes a run while it trains. */
export class ChangeForm {
  /** The form. */
  readonly element: HTMLFormElement;
  #text: StudioText;
  #generatorRate = numberInput({ min: 0, max: 1, step: "any", required: true });
  #discriminatorRate = numberInput({ min: 0, max: 1, step: "any", required: true });
  #loss: HTMLSelectElement;
  #kinds: Readonly<Record<string, HTMLInputElement>>;
  #flip = element("input", { type: "checkbox" });
  #button: HTMLButtonElement;
  #config: TrainConfig | undefined;

  /** @param change Called with what differs from the run. */
  constructor(text: StudioText, change: (changes: Changes) => void) {
    const { change: words } = text.train;
    this.#text = text;
    this.#loss = choice(Object.entries(words.losses));
    this.#kinds = Object.fromEntries(
      Object.keys(words.kinds).map((kind) => [kind, element("input", { type: "checkbox" })]),
    );
    this.#button = element("button", { type: "submit" }, words.apply);
    this.element = element(
      "form",
      {
        class: "card change",
        submit: (event) => {
          event.preventDefault();
          change(this.read());
        },
      },
      element("h2", {}, words.title),
      element("p", { class: "soft small" }, words.hint),
      field(words.generatorRate, this.#generatorRate),
      field(words.discriminatorRate, this.#discriminatorRate),
      field(words.loss, this.#loss),
      element(
        "fieldset",
        {},
        element("legend", {}, words.augment),
        element(
          "div",
          { class: "row" },
          ...Object.entries(words.kinds).map(([kind, name]) => checkField(name, this.#kinds[kind]!)),
        ),
      ),
      checkField(words.flip, this.#flip),
      this.#button,
    );
    this.isOpen = false;
  }

  /** Whether something can be changed now. */
  set isOpen(isOpen: boolean) {
    this.#button.disabled = !isOpen;
  }

  /** Shows the options of a run. */
  show(config: TrainConfig): void {
    this.#config = config;
    const { learningRate, dLearningRate = learningRate, loss, augment, flip } = config;
    this.#generatorRate.value = String(firstOf(learningRate));
    this.#discriminatorRate.value = String(firstOf(dLearningRate));
    this.#loss.value = loss;
    for (const [kind, box] of Object.entries(this.#kinds)) {
      box.checked = (augment as readonly string[]).includes(kind);
    }
    this.#flip.checked = flip;
  }

  /** What differs from the run. */
  read(): Changes {
    const config = this.#config;
    if (!config) return {};
    const { learningRate, dLearningRate = learningRate } = config;
    const rates = {
      generator: numberOf(this.#generatorRate),
      discriminator: numberOf(this.#discriminatorRate),
    };
    const augment = Object.keys(this.#kinds).filter((kind) => this.#kinds[kind]!.checked) as NonNullable<
      Changes["augment"]
    >;
    const isRateNew = rates.generator !== firstOf(learningRate) ||
      rates.discriminator !== firstOf(dLearningRate);
    return {
      ...(isRateNew ? { learningRate: rates.generator!, dLearningRate: rates.discriminator! } : {}),
      ...(this.#loss.value === config.loss ? {} : { loss: this.#loss.value as NonNullable<Changes["loss"]> }),
      ...(sameKinds(augment, config.augment) ? {} : { augment }),
      ...(this.#flip.checked === config.flip ? {} : { flip: this.#flip.checked }),
    };
  }

  /** Words for the status line, if nothing differs. */
  get nothing(): string {
    return this.#text.train.change.same;
  }
}

/** The value that a run begins with, of one that changes. */
function firstOf(value: TrainConfig["learningRate"]): number {
  return typeof value === "number" ? value : value.from;
}

function sameKinds(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join() === [...others].sort().join();
}
