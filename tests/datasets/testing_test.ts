/** What the conformance kit finds. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Dataset, DatasetPlugin, OpenRequest } from "../../plugins/datasets/mod.ts";
import { checkDataset, conformanceChecks, ConformanceError } from "../../plugins/datasets/testing.ts";

/** A dataset that is as it should be: image `index` holds numbers that follow from it. */
function good({ size, channels = 1 }: OpenRequest): Dataset {
  const each = size * size * channels;
  return {
    length: 9,
    shape: [size, size, channels],
    read(indices, into) {
      for (let i = 0; i < into.length; i++) {
        into[i] = 16 + (indices[Math.floor(i / each)]! * 31 + i % each) % 200;
      }
    },
  };
}

/** A plugin that opens in some way. */
const opening = (open: (request: OpenRequest) => Dataset | Promise<Dataset>): DatasetPlugin => ({
  apiVersion: 1,
  name: "odd",
  open,
});

/** A plugin whose dataset is good but for something. */
const but = (change: (dataset: Dataset, request: OpenRequest) => Partial<Dataset>): DatasetPlugin =>
  opening((request) => ({ ...good(request), ...change(good(request), request) }));

Deno.test("checkDataset() makes all of its checks, and a good dataset passes them", async () => {
  const passed: string[] = [];
  await checkDataset(opening(good), { size: 8 }, (check) => passed.push(check));
  assertEquals(passed, conformanceChecks);
});

Deno.test("checkDataset() finds what a dataset does wrong", async (t) => {
  let reads = 0;
  let opened = 0;
  let stuck = false;
  let current: object | undefined;
  const cases: [string, DatasetPlugin, RegExp][] = [
    [
      "neither number of channels",
      opening((request) => {
        if (request.channels !== undefined) throw new Error(`not with ${request.channels}`);
        return good(request);
      }),
      /check of shape: it must open with 1 or with 3 channels, found ".+not with 1", ".+not with 3"$/,
    ],
    [
      "levels that are all one",
      but(() => ({ read: (_, into) => void into.fill(9) })),
      /check of range: .+ all of one level, 9$/,
    ],
    [
      "levels of 0 and 1",
      but(() => ({
        read: (indices, into) => into.forEach((_, i) => into[i] = (i + indices[0]!) % 2),
      })),
      /check of range: levels must be from 0 to 255, found 0 and 1 only$/,
    ],
    [
      "other bytes each time",
      but((dataset) => ({
        read(indices, into) {
          dataset.read(indices, into);
          into[0] = reads++;
        },
      })),
      /check of determinism and random access: the same indices must give the same bytes a second time$/,
    ],
    [
      "images that follow from their neighbors",
      but((dataset) => ({
        read(indices, into) {
          dataset.read(indices, into);
          into[0] = indices.length;
        },
      })),
      /check of determinism and random access: image \d must be the same alone and among others$/,
    ],
    [
      "one image in the place of all",
      but((dataset) => ({ read: (indices, into) => dataset.read(Array.from(indices, () => 4), into) })),
      /first, middle and last image are the same$/,
    ],
    [
      "bytes beside its own",
      but((dataset) => ({
        read(indices, into) {
          dataset.read(indices, into);
          if (into.byteOffset > 0) new Uint8Array(into.buffer)[0] = 99;
        },
      })),
      /nothing outside its place may be written to$/,
    ],
    [
      "a label that changes",
      but(() => ({ labels: { kind: { at: () => reads++ } } })),
      /check of labels: "kind" of image \d must be the same every time$/,
    ],
    [
      "classes of one name",
      but(() => ({ labels: { kind: { classes: ["a", "a"], at: () => 0 } } })),
      /check of labels: two classes of "kind" have one name$/,
    ],
    [
      "another length each time",
      but(() => ({ length: 9 + opened++ })),
      /check of two at once: the second one has \d+ images, the first \d+$/,
    ],
    [
      "a file that all have in common",
      but((dataset) => {
        const mine = current = {};
        return {
          read(indices, into) {
            dataset.read(indices, into);
            if (current === undefined) into.fill(1);
          },
          close: () => void (mine && (current = undefined)),
        };
      }),
      /check of two at once: closing one must not hurt the other$/,
    ],
    [
      "nothing more once it was given up",
      but((dataset) => ({
        async read(indices, into, signal) {
          signal?.addEventListener("abort", () => stuck = true);
          await Promise.resolve();
          if (stuck) into.fill(7);
          else await dataset.read(indices, into);
        },
      })),
      /check of cancellation: reading that was given up must not change the next$/,
    ],
  ];
  for (const [name, plugin, message] of cases) {
    await t.step(name, async () => {
      const error = await assertRejects(() => checkDataset(plugin, { size: 8 }), ConformanceError);
      assert(message.test(error.message), error.message);
      assert(error.message.startsWith('Dataset "odd" fails the '), error.message);
    });
  }
});
