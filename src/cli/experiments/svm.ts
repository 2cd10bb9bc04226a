import { SVM_KINDS } from "../../dcgan/experiments/options/kinds.ts";
import { PAPER_SVM, paperSvmCost } from "../../dcgan/experiments/paper.ts";
import type { SvmExperimentOptions, SvmResult } from "../../dcgan/experiments/svm/svm_experiment.ts";
import { invocation } from "../arguments/invocation.ts";
import type { ExperimentCommand, ExperimentFindings } from "./shared_flags.ts";
import { costText, percent } from "./texts.ts";

/** `experiment svm`. */
export const svmCommand: ExperimentCommand = {
  name: "svm",
  description: "classify images by the features of a discriminator, with a linear SVM (tables 1 and 2)",
  argument: ["<run>", "run folder"],
  data: "labeled images",
  draws: false,
  writes: false,
  flags: [
    [
      "--per-class <images>",
      "images of each class to train on, chosen at random (default: all)",
      SVM_KINDS.perClass,
    ],
    [
      "--draws <times>",
      "how often they are chosen anew, for a mean and a deviation (default: 5)",
      SVM_KINDS.draws,
    ],
    ["--limit <images>", "most images to train on without --per-class (default: all)", SVM_KINDS.limit],
    ["--test-limit <images>", "most images to test with (default: all)", SVM_KINDS.testLimit],
    [
      "--validation <images>",
      "images of the training part that choose C (default: a tenth, 10000 at most)",
      SVM_KINDS.validation,
    ],
    [
      "--c <numbers>",
      "values of C to choose from (default: 1e-4 to 1e-2, as the authors' code)",
      SVM_KINDS.c,
    ],
    [
      "--memory <GiB>",
      "most memory on the GPU for features of training images (default: 4)",
      SVM_KINDS.memory,
    ],
  ],
  help: `
The features of an image are the maps of all convolutions of the discriminator, max-pooled to 4x4. The SVM is
linear, with squared hinge loss, one class against all others, as LinearSVC of scikit-learn. Test images are
those of the dataset's part "test" if its option split or within says "train", else a fifth that is held out.

Examples:
  the protocol of table 1: all images, then 400 of each class
    $ ${invocation()} experiment svm runs/cifar10-1
    $ ${invocation()} experiment svm runs/cifar10-1 --per-class 400 --draws 10
  another dataset than the run's, as in the paper
    $ ${invocation()} experiment svm runs/photos --data cifar10 --per-class 400
  the protocol of table 2: 1,000 labels of SVHN, 10,000 images that choose C, 100 draws
    $ ${invocation()} experiment svm runs/svhn --per-class 100 --draws 100 --validation 10000`,
  async run(device, [run], options) {
    const { svmExperiment } = await import("../../dcgan/experiments/svm/svm_experiment.ts");
    const given = options as SvmExperimentOptions;
    return svmFindings(await svmExperiment(device, run!, given), given);
  },
};

/** The result beside the paper's. */
export function svmFindings(result: SvmResult, { perClass }: SvmExperimentOptions): ExperimentFindings {
  const { accuracy, deviation, accuracies, tried, c, classes, trained } = result;
  const [paper, images, expected] = paperRow(perClass);
  const trainedOn = perClass === undefined ? `${trained} images` : `${perClass} images of each class`;
  const cost = paperSvmCost(Math.max(1, tried.length), result.iterations);
  return {
    title: `${result.run}, step ${result.step}: a linear SVM on the features of its discriminator`,
    rows: [
      ["", "here", `paper, ${paper}`],
      ["the discriminator saw", result.trainedOn, PAPER_SVM.trainedOn],
      [
        "features of an image",
        `${result.features}`,
        paper === "SVHN" ? "not stated" : `${PAPER_SVM.features}`,
      ],
      ["trained on", trainedOn, images],
      [
        "tested with",
        `${result.tested} images`,
        paper === "SVHN" ? "26032 images" : `${PAPER_SVM.tested} images`,
      ],
      ["accuracy", percent(accuracy, deviation), expected],
      [
        "error",
        percent(1 - accuracy, deviation),
        paper === "SVHN" ? percent(1 - PAPER_SVM.accuracySvhn) : "",
      ],
    ],
    notes: [
      `Label ${result.label}: ${classes} classes, so that guessing is right in about ${
        percent(1 / classes)
      }.` +
      (result.hasTestPart
        ? ""
        : " The test images were held out of the dataset, which has no part to test with."),
      tried.length === 0
        ? `C is ${c}, the only value given.`
        : `C is ${c}, chosen with ${result.validation} other images: ` +
          `${tried.map((one) => `${one.c}: ${percent(one.accuracy)}`).join(", ")}.`,
      ...accuracies.length === 1 ? [] : [
        `${accuracies.length} draws: ${
          accuracies.map((one) => percent(one)).join(", ")
        }. After ± is their standard deviation.`,
      ],
      `The products took ${costText({ flop: result.flop })}. At the paper's size, all of CIFAR-10 takes ${
        costText(cost)
      }.`,
    ],
    warnings: result.warnings,
    document: { type: "svm", value: result },
  };
}

/** What the paper has that is most like a protocol. */
function paperRow(perClass: number | undefined): [what: string, images: string, accuracy: string] {
  const { accuracy, accuracy400: [mean, deviation], accuracySvhn, images } = PAPER_SVM;
  if (perClass === undefined) return ["CIFAR-10", `${images} images`, percent(accuracy)];
  if (perClass === 100) return ["SVHN", "100 images of each class", percent(accuracySvhn)];
  return ["CIFAR-10", "400 images of each class", percent(mean, deviation)];
}
