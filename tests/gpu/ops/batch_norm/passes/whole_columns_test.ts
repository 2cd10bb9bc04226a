import "../../../../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { wholeColumns } from "../../../../../src/gpu/ops/batch_norm/passes/whole_columns.ts";
import { Device } from "../../../../../src/gpu/mod.ts";
import { CARDS, recordingDevice } from "../../../../../scripts/gpus/record/cards.ts";

const card = recordingDevice(CARDS[0]!);

/** Columns and threads of a workgroup. */
function layout(device: Device, groups: number, rows: number, channels: number, reads = 1) {
  const found = wholeColumns(device, { groups, rows, channels }, reads);
  return found && [found.lanes, found.threads];
}

Deno.test("wholeColumns() gives a workgroup of a card 32 bytes of each row, and more of few rows", () => {
  assertEquals(layout(card, 1, 8192, 64), [2, 512]);
  assertEquals(layout(card, 2, 2048, 128), [2, 512]);
  assertEquals(layout(card, 1, 128, 512), [4, 512]);
  assertEquals(layout(card, 1, 4, 512), [8, 512]);
  assertEquals(layout(card, 1, 500, 4), [1, 512]);
  assertEquals(layout(card, 1, 500, 130), [8, 512]);
  assertEquals(layout(card, 1, 8, 130), [32, 512]);
});

Deno.test("wholeColumns() leaves long columns and many groups of a card to several workgroups", () => {
  assertEquals(layout(card, 1, 8193, 64), undefined);
  assertEquals(layout(card, 2, 4097, 64), undefined);
  assertEquals(layout(card, 1, 4097, 64, 2), undefined);
  assertEquals(layout(card, 5, 8, 64), undefined);
});

Deno.test("wholeColumns() makes workgroups as small as an adapter wants them", () => {
  const limits = { ...card.adapter.limits, maxComputeInvocationsPerWorkgroup: 300 };
  const small = new Device(card.gpu, { ...card.adapter, limits }, card.capabilities);
  assertEquals(layout(small, 1, 2000, 64), [2, 256]);
});

Deno.test("wholeColumns() gives each thread of a processor a column, if there are enough", () => {
  const processor = new Device(card.gpu, { ...card.adapter, software: true }, card.capabilities);
  assertEquals(layout(processor, 2, 2 ** 15, 128), [8, 8]);
  assertEquals(layout(processor, 1, 2 ** 15 + 1, 128), undefined);
  assertEquals(layout(processor, 1, 40, 124), undefined);
  const capabilities = { ...card.capabilities, loopIterations: 1000 };
  const limited = new Device(card.gpu, { ...card.adapter, software: true }, capabilities);
  assertEquals([layout(limited, 1, 600, 128), layout(limited, 2, 600, 128)], [[8, 8], undefined]);
});
