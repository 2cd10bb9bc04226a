import { AssertionError } from "@std/assert";
import { ProcessGuard } from "../../../plugins/datasets/opening/guard/process_guard.ts";
import { isLong } from "../../support/long_tests.ts";
import { mutate, randomFrom } from "./mutate.ts";

/** Damaged files that each parser must stand. Files of other numbers are damaged in other ways. */
export const FILES = isLong ? 2000 : 500;

/** Milliseconds that one of them may take: far more than any should on a busy machine, far less than a hang. */
const MOST_TIME = 5000;

/** Bytes of memory that the process may grow by over one of them, and over all: what the collector leaves for later. */
const MOST_MEMORY_OF_ONE = 128 * 2 ** 20;
const MOST_MEMORY = 512 * 2 ** 20;

/** Bytes of a damaged file that a failure shows. */
const MOST_SHOWN = 8192;

/**
 * A test that damages good files in many ways and parses what is left. The parser must return, or throw an error of one of
 * the kinds that it documents, soon and without much memory.
 *
 * @param what Name of the format.
 * @param seeds Good files.
 * @param parse Parses a file to its end.
 * @param kinds Kinds of errors that are allowed.
 * @param repair Puts the checksums of a damaged file right, as they would hide all other damage; done for every other file.
 */
export function fuzzTest(
  what: string,
  seeds: () => Promise<readonly Uint8Array[]>,
  parse: (file: Uint8Array) => unknown,
  // deno-lint-ignore no-explicit-any -- constructors of any kind of error
  kinds: readonly (new (...args: any[]) => Error)[],
  repair: (file: Uint8Array) => Uint8Array = (file) => file,
): void {
  Deno.test(`${what}: ${FILES} damaged files give good data or a typed error`, async () => {
    const seed = what.length;
    const random = randomFrom(seed);
    const files = await seeds();
    for (const file of files) await parse(file);
    // A parser that loops without end lets no timer run
    using guard = ProcessGuard.setUp();
    await guard.start();
    const before = Deno.memoryUsage().rss;
    let refused = 0;
    for (let i = 0; i < FILES; i++) {
      const mutated = mutate(files[i % files.length]!, random);
      const damaged = random() < 0.5 ? mutated : repair(mutated);
      const start = performance.now();
      const which = `${what}, damaged file ${i} (${damaged.length} bytes)`;
      const fail = (problem: string, cause?: unknown) =>
        new AssertionError(`${which} ${problem}; seed ${seed}, in base64: ${shown(damaged)}`, { cause });
      const atStart = Deno.memoryUsage().rss;
      const leave = guard.enter(`${which} hangs, and lets nothing else run`, MOST_TIME / 1000);
      try {
        await within(MOST_TIME, parse(damaged));
      } catch (error) {
        if (error instanceof Hanging) throw fail("hangs");
        refused++;
        if (!kinds.some((kind) => error instanceof kind)) throw fail(`throws ${error}`, error);
        const { message } = error as Error;
        if (message === "" || message.includes("\n")) {
          throw fail(`has a message of no one line: ${message}`, error);
        }
      } finally {
        leave();
      }
      const time = performance.now() - start;
      if (time > MOST_TIME) throw fail(`takes ${Math.round(time)} ms`);
      const now = Deno.memoryUsage().rss;
      if (now - atStart > MOST_MEMORY_OF_ONE) throw fail(`takes ${mebibytes(now - atStart)} MiB of memory`);
      if (now - before > MOST_MEMORY) {
        throw fail(`and those before it leave ${mebibytes(now - before)} MiB of memory in use`);
      }
    }
    // Damage that nothing finds would mean that nothing is tested
    if (refused < FILES / 20) {
      throw new AssertionError(`${what}: only ${refused} of ${FILES} files were refused`);
    }
  });
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

/** A file as a failure shows it, so that it can be tried again by itself. */
function shown(file: Uint8Array): string {
  if (file.length > MOST_SHOWN) return `(more than ${MOST_SHOWN} bytes; the seed makes it again)`;
  return btoa(String.fromCharCode(...file));
}

/** Thrown where a parser never ends. */
class Hanging extends Error {}

/** Waits for a parser, as long as it may take. */
async function within(milliseconds: number, parsing: unknown): Promise<void> {
  if (!(parsing instanceof Promise)) return;
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Hanging()), milliseconds);
  await Promise.race([parsing, promise]).finally(() => clearTimeout(timer));
}
