import { assertEquals, assertThrows } from "@std/assert";
import { NearestRows } from "../../../../src/dcgan/experiments/neighbors/nearest_rows.ts";
import { nearestPictures } from "../../../../src/dcgan/scores/metrics/nearest.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

gpuTest(
  "NearestRows finds the rows that all distances in float64 find, over blocks of any length",
  async (device) => {
    const [count, dimensions] = [130, 48];
    const probes = randomValues(count * dimensions, 1, [-1, 1]);
    const rows = randomValues(500 * dimensions, 2, [-1, 1]);
    const expected = nearestPictures(
      { data: probes, count, dimensions },
      { data: rows, count: 500, dimensions },
    ).rows;
    using search = new NearestRows(device.tensor(probes, { shape: [count, dimensions] }));
    for (const [from, to] of [[0, 1], [1, 65], [65, 400], [400, 500]] as const) {
      search.compare(
        device.tensor(rows.subarray(from * dimensions, to * dimensions), { shape: [to - from, dimensions] }),
      );
    }
    assertEquals(search.seen, 500);
    assertEquals(await search.places(), expected);
  },
);

gpuTest("NearestRows takes the first of equal rows, in a block and over blocks", async (device) => {
  using search = new NearestRows(device.tensor([[1, 0], [0, 1]]));
  search.compare(device.tensor([[0, 0], [1, 1], [1, 0], [1, 0]]));
  search.compare(device.tensor([[1, 0], [0, 1]]));
  assertEquals([...await search.places()], [2, 5]);
});

gpuTest(
  "NearestRows looks through the longest block to its end, and refuses a longer one",
  async (device) => {
    const most = 2 ** 20;
    const block = new Float32Array(most).fill(9);
    block[most - 1] = 1;
    using search = new NearestRows(device.tensor([[0]]));
    search.compare(device.tensor(block, { shape: [most, 1] }));
    assertEquals([...await search.places()], [most - 1]);
    assertThrows(
      () => search.compare(device.empty([most + 1, 1])),
      RangeError,
      "Cannot compare with 1048577 more rows",
    );
  },
);

gpuTest("NearestRows takes more probes than one axis of a grid has places", async (device) => {
  const count = 65_536 + 3;
  const probes = Float32Array.from({ length: count }, (_, i) => i % 2);
  using search = new NearestRows(device.tensor(probes, { shape: [count, 1] }));
  search.compare(device.tensor([[1], [0]]));
  const places = await search.places();
  assertEquals(places.findIndex((place, i) => place !== 1 - i % 2), -1);
});
