import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { type BorderLayout, fromBorder, sameLayout, toBorder } from "../../../src/nn/weights/layout.ts";
import { Conv2d, ConvTranspose2d } from "../../../src/nn/layers/convolutions.ts";
import { Linear } from "../../../src/nn/layers/linear.ts";
import type { Module } from "../../../src/nn/module.ts";
import { sizeOf } from "../../../src/gpu/tensor/shape.ts";

const picture = { height: 2, width: 3, channels: 4 };
const layers: Record<string, Module> = {
  "a convolution": new Conv2d(3, 5, { kernel: 2 }),
  "a transposed convolution": new ConvTranspose2d(3, 5, { kernel: 2 }),
  "a linear layer": new Linear(6, 4),
  "a linear layer on pictures": new Linear(picture, 5),
  "a linear layer to pictures": new Linear(5, picture),
  "a linear layer from pictures to pictures": new Linear({ height: 3, width: 1, channels: 2 }, picture),
};

/** Elements that are their own places. */
function places(layout: BorderLayout): Float32Array {
  return Float32Array.from({ length: sizeOf(layout.shape) }, (_, index) => index);
}

/** Layout of a layer's parameter. */
function layoutOf(layer: Module, name = "weight"): BorderLayout {
  return layer.parameters()[name]!.layout;
}

Deno.test("toBorder() takes back what fromBorder() did, for every parameter of every layer", () => {
  for (const [label, layer] of Object.entries(layers)) {
    for (const [name, { layout, shape }] of Object.entries(layer.parameters())) {
      const theirs = places(layout);
      const ours = fromBorder(theirs, layout);
      assertEquals(sizeOf(shape), theirs.length, `${name} of ${label}`);
      assertEquals(ours.toSorted(), theirs, `${name} of ${label}`);
      assertEquals(toBorder(ours, layout), theirs, `${name} of ${label}`);
    }
  }
});

Deno.test("fromBorder() leaves the values it was given, and a layout of PyTorch's own, as they are", () => {
  const layout = layoutOf(new Conv2d(2, 3, { kernel: 2 }));
  const theirs = places(layout);
  fromBorder(theirs, layout);
  assertEquals(theirs, places(layout));
  assertEquals(fromBorder(theirs, sameLayout(layout.shape)), theirs);
});

Deno.test("fromBorder() puts the weight of a convolution kernel first: ours [kh, kw, in, out]", () => {
  const [outputs, inputs, kernel] = [5, 3, 2];
  const layout = layoutOf(new Conv2d(inputs, outputs, { kernel }));
  assertEquals(layout.shape, [outputs, inputs, kernel, kernel]);
  const ours = fromBorder(places(layout), layout);
  let at = 0;
  for (let y = 0; y < kernel; y++) {
    for (let x = 0; x < kernel; x++) {
      for (let i = 0; i < inputs; i++) {
        for (let o = 0; o < outputs; o++) {
          assertEquals(ours[at++], ((o * inputs + i) * kernel + y) * kernel + x);
        }
      }
    }
  }
});

Deno.test("fromBorder() puts the weight of a transposed convolution kernel first: ours [kh, kw, out, in]", () => {
  const [inputs, outputs, kernel] = [3, 5, 2];
  const layout = layoutOf(new ConvTranspose2d(inputs, outputs, { kernel }));
  assertEquals(layout.shape, [inputs, outputs, kernel, kernel]);
  const ours = fromBorder(places(layout), layout);
  let at = 0;
  for (let y = 0; y < kernel; y++) {
    for (let x = 0; x < kernel; x++) {
      for (let o = 0; o < outputs; o++) {
        for (let i = 0; i < inputs; i++) {
          assertEquals(ours[at++], ((i * outputs + o) * kernel + y) * kernel + x);
        }
      }
    }
  }
});

Deno.test("fromBorder() moves the channels of a picture's features behind its pixels", () => {
  // 2 channels of 1x3 pixels: PyTorch's order is c0p0 c0p1 c0p2 c1p0 c1p1 c1p2, ours c0p0 c1p0 c0p1 c1p1 c0p2 c1p2.
  const small = { height: 1, width: 3, channels: 2 };
  const order = [0, 3, 1, 4, 2, 5];
  const columns = layoutOf(new Linear(small, 2));
  assertEquals([...fromBorder(places(columns), columns)], [...order, ...order.map((place) => place + 6)]);

  const to = new Linear(2, small);
  const rows = layoutOf(to);
  assertEquals([...fromBorder(places(rows), rows)], order.flatMap((row) => [2 * row, 2 * row + 1]));
  const bias = layoutOf(to, "bias");
  assertEquals([...fromBorder(places(bias), bias)], order);
});

Deno.test("fromBorder() and toBorder() refuse another number of values than the layout has", () => {
  const layout = layoutOf(new Linear({ height: 1, width: 3, channels: 2 }, 2));
  for (const convert of [fromBorder, toBorder]) {
    for (const length of [11, 13]) {
      assertThrows(
        () => convert(new Float32Array(length), layout),
        RangeError,
        `takes 12 values, found ${length}`,
      );
    }
  }
});
