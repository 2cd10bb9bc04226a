import "../../../../src/host/on_native.ts";
import { assertThrows } from "@std/assert";
import { checkOptions } from "../../../../src/dcgan/experiments/options/check_options.ts";
import { SVM_KINDS } from "../../../../src/dcgan/experiments/options/kinds.ts";
import type { SvmExperimentOptions } from "../../../../src/dcgan/experiments/svm/svm_experiment.ts";

Deno.test("checkOptions() accepts what is allowed, and names what is not", () => {
  const check = (options: SvmExperimentOptions) => checkOptions("svmExperiment", options, SVM_KINDS);
  check({});
  check({ perClass: 400, c: [1e-4, 1], from: "best", report: () => {} });
  assertThrows(() => check({ c: [0] }), RangeError, '"c" must be a list of numbers above 0, found [0]');
  assertThrows(
    () => check({ from: -1 }),
    RangeError,
    'Cannot run svmExperiment(): "from" must be best, last',
  );
  assertThrows(() => check({ perclass: 3 } as never), TypeError, "Did you mean 'perClass'?");
});
