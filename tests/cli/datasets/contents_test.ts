import "../../../src/host/on_native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { openDataset } from "../../../plugins/datasets/mod.ts";
import { contentRows, contents } from "../../../src/cli/datasets/contents.ts";

/** A dataset whose labels take their time. */
function labelled(length: number, microseconds: number) {
  return openDataset({
    apiVersion: 1,
    name: "slow",
    open: ({ size }) => ({
      length,
      shape: [size, size, 1],
      read() {},
      labels: {
        parity: {
          classes: ["even", "odd"],
          at(index) {
            const end = performance.now() + microseconds / 1000;
            while (performance.now() < end);
            return index % 2;
          },
        },
      },
    }),
  }, { size: 8 });
}

Deno.test("contents() counts images and labels", async () => {
  await using open = await labelled(101, 0);
  const found = await contents(open, new AbortController().signal);
  const classes = [{ name: "even", images: 51 }, { name: "odd", images: 50 }];
  assertEquals(found, {
    images: 101,
    width: 8,
    height: 8,
    channels: 1,
    labels: [{ name: "parity", classes }],
  });
  assertEquals(contentRows(found), [
    ["images", "101, gray, read as 8x8x1"],
    ["parity", "2 classes: even\u00a0(51), odd\u00a0(50)"],
  ]);
});

Deno.test("contents() ends where its signal aborts", async () => {
  await using open = await labelled(300_000, 50);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 100);
  await assertRejects(() => contents(open, controller.signal), DOMException);
  clearTimeout(timer);
});
