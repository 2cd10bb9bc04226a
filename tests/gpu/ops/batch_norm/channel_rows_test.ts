import { assert, assertEquals } from "@std/assert";
import {
  channelRows,
  reducingRows,
  type RowGroups,
  threadRows,
} from "../../../../src/gpu/ops/batch_norm/channel_rows.ts";
import { CARDS, recordingDevice } from "../../../../scripts/gpus/record/cards.ts";

const card = recordingDevice(CARDS[0]!);

Deno.test("reducingRows() leaves at most 64 parts on a card, of columns of 128 bytes", () => {
  const { lanes, blocks, threads, rowsEach } = reducingRows(card, {
    groups: 1,
    rows: 2 ** 19,
    channels: 128,
  });
  assertEquals([lanes, blocks, threads, rowsEach], [8, 64, 256, 8192]);
  assertEquals(reducingRows(card, { groups: 2, rows: 16384, channels: 128 }).blocks, 32);
  assertEquals(reducingRows(card, { groups: 1, rows: 2 ** 20, channels: 3 }).lanes, 4);
});

Deno.test("channelRows() gives threads of a card several rows, and covers all of them", () => {
  const sizes: RowGroups[] = [
    { groups: 1, rows: 65536, channels: 64 },
    { groups: 2, rows: 1000, channels: 36 },
    { groups: 1, rows: 1, channels: 7 },
    { groups: 3, rows: 77, channels: 4096 },
  ];
  for (const rows of sizes) {
    const layout = channelRows(card, rows);
    assert(layout.blocks * layout.rowsEach >= rows.rows);
    assert((layout.blocks - 1) * layout.rowsEach < rows.rows);
  }
  assertEquals(threadRows(channelRows(card, sizes[0]!)), 8);
});

Deno.test("channelRows() widens workgroups where a grid would be too long", () => {
  const { width, lanes } = channelRows(card, { groups: 1, rows: 4, channels: 4_300_000 });
  assertEquals(lanes, 32);
  assert(Math.ceil(width / lanes) <= 65535);
});
