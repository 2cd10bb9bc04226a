/** Thrift's compact protocol, in which Parquet's headers are written. */

/** A value of a field. Whole numbers are numbers, as no length or offset here is above 2^53. */
export type ThriftValue = boolean | number | Uint8Array | ThriftValue[] | ThriftStruct;

/** Most fields of a struct; Parquet has no more than 20 in any. */
const MOST_FIELDS = 64;

/**
 * Structs and values in lists that a header may have; each takes far more memory than the byte it may be
 * written in.
 */
const MOST_VALUES = 2 ** 20;

/** A struct: its values by the numbers of its fields. */
export class ThriftStruct {
  #fields: Map<number, ThriftValue> | undefined;

  /** Sets a field. */
  set(field: number, value: ThriftValue): void {
    if (field > 0 && field < MOST_FIELDS) (this.#fields ??= new Map()).set(field, value);
  }

  /** Whole numbers in a list; empty if the field is missing. */
  numbers(field: number): number[] {
    const value = this.#fields?.get(field);
    return Array.isArray(value) ? value.filter((one) => typeof one === "number") : [];
  }

  /** A number, or another one if the field is missing. */
  number(field: number, otherwise?: number): number {
    const value = this.#fields?.get(field) ?? otherwise;
    if (typeof value === "number") return value;
    throw new SyntaxError(`a header lacks a number, its field ${field}; it is damaged`);
  }

  /** Text, or the empty one if the field is missing. */
  text(field: number): string {
    const value = this.#fields?.get(field);
    return value instanceof Uint8Array ? new TextDecoder().decode(value) : "";
  }

  /** A struct, if there is one. */
  struct(field: number): ThriftStruct | undefined {
    const value = this.#fields?.get(field);
    return value instanceof ThriftStruct ? value : undefined;
  }

  /** A list of structs; empty if the field is missing. */
  structs(field: number): ThriftStruct[] {
    const value = this.#fields?.get(field);
    return Array.isArray(value) ? value.filter((one) => one instanceof ThriftStruct) : [];
  }

  /** A list of texts; empty if the field is missing. */
  texts(field: number): string[] {
    const value = this.#fields?.get(field);
    if (!Array.isArray(value)) return [];
    return value.map((one) => one instanceof Uint8Array ? new TextDecoder().decode(one) : "");
  }

  /** Yes or no, or another one if the field is missing. */
  boolean(field: number, otherwise: boolean): boolean {
    const value = this.#fields?.get(field);
    return typeof value === "boolean" ? value : otherwise;
  }
}

/** Structs within structs that are followed; Parquet has few. */
const MAX_DEPTH = 16;

/**
 * Reads structs. No list is made longer than the bytes that are left could fill.
 *
 * @throws {SyntaxError} if the bytes are no struct, or end before it does.
 */
export class ThriftReader {
  /** Where the next byte is. */
  offset: number;
  readonly #bytes: Uint8Array;
  /** Structs and values in lists so far. */
  #count = 0;

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes;
    this.offset = offset;
  }

  /** Reads a struct. */
  struct(depth = 0): ThriftStruct {
    if (depth > MAX_DEPTH) throw new SyntaxError("a header has structs in structs without end");
    this.#spend(1);
    const struct = new ThriftStruct();
    for (let field = 0;;) {
      const byte = this.#byte();
      const type = byte & 15;
      if (type === 0) return struct;
      field = byte >> 4 === 0 ? this.#signed() : field + (byte >> 4);
      struct.set(field, type === 1 ? true : type === 2 ? false : this.#value(type, depth));
    }
  }

  #value(type: number, depth: number): ThriftValue {
    switch (type) {
      case 1:
      case 2: // in a list, where a byte says which
        return this.#byte() === 1;
      case 3:
        return this.#byte() << 24 >> 24;
      case 4:
      case 5:
      case 6:
        return this.#signed();
      case 7:
        return this.#take(8).length;
      case 8:
        return this.#take(this.#unsigned());
      case 9:
      case 10:
        return this.#list(depth);
      case 12:
        return this.struct(depth + 1);
      default:
        throw new SyntaxError(`a header has a value of type ${type}`);
    }
  }

  #list(depth: number): ThriftValue[] {
    if (depth > MAX_DEPTH) throw new SyntaxError("a header has lists in lists without end");
    const byte = this.#byte();
    const length = byte >> 4 === 15 ? this.#unsigned() : byte >> 4;
    if (length > this.#bytes.length - this.offset) {
      throw new SyntaxError(`a header has a list of ${length} values`);
    }
    const type = byte & 15;
    // Structs are counted one by one
    if (type !== 12) this.#spend(length);
    const values: ThriftValue[] = [];
    while (values.length < length) values.push(this.#value(type, depth + 1));
    return values;
  }

  #spend(values: number): void {
    this.#count += values;
    if (this.#count > MOST_VALUES) throw new SyntaxError(`a header has more than ${MOST_VALUES} values`);
  }

  #byte(): number {
    const byte = this.#bytes[this.offset++];
    if (byte === undefined) throw new SyntaxError("a header is cut short");
    return byte;
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.offset) throw new SyntaxError("a header is cut short");
    this.offset += length;
    return this.#bytes.subarray(this.offset - length, this.offset);
  }

  #unsigned(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 63; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new SyntaxError("a header has a number without end");
  }

  /** A number in zigzag: 0, -1, 1, -2, ... */
  #signed(): number {
    const value = this.#unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
