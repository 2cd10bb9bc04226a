import { assertEquals } from "@std/assert";
import { guidedBackprop } from "../../../../src/dcgan/experiments/guided/guided_backprop.ts";
import { blocksOf } from "../../../../src/dcgan/experiments/networks/blocks.ts";
import {
  BatchNorm2d,
  Conv2d,
  LeakyRelu,
  Network,
  normal,
  Sequential,
  stateDict,
} from "../../../../src/nn/mod.ts";
import { assertClose } from "../../../support/close.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

/** Images `[side, side, channels]` on the host. */
interface Maps {
  readonly side: number;
  readonly channels: number;
  readonly data: Float64Array;
}

/** Calls `visit` for each product of a convolution of 4x4 with stride 2 and padding 1. */
function eachProduct(
  input: number,
  [inputs, outputs]: readonly [number, number],
  visit: (x: number, weight: number, y: number) => void,
): void {
  const side = input / 2;
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      for (let u = 0; u < 4; u++) {
        for (let v = 0; v < 4; v++) {
          const [row, column] = [2 * i + u - 1, 2 * j + v - 1];
          if (row < 0 || column < 0 || row >= input || column >= input) continue;
          for (let c = 0; c < inputs; c++) {
            for (let o = 0; o < outputs; o++) {
              visit(
                (row * input + column) * inputs + c,
                ((o * inputs + c) * 4 + u) * 4 + v,
                (i * side + j) * outputs + o,
              );
            }
          }
        }
      }
    }
  }
}

gpuTest("guidedBackprop() agrees with a reference on the host, through a batch norm", async (device) => {
  const weight = normal(0, 0.3);
  const strided = { kernel: 4, stride: 2, padding: 1, bias: false, weight };
  const layers = new Sequential([
    new Conv2d(2, 3, strided),
    new LeakyRelu(0.2),
    new Conv2d(3, 4, strided),
    new BatchNorm2d(4, { weight: normal(1, 0.2) }),
    new LeakyRelu(0.2),
  ]);
  using network = new Network(device, layers, { seed: 5 });
  const numbers = (name: string, values: ArrayLike<number>) =>
    network.statistics.get(name)!.tensor.set(values);
  numbers("3.running_mean", [0.1, -0.2, 0.3, 0]);
  numbers("3.running_var", [0.5, 1, 2, 0.8]);
  const dict = await stateDict(network);
  const values = (name: string) => Float64Array.from(dict.get(name)!.data as Float32Array);
  const images = randomValues(2 * 8 * 8 * 2, 7, [-1, 1]);
  const places = [{ channel: 1, row: 0, column: 1 }, { channel: 3, row: 1, column: 1 }];

  const x = device.tensor(images, { shape: [2, 8, 8, 2] });
  const blocks = blocksOf(network.module);
  const guided = await guidedBackprop(blocks, x, places).data();

  const leaky = (value: number) => value > 0 ? value : 0.2 * value;
  const expected: number[] = [];
  for (const [image, { channel, row, column }] of places.entries()) {
    const input: Maps = { side: 8, channels: 2, data: images.subarray(image * 128, (image + 1) * 128) };
    const first = new Float64Array(4 * 4 * 3);
    eachProduct(8, [2, 3], (x, w, y) => first[y]! += input.data[x]! * values("0.weight")[w]!);
    const hidden = first.map(leaky);
    const second = new Float64Array(2 * 2 * 4);
    eachProduct(4, [3, 4], (x, w, y) => second[y]! += hidden[x]! * values("2.weight")[w]!);
    const scales = values("3.weight").map((gain, c) => gain / Math.sqrt(values("3.running_var")[c]! + 1e-5));
    const normalized = second.map((value, at) => {
      const c = at % 4;
      return (value - values("3.running_mean")[c]!) * scales[c]! + values("3.bias")[c]!;
    });
    const atSecond = new Float64Array(16);
    const start = (row * 2 + column) * 4 + channel;
    atSecond[start] = normalized[start]! > 0 ? scales[channel]! : 0;
    const atHidden = new Float64Array(48);
    eachProduct(4, [3, 4], (x, w, y) => atHidden[x]! += atSecond[y]! * values("2.weight")[w]!);
    // The guided rule: only above 0, on the way there and on the way back
    const atFirst = atHidden.map((gradient, at) => gradient > 0 && first[at]! > 0 ? gradient : 0);
    const atInput = new Float64Array(128);
    eachProduct(8, [2, 3], (x, w, y) => atInput[x]! += atFirst[y]! * values("0.weight")[w]!);
    expected.push(...atInput);
  }
  assertClose(guided, expected, { relative: 1e-4, absolute: 1e-6 }, "guided gradient");
  assertEquals(expected.some((value) => value !== 0), true);
});
