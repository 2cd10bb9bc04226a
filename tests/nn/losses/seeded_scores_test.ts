import { assertEquals, assertThrows } from "@std/assert";
import {
  add,
  Device,
  hingeScores,
  leastSquaresScores,
  logisticScores,
  matmul,
  relativisticScores,
  type Tensor,
  wassersteinScores,
} from "../../../gpu.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import { VariantScope } from "../../../src/gpu/contraction/variants/variant_scope.ts";
import { gpuTest } from "../../support/gpu.ts";
import { onCard } from "../../support/other_adapters.ts";
import { randomValues } from "../../support/random.ts";

const LOSSES = [logisticScores, leastSquaresScores, hingeScores, wassersteinScores, relativisticScores];
const TARGETS = [{ target: 1 }, { target: -1, scale: 0.5 }];

/** Scores, and the gradient by the logits for a seed that was announced or not. */
function scored(
  loss: typeof LOSSES[number],
  logits: Tensor,
  { rows = 2, announced = true, flips }: { rows?: number; announced?: boolean; flips?: Tensor } = {},
): Tensor[] {
  const seed = logits.device.tensor(Array.from({ length: rows }, (_, i) => [i + 1, 0.25]));
  const options = { ...(announced ? { seed } : {}), ...(flips ? { flips } : {}) };
  const scores = loss(logits, TARGETS.slice(0, rows), options);
  return [scores, ...gradients([scores], [logits], { seeds: [seed] })];
}

gpuTest(
  "scores with a seed have the same bytes and gradients as without, from one launch",
  async (device) => {
    for (const loss of LOSSES) {
      for (const rows of [1, 2]) {
        for (const count of [1, 5, 200]) {
          const groups = loss === relativisticScores ? 2 : rows;
          const logits = device.tensor(randomValues(groups * count, count, [-3, 3]), {
            shape: [groups * count, 1, 1, 1],
          });
          using program = device.program({}, () => scored(loss, logits, { rows }));
          program.run();
          const expected = await device.read(scored(loss, logits, { rows, announced: false }));
          assertEquals(await device.read(program.outputs), expected, `${loss.name}, ${rows}, ${count}`);
          assertEquals(program.stats.launches, 1);
        }
      }
    }
  },
);

gpuTest("logisticScores() with a seed heeds flips", async (device) => {
  const logits = device.tensor(randomValues(14, 1, [-3, 3]));
  const flips = device.tensor(Array.from({ length: 14 }, (_, i) => i % 3 === 0 ? 1 : 0));
  const [found, expected] = await Promise.all(
    [true, false].map((announced) => device.read(scored(logisticScores, logits, { announced, flips }))),
  );
  assertEquals(found, expected);
});

gpuTest("scores with a seed have another gradient for another seed", async (device) => {
  const logits = device.tensor(randomValues(8, 1, [-3, 3]));
  const [seed, other] = [device.tensor([[1, 0], [1, 0]]), device.tensor([[0, 1], [2, 0]])];
  const gradientOf = (options: { seed?: Tensor }) => {
    const scores = hingeScores(logits, TARGETS, options);
    return gradients([scores], [logits], { seeds: [other] })[0]!.data();
  };
  assertEquals(await gradientOf({ seed }), await gradientOf({}));
});

gpuTest("scores refuse a seed of another shape", (device) => {
  const logits = device.tensor([1, 2]);
  for (const loss of LOSSES) {
    assertThrows(
      () => loss(logits, TARGETS, { seed: device.tensor([[1, 0]]) }),
      RangeError,
      "Cannot score logits: the seed must be of shape [2, 2], as the scores are, found [1, 2]",
    );
  }
});

gpuTest(
  "scores add up the parts of logits on a card, in the same order, and leave the logits",
  async (device) => {
    const read = (card: Device, loss: typeof LOSSES[number], reads: boolean) => {
      const [a, b] = [randomValues(12 * 90, 1, [-1, 1]), randomValues(90, 2, [-1, 1])];
      const x = card.tensor(a, { shape: [12, 90] });
      const y = card.tensor(b, { shape: [90, 1] });
      using program = card.program({}, () => {
        const logits = matmul(x, y);
        // What reads them first needs the sum
        const sum = reads ? [add(logits, logits)] : [];
        return [logits, ...scored(loss, logits), ...sum];
      });
      program.run();
      const labels = program.launches.map(({ launch }) => launch.kernel.label);
      const sums = labels.filter((label) => label === "add parts").length;
      return card.read(program.outputs.slice(0, 3)).then((values) => ({ values, sums }));
    };
    const other = new Device(device.gpu, device.adapter, {
      ...device.capabilities,
      loopIterations: Infinity,
    });
    await onCard(other, async (card) => {
      const split = "tiled rows 16 columns 16 depth 8 rowQuads 1 columnQuads 1 splits 11";
      using _variants = new VariantScope(card, { get: () => split });
      for (const loss of LOSSES) {
        const apart = await read(card, loss, true);
        const taken = await read(card, loss, false);
        assertEquals(taken.values, apart.values, loss.name);
        assertEquals(taken.sums, loss === relativisticScores ? 1 : 0);
      }
    });
  },
);
