import { assertEquals, assertThrows } from "@std/assert";
import { encodeOnnx, type OnnxModel } from "../../../../src/dcgan/export/onnx/model.ts";

const empty: OnnxModel = {
  name: "none",
  description: "",
  producer: { name: "test", version: "1" },
  metadata: {},
  inputs: [],
  outputs: [],
  tensors: new Map(),
  nodes: [],
};

Deno.test("encodeOnnx() refuses a model of 2 GiB before it makes one, as no reader takes it", () => {
  // Of one array, so that the test needs no such memory
  const data = new Float32Array(2 ** 24);
  const tensors = new Map(Array.from({ length: 32 }, (_, at) => [`${at}`, { shape: [data.length], data }]));
  assertThrows(
    () => encodeOnnx({ ...empty, tensors }),
    RangeError,
    "it must be below 2147483648 (2 GiB), as readers of protobuf take no more",
  );
  tensors.delete("0");
  const { length, pieces } = encodeOnnx({ ...empty, tensors });
  // What is between tensors is small
  assertEquals([length > 31 * data.byteLength, length < 32 * data.byteLength, pieces.length], [
    true,
    true,
    63,
  ]);
});
