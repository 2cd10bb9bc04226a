import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import {
  checkPlugin,
  DatasetError,
  type DatasetPlugin,
  openDataset,
  resolveDataset,
} from "../../../plugins/datasets/mod.ts";
import { checkDataset } from "../../../plugins/datasets/testing.ts";

/** A plugin whose open dataset, or whose opening, has something of its own. */
function plugin(
  dataset: Record<string, unknown>,
  opening: (context: Parameters<DatasetPlugin["open"]>[0]) => void = () => {},
): DatasetPlugin {
  return {
    apiVersion: 1,
    name: "odd",
    open: (context: Parameters<DatasetPlugin["open"]>[0]) => {
      opening(context);
      return { length: 2, shape: [context.size, context.size, 1], read() {}, ...dataset };
    },
  } as unknown as DatasetPlugin;
}

Deno.test("openDataset() refuses reports and progress that nobody could show", async () => {
  const cases: [Parameters<typeof plugin>[1], RegExp][] = [
    [({ report }) => report(7 as never), /^What dataset "odd" reports must be text, found 7$/],
    [
      ({ progress }) => progress({ what: "a", done: -1, unit: "bytes" } as never),
      /^The progress of dataset "odd" must be .*, found \{/,
    ],
    [
      ({ progress }) => progress(undefined as never),
      /^The progress of dataset "odd" must be .*, found undefined$/,
    ],
  ];
  for (const [opening, message] of cases) {
    const error = await assertRejects(() => openDataset(plugin({}, opening), { size: 8 }), DatasetError);
    assertMatch(error.message, message);
  }
});

Deno.test("OpenDataset names the dataset whose labels, list or end fail", async () => {
  const labels = {
    kind: {
      at() {
        throw new Error("no such row");
      },
    },
  };
  await using labelled = await openDataset(plugin({ labels }), { size: 8 });
  assertThrows(
    () => labelled.labels.kind!.at(1),
    DatasetError,
    'Label "kind" of dataset "odd" cannot be read for image 1: no such row',
  );

  await using skipping = await openDataset(plugin({ skipped: [{ name: "a.png" }] }), { size: 8 });
  assertThrows(() => skipping.skipped, DatasetError, 'What dataset "odd" skipped must be objects');

  const failing = await openDataset(
    plugin({ close: () => Promise.reject(new Error("disk is gone")) }),
    { size: 8 },
  );
  await assertRejects(() => failing.close(), DatasetError, 'Dataset "odd" cannot be closed: disk is gone');
  await failing.close();

  const hanging = await openDataset(plugin({ close: () => new Promise(() => {}) }), {
    size: 8,
    timeLimit: 0.05,
  });
  await assertRejects(() => hanging.close(), DatasetError, 'Dataset "odd"');
});

Deno.test("checkPlugin() refuses options and files that no flag and no download could be made of", () => {
  const good = { apiVersion: 1, name: "good", open: () => {} };
  const text = { type: "string", description: "what", default: "a" };
  const whole = { type: "integer", description: "what", default: 1 };
  const file = { path: "a", urls: ["https://a.example/a"] };
  const cases: [Record<string, unknown>, string][] = [
    [{ options: { hairColor: text, hair_color: text } }, "differ from option"],
    [{ options: { Root: text } }, "--data-root means something else"],
    [{ options: { kind: { ...text, enum: [] } } }, 'enum of option "kind"'],
    [{ options: { kind: { ...whole, enum: ["a"] } } }, "left out, as only texts have one"],
    [{ options: { kind: { ...text, minimum: 1 } } }, 'minimum of option "kind"'],
    [{ options: { kind: { ...whole, maximum: "9" } } }, "a number, for options that are numbers"],
    [{ files: [{ ...file, size: -1 }] }, 'The "size" of file "a"'],
    [{ files: [{ ...file, sha256: "ABC" }] }, 'The "sha256" of file "a"'],
    [{ files: [{ ...file, contentSha256: 5 }] }, "64 digits of 0-9 and a-f, found 5"],
  ];
  for (const [more, message] of cases) {
    assertThrows(() => checkPlugin({ ...good, ...more }, "here"), DatasetError, message);
  }
});

Deno.test("resolveDataset() knows what a plugin from elsewhere may start with", async () => {
  for (const specifier of ["http://a.example/set.ts", "ftp://a.example/set.ts", "git:a/b"]) {
    const error = await assertRejects(() => resolveDataset(specifier), DatasetError);
    assertMatch(
      error.message,
      /must start with one of file:, https:, jsr:, npm:, a set on the hub with "hf:"/,
    );
  }
});

Deno.test("checkDataset() names the dataset, and finds reading that does not end by its signal", async () => {
  let reads = 0;
  const slow = plugin({
    read(_indices: number[], into: Uint8Array, signal: AbortSignal) {
      reads++;
      return new Promise<void>((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new Error("given up")));
        setTimeout(() => resolve(void into.fill(3)), 5);
      });
    },
  });
  const error = await assertRejects(() => checkDataset(slow, { size: 8 }));
  assert(error instanceof Error);
  assertMatch(error.message, /^Dataset "odd" fails the check of /);
  assertEquals(reads > 0, true);
});

Deno.test("OpenDataset checks the native size, and names the dataset that cannot find it", async () => {
  for (const [nativeSize, found] of [[undefined, undefined], [() => undefined, undefined], [() => 5, 5]]) {
    await using dataset = await openDataset(plugin({ nativeSize }), { size: 8 });
    assertEquals(await dataset.nativeSize(), found);
  }
  const fails = () => Promise.reject(new Error("disk is gone"));
  const cases: [unknown, string][] = [
    [() => 2.5, 'The native size of dataset "odd" must be a whole number of at least 1, found 2.5'],
    [
      () => Promise.resolve(0),
      'The native size of dataset "odd" must be a whole number of at least 1, found 0',
    ],
    [fails, 'Dataset "odd" cannot find the size of its pictures: disk is gone'],
  ];
  for (const [nativeSize, message] of cases) {
    await using dataset = await openDataset(plugin({ nativeSize }), { size: 8 });
    await assertRejects(() => dataset.nativeSize(), DatasetError, message);
  }
  await assertRejects(
    () => openDataset(plugin({ nativeSize: 64 }), { size: 8 }),
    DatasetError,
    'The "nativeSize" that dataset "odd" opens with must be a function, found 64',
  );
});
