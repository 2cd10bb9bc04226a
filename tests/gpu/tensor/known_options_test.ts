import { assertEquals, assertThrows } from "@std/assert";
import { expectKnownOptions } from "../../../src/gpu/tensor/known_options.ts";

interface Options {
  learningRate?: number;
  weightDecay?: number;
}

const expectKnown = (options: object | undefined) =>
  expectKnownOptions<Options>("Adam", options as Options, { learningRate: true, weightDecay: true });

Deno.test("expectKnownOptions() takes what there is, and what is undefined", () => {
  expectKnown(undefined);
  expectKnown({});
  expectKnown({ learningRate: 1 });
  expectKnown({ lr: undefined });
});

Deno.test("expectKnownOptions() names what there is not, and what was probably meant", () => {
  const messages = [{ learning_rate: 1 }, { weigthDecay: 1 }, { lr: 1 }, { constructor: 1 }].map(
    (options) => {
      return assertThrows(() => expectKnown(options), TypeError).message;
    },
  );
  assertEquals(messages, [
    "Adam has no option 'learning_rate'. Did you mean 'learningRate'?",
    "Adam has no option 'weigthDecay'. Did you mean 'weightDecay'?",
    "Adam has no option 'lr'. Its options are learningRate, weightDecay",
    "Adam has no option 'constructor'. Its options are learningRate, weightDecay",
  ]);
  assertThrows(() => expectKnown(JSON.parse('{"__proto__": 1}')), TypeError, "no option '__proto__'");
});

Deno.test("expectKnownOptions() refuses what is no object", () => {
  assertThrows(() => expectKnown(null as unknown as object), TypeError, "must be an object, found null");
  assertThrows(() => expectKnown(3 as unknown as object), TypeError, "must be an object, found 3");
});
