import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { add, exp, mul, relu, square, sub, sum } from "../../../src/gpu/mod.ts";
import { gradients, type GradientsOptions } from "../../../src/gpu/autograd/gradients.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { values } from "./values.ts";

gpuTest("gradients() follows a chain", async (device) => {
  const x = device.tensor([0, 1, -1]);
  const [dx] = gradients([exp(mul(x, 2))], [x]);
  assertClose(
    await dx!.data(),
    [2, 2 * Math.exp(2), 2 * Math.exp(-2)],
    { relative: 1e-5, absolute: 0 },
    "dx",
  );
});

gpuTest("gradients() counts each use when one tensor is both operands", async (device) => {
  const x = device.tensor([3, 4]);
  assertEquals(await values(gradients([mul(x, x)], [x])), [[6, 8]]);
  assertEquals(await values(gradients([sub(x, x)], [x])), [[0, 0]]);
});

gpuTest("gradients() adds up over the branches of a diamond", async (device) => {
  const x = device.tensor([2, -3]);
  const y = mul(x, 5);
  const left = square(y);
  const right = mul(y, y);
  const joined = add(mul(left, right), left); // 625 x^4 + 25 x^2
  assertEquals(await values(gradients([joined], [x])), [[4 * 625 * 8 + 100, 4 * 625 * -27 - 150]]);
});

gpuTest("gradients() walks a long ladder of diamonds once a rung", async (device) => {
  const x = device.tensor([1]);
  let y = x;
  for (let rung = 0; rung < 60; rung++) y = mul(add(y, y), 0.5);
  assertEquals(await values(gradients([y], [x])), [[1]]);
});

gpuTest("gradients() sums over several outputs, each with its seed", async (device) => {
  const x = device.tensor([1, 2]);
  const middle = mul(x, 3);
  const last = square(middle);
  const seeds = [device.tensor([1, 10]), device.tensor([100, 1000])];
  assertEquals(await values(gradients([last, middle], [x], { seeds })), [[18 + 300, 360 + 3000]]);
});

gpuTest("gradients() gives those of intermediate results too", async (device) => {
  const x = device.tensor([2]);
  const middle = mul(x, 3);
  const output = square(middle);
  assertEquals(await values(gradients([output], [middle, x, output])), [[12], [36], [1]]);
});

gpuTest("gradients() writes to given tensors whatever they held", async (device) => {
  const [a, b] = [device.tensor([2, 3]), device.tensor([5, 7])];
  const into = [device.tensor([NaN, NaN]), device.tensor([Infinity, 1])];
  const found = gradients([mul(a, b)], [a, b], { into });
  for (const [i, tensor] of found.entries()) assertStrictEquals(tensor, into[i]!);
  assertEquals(await values(into), [[5, 7], [2, 3]]);
});

gpuTest("gradients() accumulates several uses in a given tensor", async (device) => {
  const x = device.tensor([2, 3]);
  const into = [device.tensor([NaN, NaN])];
  gradients([add(mul(x, x), add(x, square(x)))], [x], { into }); // 2x^2 + x
  assertEquals(await values(into), [[9, 13]]);
});

gpuTest("gradients() writes those of outputs and of what lies between to given tensors", async (device) => {
  const x = device.tensor([2]);
  const middle = mul(x, 3);
  const output = square(middle);
  const into = [NaN, NaN, NaN].map((value) => device.tensor([value]));
  gradients([output, middle], [output, middle, x], { into });
  assertEquals(await values(into), [[1], [13], [39]]);
});

gpuTest("gradients() does not compute what is not asked for", (device) => {
  const [a, b] = [device.tensor([1, 2]), device.tensor([3, 4])];
  using one = device.program({}, () => gradients([mul(a, exp(b))], [a]));
  using both = device.program({}, () => gradients([mul(a, exp(b))], [a, b]));
  assertEquals(one.stats.launches, 4); // exp, mul, the seed, the gradient of a
  assertEquals(both.stats.launches, 6);
});

gpuTest("gradients() gives the same bytes recorded as eagerly", async (device) => {
  const x = device.tensor([0.1, -0.2, 0.3]);
  const compute = () => gradients([sum(mul(exp(x), relu(x)))], [x]);
  using program = device.program({}, compute);
  program.run();
  const [eager] = compute();
  const [recorded, once] = await device.read([program.outputs[0]!, eager!]);
  assertEquals(recorded, once);
});

gpuTest("gradients() rejects an output that depends on none of the tensors", (device) => {
  const [a, b] = [device.tensor([1]), device.tensor([2])];
  const error = assertThrows(() => gradients([mul(a, 2), mul(b, 2)], [a]), RangeError);
  assertEquals(
    error.message,
    "Cannot compute gradients: output 1 must depend on a tensor of 'wrt', found that it depends on none",
  );
});

gpuTest("gradients() rejects a tensor that no output depends on", (device) => {
  const [a, b] = [device.tensor([1]), device.tensor([2])];
  const error = assertThrows(() => gradients([mul(a, 2)], [a, b]), RangeError);
  assertEquals(
    error.message,
    "Cannot compute gradients: tensor 1 of 'wrt' must have an output that depends on it, found none",
  );
});

gpuTest("gradients() does not flow through detach()", async (device) => {
  const x = device.tensor([3]);
  assertEquals(await values(gradients([mul(x, x.detach())], [x])), [[3]]);
  assertThrows(() => gradients([square(x.detach())], [x]), RangeError);
});

gpuTest("gradients() takes a gradient back through reshape()", async (device) => {
  const x = device.tensor([[1, 2], [3, 4]]);
  const [dx] = gradients([square(x.reshape([4]))], [x]);
  assertEquals(dx!.shape, [2, 2]);
  assertEquals(await values([dx!]), [[2, 4, 6, 8]]);
  assert(!x.disposed);
});

gpuTest("gradients() needs nothing from before the tensors that it differentiates by", async (device) => {
  const shift = mul(device.tensor([1, 2]), 2);
  const x = device.tensor([3, 4]);
  const output = square(x);
  const shifted = add(output, shift);
  shift.dispose();
  assertEquals(await values(gradients([shifted], [x])), [[6, 8]]);
  output.dispose();
  assertEquals(await values(gradients([shifted], [output])), [[1, 1]]);
});

gpuTest("gradients() refuses seeds and tensors to write to that do not fit", (device) => {
  const x = device.tensor([[1, 2], [3, 4]]);
  const y = device.tensor([[5, 6], [7, 8]]);
  const fresh = () => device.tensor([[0, 0], [0, 0]]);
  const shared = fresh();
  const [row, three] = [device.tensor([1, 1]), device.tensor([1, 2, 3])];
  const alone =
    "must have elements of its own, found that it shares them with another of 'into', 'seeds' or 'wrt'";
  const cases: [GradientsOptions, string][] = [
    [{ seeds: [row] }, "Seed 0 must have the shape of the output, [2, 2], found [2]"],
    [{ seeds: [fresh(), fresh()] }, "'seeds' must have one tensor for each output, found 2 for 1"],
    [{ seeds: [] }, "'seeds' must have one tensor for each output, found 0 for 1"],
    [
      { into: [fresh(), three] },
      "Tensor 1 of 'into' must have the shape of its tensor of 'wrt', [2, 2], found [3]",
    ],
    [{ into: [fresh()] }, "'into' must have one tensor for each of 'wrt', found 1 for 2"],
    [{ into: [shared, shared] }, `Tensor 1 of 'into' ${alone}`],
    [{ into: [shared, fresh()], seeds: [shared] }, `Tensor 0 of 'into' ${alone}`],
    [{ into: [x.detach(), fresh()] }, `Tensor 0 of 'into' ${alone}`],
  ];
  for (const [options, message] of cases) {
    assertThrows(() => gradients([mul(x, y)], [x, y], options), RangeError, message);
  }
});
