import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import {
  inferDiscriminator,
  inferGenerator,
  pickGenerator,
} from "../../../src/dcgan/networks/infer_architecture.ts";
import { D, G, renamed, shapes, SMALL_GENERATOR } from "../sampling/state_dicts.ts";

Deno.test("inferGenerator() goes by the numbers in names, in whatever order a file has them", () => {
  const architecture = inferGenerator(
    new Map([...G].sort(([a], [b]) => a < b ? 1 : -1)),
  );
  assertEquals(architecture, { ...SMALL_GENERATOR, size: 16, ngf: 4 });
  // Those who sort names as texts have 12 before 3
  const deep = shapes({
    "main.0.weight": [5, 16, 4, 4],
    "main.1.weight": [16],
    "main.12.weight": [2, 3, 4, 4],
    "main.3.weight": [16, 8, 4, 4],
    "main.6.weight": [8, 4, 4, 4],
    "main.9.weight": [4, 2, 4, 4],
  });
  assertEquals(inferGenerator(deep), SMALL_GENERATOR);
});

Deno.test("inferGenerator() reads names however all of them begin", () => {
  for (
    const start of ["", "module.", "module.main.", "netG.", "netG.main.", "_orig_mod.module.generator.0."]
  ) {
    const dict = renamed(G, (name) => name.replace(/^main\./, start));
    assertEquals(inferGenerator(dict).size, 16, start);
  }
});

Deno.test("inferGenerator() finds biases", () => {
  const all = new Map([...G, ...shapes({ "main.0.bias": [8], "main.3.bias": [4], "main.6.bias": [3] })]);
  assertEquals(inferGenerator(all).biases, [true, true, true]);
  assertEquals(inferGenerator(new Map([...G, ...shapes({ "main.6.bias": [3] })])).biases, [
    false,
    false,
    true,
  ]);
  assertEquals(inferGenerator(G).biases, undefined);
});

Deno.test("inferGenerator() knows a generator without norm by how its layers fit", () => {
  const bare = shapes({
    "main.0.weight": [5, 8, 4, 4],
    "main.2.weight": [8, 4, 4, 4],
    "main.4.weight": [4, 3, 4, 4],
  });
  const biases = shapes({ "main.0.bias": [8], "main.2.bias": [4], "main.4.bias": [3] });
  const expected = { ...SMALL_GENERATOR, size: 16, ngf: 4, gNorm: "none" } as const;
  assertEquals(inferGenerator(new Map([...bare, ...biases])), expected);
  assertEquals(inferGenerator(bare).biases, [false, false, false]);
  // Kernels that do not follow each other, or do not end in an image
  const unlike = [{ "main.2.weight": [6, 4, 4, 4] }, { "main.4.weight": [4, 5, 4, 4] }];
  for (const other of unlike) {
    assertThrows(
      () => inferGenerator(new Map([...bare, ...shapes(other)])),
      RangeError,
      "is not a generator",
    );
  }
});

Deno.test("pickGenerator() finds a generator without norm beside a discriminator with spectral norm", () => {
  const generator = shapes({ "netG.main.0.weight": [5, 4, 4, 4], "netG.main.2.weight": [4, 1, 4, 4] });
  const discriminator = shapes({
    "netD.main.0.weight_orig": [4, 1, 4, 4],
    "netD.main.0.bias": [4],
    "netD.main.0.weight_u": [4],
    "netD.main.0.weight_v": [16],
    "netD.main.2.weight_orig": [1, 4, 4, 4],
    "netD.main.2.weight_u": [1],
    "netD.main.2.weight_v": [64],
  });
  const { tensors, architecture } = pickGenerator(new Map([...discriminator, ...generator]));
  assertEquals([...tensors.keys()], [...generator.keys()]);
  assertEquals([architecture.size, architecture.gNorm], [8, "none"]);
  assertThrows(() => pickGenerator(discriminator, "D"), RangeError, "found a discriminator");
});

Deno.test("pickGenerator() finds the one generator beside other networks", () => {
  const both = new Map([
    ...renamed(D, (name) => `netD.${name}`),
    ...renamed(G, (name) => `module.netG.${name}`),
  ]);
  const { tensors, architecture } = pickGenerator(both);
  assertEquals([...tensors.keys()], [...G.keys()].map((name) => `module.netG.${name}`));
  assertEquals(architecture.size, 16);
  const two = new Map([
    ...renamed(G, (name) => `net.ema.${name}`),
    ...renamed(G, (name) => `net.raw.${name}`),
  ]);
  assertThrows(
    () => pickGenerator(two, "two"),
    RangeError,
    'two holds 2 generators: ema, raw. Name one of them with "network"',
  );
});

Deno.test("inferGenerator() says where it is given a discriminator", () => {
  const dicts = [
    D,
    renamed(D, (name) => `module.${name}`),
    renamed(D, (name) => name.replace("main.", "")),
    new Map([...D, ...shapes({ "main.1.weight": [4] })]),
    shapes({
      "conv1.weight": [4, 1, 4, 4],
      "conv2.weight": [8, 4, 4, 4],
      "bn2.weight": [8],
      "fc.weight": [1, 128],
    }),
  ];
  for (const dict of dicts) {
    assertThrows(
      () => inferGenerator(dict, "D.safetensors"),
      RangeError,
      "Cannot draw from D.safetensors: it must be a generator, found a discriminator",
    );
  }
});

Deno.test("inferGenerator() says what another generator has that ours do not", () => {
  const kernels = new Map([...G, ...shapes({ "main.3.weight": [8, 4, 6, 6] })]);
  assertThrows(() => inferGenerator(kernels, "f"), RangeError, "found 6x6 in '3.weight'");
  const many = shapes(
    Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`block${i}.conv.weight`, [1]])),
  );
  assertThrows(() => inferGenerator(many, "f"), RangeError, "block3.conv.weight and 5 more");
});

Deno.test("inferDiscriminator() knows packed discriminators", () => {
  const packed = (inputs: number) => new Map([...D, ...shapes({ "main.0.weight": [4, inputs, 4, 4] })]);
  const found = (inputs: number, channels?: number) => {
    const { channels: each, pack } = inferDiscriminator(packed(inputs), "d.pt", channels);
    return [each, pack];
  };
  assertEquals([found(1), found(3)], [[1, 1], [3, 1]]);
  assertEquals([found(6), found(12), found(8)], [[3, 2], [3, 4], [1, 8]]);
  assertEquals([found(2, 1), found(3, 1), found(6, 1)], [[1, 2], [1, 3], [1, 6]]);
  assertThrows(
    () => found(8, 3),
    RangeError,
    "d.pt is another kind of discriminator: its channels must be a multiple of 3, found 8",
  );
  assertThrows(() => inferGenerator(packed(6)), RangeError, "it must be a generator, found a discriminator");
});
