/**
 * ONNX models as protobuf messages: the fields of `onnx.proto` that a generator needs, by their numbers there
 * (github.com/onnx/onnx, IR version 8, operator set 17).
 *
 * @module
 */
import { bytes, type Encoded, float, gathered, integer, joined, message, text } from "./protobuf.ts";

/** Version of the file's format, and of its operators: of 2022, so that runtimes of these years read it. */
const VERSIONS = { format: 8, operators: 17 } as const;

/** Largest protobuf message, exclusive: readers count its bytes in a signed number of 32 bits. */
export const LARGEST_MODEL = 2 ** 31;

/** Numbers of element types. */
const ELEMENTS = { float: 1, int64: 7 } as const;

/** Numbers of the kinds of attributes. */
const ATTRIBUTES = { float: 1, integer: 2, text: 3, integers: 7 } as const;

/** A value of an attribute: a list of whole numbers, text, or a number, whole if it says so. */
export type Attribute = readonly number[] | string | number | { readonly float: number };

/** One operation. */
export interface OnnxNode {
  /** Name of the operator, such as `ConvTranspose`. */
  readonly operator: string;
  /** Name of the node. */
  readonly name: string;
  /** Names of the tensors it takes; `""` for one that is left out. */
  readonly inputs: readonly string[];
  /** Name of the tensor it gives. */
  readonly output: string;
  /** What it is told besides. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** An input or output of a model. Extents that vary have a name. */
export interface OnnxValue {
  readonly name: string;
  readonly type: keyof typeof ELEMENTS;
  readonly shape: readonly (number | string)[];
  /** What it is, in a sentence. */
  readonly description: string;
}

/** A tensor that the file holds. */
export interface OnnxTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>;
}

/** A whole model. */
export interface OnnxModel {
  readonly name: string;
  /** What it is, in some sentences. */
  readonly description: string;
  /** What wrote it, and its version. */
  readonly producer: { readonly name: string; readonly version: string };
  /** What programs may want to know, by names. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly tensors: ReadonlyMap<string, OnnxTensor>;
  /** In an order in which each takes what those before it give. */
  readonly nodes: readonly OnnxNode[];
}

/**
 * The bytes of an ONNX file, in pieces. The same model gives the same bytes.
 *
 * @throws {RangeError} if they are 2 GiB or more.
 */
export function encodeOnnx(model: OnnxModel): Encoded {
  const { name, description, producer, metadata } = model;
  const file = joined(
    integer(1, VERSIONS.format),
    text(2, producer.name),
    text(3, producer.version),
    text(6, description),
    message(
      7,
      ...model.nodes.map((node) => message(1, nodeOf(node))),
      text(2, name),
      ...[...model.tensors].map(([name, tensor]) => message(5, tensorOf(name, tensor))),
      ...model.inputs.map((value) => message(11, valueOf(value))),
      ...model.outputs.map((value) => message(12, valueOf(value))),
    ),
    message(8, text(1, ""), integer(2, VERSIONS.operators)),
    ...Object.entries(metadata).map(([key, value]) => message(14, text(1, key), text(2, value))),
  );
  if (file.length < LARGEST_MODEL) return gathered(file);
  throw new RangeError(
    `Cannot write an ONNX model of ${file.length} bytes: it must be below ${LARGEST_MODEL} (2 GiB), as readers of ` +
      "protobuf take no more. Export safetensors, or train with fewer feature maps (ngf, maxMaps)",
  );
}

function nodeOf({ inputs, output, name, operator, attributes = {} }: OnnxNode): Encoded {
  return joined(
    ...inputs.map((input) => text(1, input)),
    text(2, output),
    text(3, name),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) => message(5, text(1, name), ...attributeOf(value))),
  );
}

function attributeOf(value: Attribute): Encoded[] {
  const kind = (name: keyof typeof ATTRIBUTES) => integer(20, ATTRIBUTES[name]);
  if (typeof value === "string") return [text(4, value), kind("text")];
  if (typeof value === "number") return [integer(3, value), kind("integer")];
  if ("float" in value) return [float(2, value.float), kind("float")];
  return [...value.map((one) => integer(8, one)), kind("integers")];
}

function tensorOf(name: string, { shape, data }: OnnxTensor): Encoded {
  const type = data instanceof Float32Array ? ELEMENTS.float : ELEMENTS.int64;
  return joined(
    ...shape.map((extent) => integer(1, extent)),
    integer(2, type),
    text(8, name),
    bytes(9, data),
  );
}

function valueOf({ name, type, shape, description }: OnnxValue): Encoded {
  const extents = shape.map((extent) =>
    message(1, typeof extent === "number" ? integer(1, extent) : text(2, extent))
  );
  return joined(
    text(1, name),
    message(2, message(1, integer(1, ELEMENTS[type]), message(2, ...extents))),
    text(3, description),
  );
}
