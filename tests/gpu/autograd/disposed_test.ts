import { assert, assertEquals, assertThrows } from "@std/assert";
import { add, batchNorm, exp, matmul, mul, square, sub, type Tensor } from "../../../src/gpu/mod.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import { gpuTest } from "../../support/gpu.ts";
import { values } from "./values.ts";

gpuTest("gradients() refuses to pass a tensor that was disposed", (device) => {
  const x = device.tensor([1, 2, 3]);
  const polynomial = (): Tensor => {
    using scope = device.scope();
    return scope.keep(add(mul(x, x), x));
  };
  const message = "Cannot compute gradients: an intermediate of shape [3] of output 1 was disposed before, " +
    "by dispose(), 'using' or the end of a scope";
  // With some ways back to x, and with none.
  assertThrows(() => gradients([square(x), polynomial()], [x]), Error, message);
  const middle = exp(x);
  const output = square(middle);
  middle.dispose();
  assertThrows(() => gradients([x, output], [x]), Error, message);
  output.dispose();
  assertThrows(
    () => gradients([output], [x]),
    Error,
    "Cannot compute gradients: output 0 was disposed before",
  );
});

gpuTest("gradients() refuses a seed that was disposed, also where no kernel reads it", (device) => {
  const x = device.tensor([1, 2]);
  const seed = device.tensor([3, 4]);
  seed.dispose();
  assertThrows(() => gradients([add(x, 1)], [x], { seeds: [seed] }), Error, "Seed 0 must not be disposed");
});

gpuTest("gradients() takes those of a kept tensor inside its scope", async (device) => {
  const x = device.tensor([1, 2, 3]);
  const find = (): Tensor => {
    using scope = device.scope();
    return scope.keep(gradients([add(mul(x, x), x)], [x])[0]!);
  };
  assertEquals(await values([find()]), [[3, 5, 7]]);
});

gpuTest("gradients() gives tensors that can be disposed one by one", async (device) => {
  const [a, b] = [device.tensor([1, 2]), device.tensor([3, 4])];
  const seed = device.tensor([5, 6]);
  const output = add(a, b);
  const [da, db, whole] = gradients([output], [a, b, output], { seeds: [seed] });
  da!.dispose();
  assertEquals(await values([db!, whole!, seed]), [[5, 6], [5, 6], [5, 6]]);
  db!.dispose();
  whole!.dispose();
  assert(!seed.disposed);
  const program = device.program({}, () => {
    const [left, right] = gradients([add(a, b)], [a, b]);
    left!.dispose();
    return { right: right! };
  });
  using _program = program;
  program.run();
  assertEquals(await values([program.outputs.right]), [[1, 1]]);
});

gpuTest(
  "gradients() passes by what was disposed and did not come from what they are taken for",
  async (device) => {
    const x = device.tensor([[1, 2], [3, 4]]);
    const weight = device.tensor([[2], [1]]);
    const of = async (output: Tensor): Promise<number[]> => {
      const [gradient] = gradients([output], [weight]);
      return [...await gradient!.data()];
    };
    const prepared = (): Tensor => {
      using scope = device.scope();
      return scope.keep(add(mul(x, x), x));
    };
    assertEquals(await of(matmul(prepared(), weight)), [14, 26]);

    let noisy: Tensor;
    {
      using noise = mul(x, 0.5);
      noisy = add(x, noise);
    }
    assertEquals(await of(matmul(noisy, weight)), [6, 9]);

    let difference: Tensor;
    {
      using target = mul(device.tensor([[1], [2]]), 2);
      difference = sub(matmul(x, weight), target);
    }
    assertEquals(await of(difference), [4, 6]);

    let running = device.tensor([[0, 0]]);
    for (const expected of [[1, 1], [1.5, 1.5], [1.75, 1.75]]) {
      const next = add(mul(running, 0.5), 1);
      running.dispose();
      running = next;
      assertEquals(await of(matmul(running, weight)), expected);
    }

    using program = device.program({ x: [2] }, ({ x }) => {
      let shifted: Tensor;
      {
        using doubled = mul(x, 2);
        shifted = add(doubled, 1);
      }
      return { gradient: gradients([mul(weight.reshape([2]), shifted)], [weight])[0]! };
    });
    program.run({ x: [1, 2] });
    assertEquals([...await program.outputs.gradient.data()], [3, 5]);
  },
);

gpuTest(
  "gradients() refuses what came through a disposed tensor, from leaves and from what was computed",
  (device) => {
    const x = device.tensor([1, 2]);
    const doubled = mul(x, 2);
    const squared = mul(doubled, doubled);
    const output = add(squared, 1);
    squared.dispose();
    for (const wrt of [x, doubled]) {
      assertThrows(
        () => gradients([output], [wrt]),
        Error,
        "was disposed before",
      );
    }
    // Not through it, and not before it
    const other = mul(device.tensor([3, 4]), 2);
    const both = mul(output, other);
    assertEquals(gradients([both], [other]).length, 1);
  },
);

gpuTest("Scope.keep() keeps what the gradient of a batch norm needs", async (device) => {
  const x = device.tensor([[1, 2], [3, 5], [4, 1]]);
  const [weight, bias] = [device.tensor([1, 1]), device.tensor([0, 0])];
  let y: Tensor;
  {
    using scope = device.scope();
    y = scope.keep(batchNorm(x, weight, bias, { training: true }));
  }
  const [ofBias] = gradients([y], [bias]);
  assertEquals([...await ofBias!.data()], [3, 3]);
});
