import { assertEquals } from "@std/assert";
import {
  formatVariant,
  parseVariant,
  type Variant,
} from "../../../../src/gpu/contraction/variants/variant.ts";

const VARIANTS: Record<string, Variant> = {
  "wide rows 64 vectors 2 lanes 8 groups 1 shared splits 1": {
    schedule: { shape: "wide", rows: 64, vectors: 2, lanes: 8, share: true, groups: 1 },
    splits: 1,
  },
  "wide rows 32 vectors 2 lanes 8 groups 1 shared singly splits 1": {
    schedule: { shape: "wide", rows: 32, vectors: 2, lanes: 8, share: true, groups: 1, singly: true },
    splits: 1,
  },
  "thin rows 2 vectors 1 lanes 32 groups 2 splits 4": {
    schedule: { shape: "thin", rows: 2, vectors: 1, lanes: 32, share: false, groups: 2 },
    splits: 4,
  },
  "tiled rows 64 columns 32 depth 16 rowQuads 2 columnQuads 1 splits 1": {
    schedule: { shape: "tiled", rows: 64, columns: 32, depth: 16, rowQuads: 2, columnQuads: 1 },
    splits: 1,
  },
  "tiled rows 64 columns 32 depth 16 rowQuads 2 columnQuads 1 single-buffered splits 2": {
    schedule: {
      shape: "tiled",
      rows: 64,
      columns: 32,
      depth: 16,
      rowQuads: 2,
      columnQuads: 1,
      singleBuffer: true,
    },
    splits: 2,
  },
  "winograd side 4 splits 1": { schedule: { shape: "winograd", side: 4 }, splits: 1 },
};

for (const [text, variant] of Object.entries(VARIANTS)) {
  Deno.test(`'${text}' is written and read back`, () => {
    assertEquals(formatVariant(variant), text);
    assertEquals(parseVariant(text), variant);
  });
}

Deno.test("parseVariant() knows what is no variant", () => {
  const texts = [
    "",
    "winograd",
    "winograd side 3 splits 1",
    "winograd side 4 splits 2",
    "wide",
    "round rows 8 vectors 1 lanes 8 groups 1 splits 1",
    "wide rows 8 vectors 1 lanes 8 groups 1",
    "wide rows 8 vectors 1 lanes 8 groups 1 splits 0",
    "wide rows 8.5 vectors 1 lanes 8 groups 1 splits 1",
    "wide rows -8 vectors 1 lanes 8 groups 1 splits 1",
    "wide rows eight vectors 1 lanes 8 groups 1 splits 1",
    "wide rows 8 vectors 1 lanes 8 groups 1 splits 1 color red",
    "tiled rows 64 columns 32 depth 16 rowQuads 2 columnQuads 1 shared splits 1",
    "wide rows 8 vectors 1 lanes 8 groups 1 single-buffered splits 1",
  ];
  for (const text of texts) assertEquals(parseVariant(text), undefined, text);
});
