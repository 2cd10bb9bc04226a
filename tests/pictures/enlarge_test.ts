import { assertEquals } from "@std/assert";
import { enlarge } from "../../src/pictures/enlarge.ts";

Deno.test("enlarge() makes each pixel of each picture a square", () => {
  const batch = {
    width: 2,
    height: 1,
    channels: 3,
    data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
  } as const;
  const [a, b, c, d] = [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]];
  const rows = [[a, a, b, b], [a, a, b, b], [c, c, d, d], [c, c, d, d]];
  assertEquals(enlarge(batch, 2), {
    width: 4,
    height: 2,
    channels: 3,
    data: Uint8Array.from(rows.flat(2) as number[]),
  });
  assertEquals(enlarge(batch, 1), batch);
  const gray = { width: 1, height: 2, channels: 1, data: Uint8Array.of(5, 9) } as const;
  assertEquals(enlarge(gray, 3).data, Uint8Array.from([...Array(9).fill(5), ...Array(9).fill(9)]));
});
