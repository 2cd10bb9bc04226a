import type { LabeledPart } from "../data/labeled_parts.ts";
import type { FeatureSource } from "./feature_source.ts";
import { type LinearModel, trainLinearSvm } from "./linear_svm.ts";

/** One draw in so many helps to choose C: the authors' code chooses with 10 and then tests with 100. */
const DRAWS_FOR_CHOICE = 10;

/** A value of C that was tried. */
export interface TriedC {
  /** The value. */
  readonly c: number;
  /** Share of the validation images that were classified right. */
  readonly accuracy: number;
}

/** What an SVM is trained on. */
export interface SvmProtocolParts {
  /** Features of pictures. */
  readonly source: FeatureSource;
  /** The training part. */
  readonly part: LabeledPart;
  /** Number of classes. */
  readonly classes: number;
  /** Numbers of the pictures to train on, for each draw. */
  readonly draws: readonly Uint32Array[];
  /** Is told in a sentence what takes time. */
  readonly report: (message: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal | undefined;
}

/** Trains linear SVMs on draws of a training part, and chooses their C. */
export class SvmProtocol {
  /** Floating-point operations of products with features so far. */
  flop = 0;
  /** Pictures that were described so far. */
  described = 0;
  /** Sentences about SVMs that did not converge. */
  readonly warnings: string[] = [];
  #parts: SvmProtocolParts;
  /** Models of the last draw that was trained on, by C. */
  #known: { draw: number; models: readonly LinearModel[] } = { draw: -1, models: [] };

  /** With the pictures of each draw. */
  constructor(parts: SvmProtocolParts) {
    this.#parts = parts;
  }

  /** The accuracies of some values of C on validation pictures, over the first draws. */
  async tryOut(values: readonly number[], validation: Uint32Array): Promise<TriedC[]> {
    const { source, part, classes, draws } = this.#parts;
    const rounds = Math.ceil(draws.length / DRAWS_FOR_CHOICE);
    const wrong = values.map(() => 0);
    for (let draw = 0; draw < rounds; draw++) {
      const models = await this.#train(draw, values);
      const found = await source.mistakes(models, classes, part, validation, "validation images");
      this.described += validation.length;
      for (const [at, mistakes] of found.entries()) wrong[at]! += mistakes;
    }
    return values.map((c, at) => ({ c, accuracy: 1 - wrong[at]! / (rounds * validation.length) }));
  }

  /** An SVM for each draw. */
  async trainAll(c: number): Promise<LinearModel[]> {
    const models: LinearModel[] = [];
    for (const draw of this.#parts.draws.keys()) {
      const known = this.#known.draw === draw && this.#known.models.find((model) => model.c === c);
      models.push(known || (await this.#train(draw, [c]))[0]!);
    }
    return models;
  }

  /** SVMs for one draw, each from the one before, with values of C from the least on. */
  async #train(draw: number, values: readonly number[]): Promise<LinearModel[]> {
    const { source, part, classes, draws, report, signal } = this.#parts;
    const numbers = draws[draw]!;
    using examples = await source.examples(part, numbers);
    this.described += numbers.length;
    const labels = Uint16Array.from(numbers, (number) => part.classes[number]!);
    const models: LinearModel[] = [];
    const place = draws.length === 1 ? "" : `, draw ${draw + 1} of ${draws.length}`;
    for (const c of values) {
      report(`Training an SVM on ${numbers.length} images with C = ${c}${place}`);
      const model = await trainLinearSvm(examples, labels, { classes, c, start: models.at(-1), signal });
      // A product with all examples for the gradient, and one for the step
      this.flop += 4 * model.iterations * numbers.length * source.dimensions * classes;
      if (!model.converged) {
        this.warnings.push(
          `The SVM with C = ${c}${place} did not reach its optimum within ${model.iterations} steps`,
        );
      }
      models.push(model);
    }
    this.#known = { draw, models };
    return models;
  }
}
