import "../../../../src/host/on_native.ts";
import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { responsibleMaps } from "../../../../src/dcgan/experiments/filters/responsible_maps.ts";
import { randomValues } from "../../../support/random.ts";

const box = [0, 0, 0.5, 0.5] as const;

/** Maps of 4x4 with five channels: the second is high in the box, the fourth low, the others are noise. */
function samples(count: number) {
  return Array.from({ length: count }, (_, sample) => {
    const maps = new Float32Array(randomValues(4 * 4 * 5, sample + 1, [0, 1]));
    for (let place = 0; place < 16; place++) {
      const inside = place % 4 < 2 && place < 8;
      maps[place * 5 + 1]! += inside ? 2 : 0;
      maps[place * 5 + 3]! += inside ? 0 : 2;
    }
    return { maps, boxes: [box] };
  });
}

Deno.test("responsibleMaps() gives weights above 0 to maps that are active in boxes, and not to those outside", () => {
  const found = responsibleMaps(samples(30), [4, 4, 5], 1);
  assertEquals([found.positives, found.negatives], [120, 120]);
  assertGreater(found.accuracy, 0.99);
  assertEquals([found.maps.includes(1), found.maps.includes(3)], [true, false]);
});

Deno.test("responsibleMaps() refuses boxes that leave no place outside", () => {
  const covered = samples(3).map(({ maps }) => ({ maps, boxes: [[0, 0, 1, 1]] as const }));
  assertThrows(() => responsibleMaps(covered, [4, 4, 5], 1), RangeError, "found that all are in boxes");
});
