import { assertAlmostEquals, assertEquals } from "@std/assert";
import { minimize } from "../../../../src/dcgan/experiments/solvers/minimize.ts";

Deno.test("minimize() goes to the bottom of a long valley", () => {
  // Curvatures from 1 to 10^4
  const bottom = [1, -2, 3, 0.5];
  const found = minimize(4, (point) => {
    let value = 0;
    const gradient = point.map((x, i) => {
      const curvature = 10 ** (4 * i / 3);
      value += curvature * (x - bottom[i]!) ** 2 / 2;
      return curvature * (x - bottom[i]!);
    });
    return { value, gradient };
  });
  for (const [i, x] of found.entries()) assertAlmostEquals(x, bottom[i]!, 1e-2);
});

Deno.test("minimize() stays at a minimum that it starts at", () => {
  const found = minimize(
    2,
    (point) => ({ value: point[0]! ** 2 + point[1]! ** 2, gradient: point.map((x) => 2 * x) }),
  );
  assertEquals([...found], [0, 0]);
});
