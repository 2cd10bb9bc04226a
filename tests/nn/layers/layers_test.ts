import { assertThrows } from "@std/assert";
import { BatchNorm2d, Reshape } from "../../../src/nn/mod.ts";

Deno.test("BatchNorm2d refuses options that would give NaN or statistics that run away", () => {
  const cases: [() => unknown, string][] = [
    [
      () => new BatchNorm2d(2, { eps: -1e-5 }),
      "'eps' of a batch norm must be at least 0 and finite, found -0.00001",
    ],
    [
      () => new BatchNorm2d(2, { eps: NaN }),
      "'eps' of a batch norm must be at least 0 and finite, found NaN",
    ],
    [() => new BatchNorm2d(2, { eps: Infinity }), "must be at least 0 and finite, found Infinity"],
    [() => new BatchNorm2d(2, { momentum: 2 }), "'momentum' of a batch norm must be from 0 to 1, found 2"],
    [
      () => new BatchNorm2d(2, { momentum: -0.1 }),
      "'momentum' of a batch norm must be from 0 to 1, found -0.1",
    ],
  ];
  for (const [run, message] of cases) assertThrows(run, RangeError, message);
  new BatchNorm2d(2, { eps: 0, momentum: 1 });
});

Deno.test("Reshape refuses extents that are no whole numbers of at least 1", () => {
  for (const shape of [[-2, -2], [0.5, 8], [0]]) {
    assertThrows(
      () => new Reshape(shape),
      RangeError,
      `shape [${shape.join(", ")}]: every extent must be a whole`,
    );
  }
});
