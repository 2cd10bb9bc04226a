/**
 * The part of `@std/assert` that the tests use, over `node:assert` and `node:util`, so that they run where JSR cannot
 * be reached. Same names, arguments and semantics; the `links` entry in deno.json puts it in the place of the real
 * one.
 *
 * @module
 */
import { deepStrictEqual } from "node:assert/strict";
import { inspect } from "node:util";
import { equal } from "./equal.ts";

export { equal };

/** What a failed assertion throws. */
export class AssertionError extends Error {
  override name = "AssertionError";
}

// deno-lint-ignore no-explicit-any -- any class whose instances are `T`, whatever its constructor takes
export type AnyClass<T> = abstract new (...args: any[]) => T;

function text(value: unknown): string {
  return inspect(value, { depth: 8, maxArrayLength: 40, maxStringLength: 2000, sorted: true });
}

function failure(sentence: string, msg?: string): never {
  throw new AssertionError(msg ? `${sentence}: ${msg}` : `${sentence}.`);
}

/** Lines of a difference that are shown; two long arrays would fill screens. */
const SHOWN_LINES = 60;

/** Numbers and names in values whose lines are compared. */
const MOST_COMPARED = 20_000;

/** How many values a value holds; not counted far beyond the most that matter. */
function weightOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 1;
  let sum = 1;
  const parts = value instanceof Map || value instanceof Set ? [...value] : Object.values(value);
  for (const part of parts) {
    sum += weightOf(part);
    if (sum > MOST_COMPARED) break;
  }
  return sum;
}

/** Where two values begin to differ, and what is there. */
function firstDifference(actual: unknown, expected: unknown, path = ""): string {
  if (isContainer(actual) && isContainer(expected)) {
    const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
    for (const key of keys) {
      const [one, other] = [Reflect.get(actual, key), Reflect.get(expected, key)];
      if (!equal(one, other)) return firstDifference(one, other, `${path}[${key}]`);
    }
  }
  return `${path || "the values"}: ${text(actual)}, expected ${text(expected)}`;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof Map) && !(value instanceof Set);
}

/** Node's own line-by-line difference of two values, or both of them where node thinks that they agree. */
function difference(actual: unknown, expected: unknown): string {
  // Node compares line by line, in memory that grows with the product of both
  if (weightOf([actual, expected]) > MOST_COMPARED) {
    return `    actual: ${text(actual)}\n    expected: ${text(expected)}\n    first difference: ${
      firstDifference(actual, expected)
    }`;
  }
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    const { message } = error as Error;
    const lines = message.slice(message.indexOf("\n") + 1).split("\n");
    if (lines.length <= SHOWN_LINES) return lines.join("\n");
    return `${lines.slice(0, SHOWN_LINES).join("\n")}\n... and ${lines.length - SHOWN_LINES} lines more`;
  }
  return `    actual: ${text(actual)}\n    expected: ${text(expected)}`;
}

/** Asserts that `expr` is truthy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/** Asserts that `expr` is falsy. */
export function assertFalse(expr: unknown, msg?: string): void {
  if (expr) failure(`Expected falsy, found ${text(expr)}`, msg);
}

/** Asserts that two values are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  const head = `Values are not equal${msg ? `: ${msg}` : "."}`;
  throw new AssertionError(`${head}\n\n${difference(actual, expected)}\n`);
}

/** Asserts that two values are not deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) failure(`Expected actual: ${text(actual)} not to be: ${text(expected)}`, msg);
}

/** Asserts that two values are the same by `Object.is`. */
export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const head = `Values are not strictly equal${msg ? `: ${msg}` : "."}`;
  throw new AssertionError(`${head}\n\n    actual: ${text(actual)}\n    expected: ${text(expected)}\n`);
}

/** Asserts that two numbers differ by `tolerance` at most; by default one in ten million of `expected`. */
export function assertAlmostEquals(actual: number, expected: number, tolerance?: number, msg?: string): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ?? (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  const delta = Math.abs(expected - actual);
  if (delta <= allowed) return;
  failure(
    `Expected actual: "${actual}" to be close to "${expected}": delta "${delta}" is over "${allowed}"`,
    msg,
  );
}

/** Asserts that a value is neither `undefined` nor `null`. */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) {
    failure(`Expected actual: "${actual}" to not be null or undefined`, msg);
  }
}

/** Asserts that `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) failure(`Expect ${text(actual)} > ${text(expected)}`, msg);
}

/** Asserts that `actual >= expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual >= expected)) failure(`Expect ${text(actual)} >= ${text(expected)}`, msg);
}

/** Asserts that `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) failure(`Expect ${text(actual)} < ${text(expected)}`, msg);
}

/** Asserts that `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual <= expected)) failure(`Expect ${text(actual)} <= ${text(expected)}`, msg);
}

/** Asserts that a string contains another. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (!actual.includes(expected)) {
    failure(`Expected actual: "${actual}" to contain: "${expected}"`, msg);
  }
}

/** Asserts that a string matches a pattern. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (!expected.test(actual)) failure(`Expected actual: "${actual}" to match: "${expected}"`, msg);
}

/** Asserts that an array holds every one of the expected items, by deep equality. */
export function assertArrayIncludes<T>(actual: ArrayLike<T>, expected: ArrayLike<T>, msg?: string): void {
  const items = Array.from(actual);
  const missing = Array.from(expected).filter((wanted) => !items.some((item) => equal(item, wanted)));
  if (missing.length === 0) return;
  failure(
    `Expected actual: "${text(actual)}" to include: "${text(expected)}", missing: ${text(missing)}`,
    msg,
  );
}

/** Asserts that a value is an instance of a class. */
export function assertInstanceOf<T>(
  actual: unknown,
  expectedType: AnyClass<T>,
  msg?: string,
): asserts actual is T {
  if (actual instanceof expectedType) return;
  const found = actual === null || typeof actual !== "object"
    ? text(actual)
    : actual.constructor?.name ?? "Object";
  failure(`Expected object to be an instance of "${expectedType.name}" but was "${found}"`, msg);
}

/** Holds a thrown value to a class and to a part of its message. */
function checkThrown(
  thrown: unknown,
  errorClass?: AnyClass<Error>,
  msgIncludes?: string,
  msg?: string,
): void {
  if (errorClass === undefined) return;
  if (!(thrown instanceof Error)) failure(`A non-Error object was thrown: ${text(thrown)}`, msg);
  const found = `${thrown.constructor.name}: ${thrown.message}`;
  if (!(thrown instanceof errorClass)) {
    failure(`Expected error to be instance of "${errorClass.name}", but was "${found}"`, msg);
  }
  if (msgIncludes !== undefined && !thrown.message.includes(msgIncludes)) {
    failure(`Expected error message to include "${msgIncludes}", but got "${thrown.message}"`, msg);
  }
}

/** Reads the two shapes of arguments that assertThrows and assertRejects share. */
function expectations(
  classOrMsg?: AnyClass<Error> | string,
  msgIncludes?: string,
  msg?: string,
): [AnyClass<Error> | undefined, string | undefined, string | undefined] {
  return typeof classOrMsg === "string" ? [undefined, undefined, classOrMsg] : [classOrMsg, msgIncludes, msg];
}

/** Asserts that `fn` throws, and returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Asserts that `fn` throws an error of a class, its message containing `msgIncludes`, and returns it. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: AnyClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  classOrMsg?: AnyClass<Error> | string,
  includes?: string,
  message?: string,
): unknown {
  const [errorClass, msgIncludes, msg] = expectations(classOrMsg, includes, message);
  try {
    fn();
  } catch (thrown) {
    checkThrown(thrown, errorClass, msgIncludes, msg);
    return thrown;
  }
  failure("Expected function to throw", msg);
}

/** Asserts that `fn` returns a promise that rejects, and resolves to the reason. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** Asserts that `fn` returns a promise that rejects with an error of a class, its message containing `msgIncludes`. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: AnyClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: AnyClass<Error> | string,
  includes?: string,
  message?: string,
): Promise<unknown> {
  const [errorClass, msgIncludes, msg] = expectations(classOrMsg, includes, message);
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch (thrown) {
    failure(`Function throws when expected to reject: ${text(thrown)}`, msg);
  }
  try {
    await promise;
  } catch (thrown) {
    checkThrown(thrown, errorClass, msgIncludes, msg);
    return thrown;
  }
  failure("Expected function to reject", msg);
}

/** Fails. */
export function fail(msg?: string): never {
  failure("Failed assertion", msg);
}

/** Fails where the code should never have come. */
export function unreachable(msg?: string): never {
  failure("Unreachable", msg);
}
