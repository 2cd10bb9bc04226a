/** Networks that are told classes, and what their state dicts say. */
import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { createDiscriminator } from "../../../src/dcgan/networks/discriminator.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import {
  inferDiscriminator,
  inferDiscriminatorWidth,
  inferGenerator,
  pickGenerator,
} from "../../../src/dcgan/networks/infer_architecture.ts";
import { type Module, namedParameters, namedStatistics } from "../../../src/nn/mod.ts";
import type { ImageSize } from "../../../src/pictures/mod.ts";
import { SMALL, SMALL_GENERATOR } from "../sampling/state_dicts.ts";

const classes = ["0", "1", "2"];

/** Names and shapes of a network's state dict. */
function shapesOf(module: Module, prefix = ""): Map<string, { readonly shape: readonly number[] }> {
  const tensors = [...namedParameters(module), ...namedStatistics(module)];
  return new Map(tensors.map(([name, { layout }]) => [prefix + name, layout]));
}

const kinds = [
  { firstLayer: "transposed", upsampling: "transposed" },
  { firstLayer: "project", upsampling: "nearest" },
] as const;

Deno.test("inferGenerator() knows classes, whatever names begin with", () => {
  for (const kind of kinds) {
    for (const gNorm of ["batch", "none"] as const) {
      for (const given of [{}, { classVector: 4 }]) {
        const architecture = { ...SMALL, ...kind, gNorm, classes, ...given };
        const { classVector = 50 } = architecture as { classVector?: number };
        const norm = gNorm === "none" ? { gNorm } : {};
        const expected = { ...SMALL_GENERATOR, ...kind, ...norm, classes, classVector };
        for (const prefix of ["", "module.", "netG."]) {
          const dict = shapesOf(createGenerator(architecture), prefix);
          assertEquals(dict.get(`${prefix}embed.weight`)?.shape, [3, classVector]);
          assertEquals(inferGenerator(dict), expected, `${prefix} ${JSON.stringify(kind)}`);
        }
      }
    }
  }
});

Deno.test("pickGenerator() finds a generator with classes beside its discriminator", () => {
  for (const kind of kinds) {
    const architecture = { ...SMALL, ...kind, classes };
    const g = shapesOf(createGenerator(architecture), "g.");
    const d = shapesOf(createDiscriminator(architecture), "d.");
    const { tensors } = pickGenerator(new Map([...g, ...d]));
    assertEquals([...tensors.keys()].toSorted(), [...g.keys()].toSorted());
    assertThrows(() => pickGenerator(d), RangeError, "it must be a generator, found a discriminator");
  }
  const dict = new Map([...shapesOf(createGenerator(SMALL)), ["embed.weight", { shape: [3, 5] }]]);
  assertThrows(
    () => inferGenerator(dict, "g.pt"),
    RangeError,
    "must take more than the 5 numbers of a class",
  );
});

Deno.test("inferDiscriminator() knows classes", () => {
  for (const kind of kinds) {
    for (const dNorm of ["batch", "none", "spectral"] as const) {
      const { size, channels, ndf } = SMALL;
      const { firstLayer } = kind;
      const dict = shapesOf(createDiscriminator({ ...SMALL, ...kind, dNorm, classes }));
      const name = `embed.weight${dNorm === "spectral" ? "_orig" : ""}`;
      assertEquals(dict.get(name)?.shape, [3, ndf * 8]);
      const found = inferDiscriminator(dict, "D", channels, size);
      assertEquals(found, { size, channels, ndf, firstLayer, classes, pack: 1, dNorm });
      assertEquals(inferDiscriminatorWidth(dict), ndf);
    }
  }
});

Deno.test("inferDiscriminator() takes no size for granted that its weights do not tell", () => {
  const dictOf = (size: ImageSize) => shapesOf(createDiscriminator({ ...SMALL, size, classes }));
  // Nothing tells them apart
  assertEquals(dictOf(32), dictOf(56));
  assertEquals(dictOf(32), dictOf("48x32"));
  for (const size of [32, 40, 56, "48x32"] as const) {
    assertEquals(inferDiscriminator(dictOf(size), "D", 3, size).size, size);
    assertThrows(
      () => inferDiscriminator(dictOf(size), "D"),
      RangeError,
      "Cannot infer D: the size of its pictures must be given if it has classes, as its weights are the same for 32 and 56",
    );
  }
  assertThrows(
    () => inferDiscriminator(dictOf(32), "D", 3, 36),
    RangeError,
    "Cannot infer D: the size of its pictures must be halved 3 times, both sides whole, found 36x36",
  );
});
