import { assertEquals } from "@std/assert";
import {
  bytes,
  type Encoded,
  float,
  gathered,
  integer,
  joined,
  message,
  text,
} from "../../../../src/dcgan/export/onnx/protobuf.ts";

function all({ length, pieces }: Encoded): number[] {
  const found = pieces.flatMap((piece) => [...piece]);
  assertEquals(found.length, length);
  return found;
}

Deno.test("protobuf's values are written as its documentation does", () => {
  // protobuf.dev/programming-guides/encoding: 150 in field 1, "testing" in field 2, the first message in field 3
  assertEquals(all(integer(1, 150)), [0x08, 0x96, 0x01]);
  assertEquals(all(text(2, "testing")), [0x12, 0x07, ...new TextEncoder().encode("testing")]);
  assertEquals(all(message(3, integer(1, 150))), [0x1a, 0x03, 0x08, 0x96, 0x01]);
  assertEquals(all(float(2, 1)), [0x15, 0, 0, 0x80, 0x3f]);
  assertEquals(all(bytes(9, Uint8Array.of(7, 8))), [0x4a, 2, 7, 8]);
  assertEquals(all(integer(20, 0)), [0xa0, 0x01, 0]);
  // More than 32 bits
  assertEquals(all(integer(1, 2 ** 40 + 1)), [0x08, 0x81, 0x80, 0x80, 0x80, 0x80, 0x20]);
});

Deno.test("gathered() joins small pieces and leaves large ones alone", () => {
  const large = new Uint8Array(2 ** 16).fill(1);
  const parts = joined(integer(1, 1), integer(2, 2), bytes(3, large), integer(4, 4), integer(5, 5));
  const { pieces, ...few } = gathered(parts);
  assertEquals(all({ pieces, ...few }), all(parts));
  assertEquals([pieces.length, pieces[1] === large || pieces[1]!.buffer === large.buffer], [3, true]);
});
