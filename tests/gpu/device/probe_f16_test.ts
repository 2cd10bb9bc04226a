import { assert, assertEquals } from "@std/assert";
import { MAX_F16 } from "../../../src/gpu/kernel/float_memory.ts";
import { judgeProbe, PROBED, probeInputs, type ProbeOutputs } from "../../../src/gpu/device/probe_f16.ts";

/** What an adapter that does all right gives. */
function rightOutputs(): ProbeOutputs {
  const { singles, halves } = probeInputs();
  const rounded = Float16Array.from(singles);
  const computed = Float16Array.from({ length: 2 * PROBED }, (_, at) => {
    const i = Math.floor(at / 2);
    return at % 2 === 0 ? halves[i]! + halves[(i + 7) % PROBED]! : halves[i]! * 0.75;
  });
  return {
    rounded,
    roundedQuads: rounded.slice(),
    widened: Float32Array.from([...halves, ...halves]),
    computed,
  };
}

Deno.test("judgeProbe() takes what is right, and roundings to the other neighbor", () => {
  assert(judgeProbe(rightOutputs()));
  const { singles } = probeInputs();
  const towardsZero = rightOutputs();
  for (const array of [towardsZero.rounded, towardsZero.roundedQuads]) array[0] = 1;
  assertEquals(singles[0], 1 + 2 ** -11);
  assert(judgeProbe(towardsZero));
});

Deno.test("judgeProbe() refuses each thing that may be wrong", () => {
  const { singles, halves } = probeInputs();
  const at = (array: Float32Array | Float16Array, is: (value: number) => boolean) =>
    Array.from(array).findIndex(is);
  const wrongs: Record<string, (outputs: ProbeOutputs) => void> = {
    "subnormal numbers lost when rounding": ({ rounded, roundedQuads }) => {
      const place = at(singles, (value) => value === Math.fround(1e-5));
      rounded[place] = roundedQuads[place] = 0;
    },
    "subnormal numbers lost when widening": ({ widened }) => {
      widened[at(halves, (value) => value === 2 ** -24)] = 0;
    },
    "the largest number instead of infinity": ({ rounded, roundedQuads }) => {
      const place = at(singles, (value) => value === Math.fround(1e30));
      rounded[place] = roundedQuads[place] = MAX_F16;
    },
    "infinity lost when widening": ({ widened }) => {
      widened[at(halves, (value) => value === Infinity)] = MAX_F16;
    },
    "NaN swallowed": ({ rounded, roundedQuads }) => {
      const place = at(singles, Number.isNaN);
      rounded[place] = roundedQuads[place] = MAX_F16;
    },
    "the sign of zero lost": ({ widened }) => {
      widened[at(halves, (value) => Object.is(value, -0))] = 0;
    },
    "fours in another order": ({ roundedQuads }) => {
      [roundedQuads[0], roundedQuads[3]] = [roundedQuads[3]!, roundedQuads[0]!];
    },
    "off by two units": ({ rounded, roundedQuads }) => {
      const place = at(singles, (value) => value === Math.fround(Math.PI));
      rounded[place] = roundedQuads[place] = 3.140625 + 2 ** -8;
    },
    "a wrong sum": ({ computed }) => {
      computed[0]! += 1;
    },
    "a wrong product": ({ computed }) => {
      computed[2 * at(halves, (value) => value === 0.5) + 1] = 0.5;
    },
  };
  for (const [name, spoil] of Object.entries(wrongs)) {
    const outputs = rightOutputs();
    spoil(outputs);
    assertEquals(judgeProbe(outputs), false, name);
  }
});
