import "../../../../src/host/on_native.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  formatConfig,
  parseConfig,
  resolveConfig,
  type TrainConfig,
} from "../../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../../src/dcgan/options/config_issue.ts";
import { beginningOf, withChanges } from "../../../../src/dcgan/run/changes/changes.ts";
import { runId } from "../../../../src/dcgan/run/identity.ts";

const begun: TrainConfig = {
  ...resolveConfig({ dataOptions: { length: 50, workers: 2 } }, { length: 50 }),
  pictures: "ab12",
};

/** A config after a change. */
const changed = (before: TrainConfig, step: number, now: Partial<TrainConfig>): TrainConfig =>
  withChanges(before, step, { ...before, ...now });

Deno.test("withChanges() remembers values before and after, by step, and only those that changed", () => {
  assertEquals(changed(begun, 4, { steps: 9, logEvery: 3 }).changes, undefined);
  const first = changed(begun, 4, { batch: 8, flip: true, learningRate: 1e-3 });
  assertEquals(first.changes, [
    { step: 4, option: "flip", from: false, to: true },
    { step: 4, option: "batch", from: 64, to: 8 },
    { step: 4, option: "learningRate", from: 2e-4, to: 1e-3 },
  ]);
  const second = changed(first, 7, { batch: 16 });
  assertEquals(second.changes, [...first.changes!, { step: 7, option: "batch", from: 8, to: 16 }]);
  assertEquals([second.batch, second.flip], [16, true]);
});

Deno.test("withChanges() forgets what was changed at the same step or later", () => {
  const later = changed(changed(begun, 4, { batch: 8 }), 9, { batch: 16, flip: true });
  assertEquals(changed(later, 6, {}).changes, [
    { step: 4, option: "batch", from: 64, to: 8 },
    { step: 6, option: "flip", from: false, to: true },
    { step: 6, option: "batch", from: 8, to: 16 },
  ]);
  assertEquals(changed(later, 4, {}).changes?.map(({ from, to }) => [from, to]), [[false, true], [64, 16]]);
  // Back to what it was: nothing has changed
  assertEquals(changed(later, 4, { batch: 64, flip: false }).changes, undefined);
});

Deno.test("withChanges() tells options that choose pictures from those that read them", () => {
  const read = changed(begun, 2, { dataOptions: { workers: 0, length: 50 } });
  assertEquals(read.changes, undefined);
  const other = changed(begun, 2, {
    dataOptions: { workers: 2, length: 60 },
    images: 60,
    pictures: "cd34",
  });
  assertEquals(other.changes, [
    { step: 2, option: "dataOptions", from: { length: 50 }, to: { length: 60 } },
    { step: 2, option: "images", from: 50, to: 60 },
    { step: 2, option: "pictures", from: "ab12", to: "cd34" },
  ]);
  const { images: _, pictures: __, ...older } = begun;
  assertEquals(changed(older, 2, { images: 50, pictures: "ab12" }).changes, undefined);
});

Deno.test("beginningOf() leads back to the run's name, and sees a value that its changes do not lead to", () => {
  let config = begun;
  for (
    const [step, now] of [[2, { batch: 8 }], [2, { beta1: 0.6 }], [5, { batch: 16, flip: true }]] as const
  ) {
    config = changed(config, step, now);
  }
  config = changed(config, 8, { dataOptions: { length: 60 }, images: 60, learningRate: 1e-5, samples: 4 });
  assert(runId(config) !== runId(begun));
  assertEquals(runId(beginningOf(config)!), runId(begun));
  assertEquals(runId(beginningOf(parseConfig(formatConfig(config)))!), runId(begun));
  assertEquals(beginningOf(begun), begun);

  assertEquals(beginningOf({ ...config, batch: 32 }), undefined);
  assertEquals(beginningOf({ ...config, dataOptions: { length: 61 } }), undefined);
  const edited = (index: number, edit: object): TrainConfig => ({
    ...config,
    changes: config.changes!.map((change, i) => i === index ? { ...change, ...edit } : change),
  });
  const place = config.changes!.findIndex(({ option }) => option === "batch");
  assertEquals(beginningOf(edited(place, { to: 9 })), undefined);
  assert(runId(beginningOf(edited(place, { from: 63 }))!) !== runId(begun));
  // What a run is not known by may be edited
  assertEquals(runId(beginningOf({ ...config, learningRate: 0.5, samples: 9 })!), runId(begun));
});

Deno.test("parseConfig() takes changes as they are written, and no others", () => {
  const config = changed(changed(begun, 4, { batch: 8, scoreBy: "frechet" }), 6, { loss: "minimax" });
  assertEquals(parseConfig(formatConfig(config)), config);
  const [change] = config.changes!;
  for (
    const changes of [
      {},
      [{ ...change, step: -1 }],
      [{ ...change, option: "size" }],
      [{ ...change, to: "8" }],
      [{ ...change, why: "better" }],
      [{ ...change, step: 5 }, change],
      [{ step: 4, option: "batch", from: 64 }],
    ]
  ) {
    assertThrows(
      () => parseConfig(JSON.stringify({ ...config, changes })),
      ConfigError,
      '"changes" must be a list of changes with step, option, from and to, in the order of steps, found',
    );
  }
});
