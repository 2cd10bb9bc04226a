import { assertAlmostEquals, assertEquals } from "@std/assert";
import { between } from "../../../../src/dcgan/experiments/walk/between.ts";

const [a, b] = [Float32Array.of(2, 0), Float32Array.of(0, 2)];

Deno.test("between() goes along a line between uniform points, and along the arc between normal ones", () => {
  assertEquals([...between(a, b, 0.25, "uniform")], [1.5, 0.5]);
  const middle = between(a, b, 0.5, "normal");
  assertAlmostEquals(Math.hypot(...middle), 2, 1e-6);
  assertAlmostEquals(middle[0]!, middle[1]!, 1e-6);
});

Deno.test("between() starts and ends at its points, also at equal and opposite ones", () => {
  for (const [from, to] of [[a, b], [a, a], [a, Float32Array.of(-2, 0)]] as const) {
    for (const distribution of ["uniform", "normal"] as const) {
      assertEquals([...between(from, to, 0, distribution)], [...from]);
      for (const [i, value] of between(from, to, 1, distribution).entries()) {
        assertAlmostEquals(value, to[i]!, 1e-6);
      }
      assertEquals(between(from, to, 0.3, distribution).every(Number.isFinite), true);
    }
  }
});
