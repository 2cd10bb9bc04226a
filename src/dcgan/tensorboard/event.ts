/**
 * TensorBoard's events as protocol buffers (tensorflow/core/util/event.proto, framework/summary.proto): the
 * few fields that a run needs, by their numbers.
 *
 * @module
 */
import { concatBytes } from "../../pictures/bytes.ts";

/** A picture as PNG. */
export interface EventImage {
  readonly width: number;
  readonly height: number;
  /** 1: gray, 2: gray with alpha, 3: RGB, 4: RGBA. */
  readonly channels: number;
  readonly png: Uint8Array;
}

/** What is known at one step. */
export interface EventSummary {
  /** Seconds since 1970. */
  readonly time: number;
  readonly step: number;
  /** Numbers by tag, such as `losses/generatorLoss`. */
  readonly scalars?: Readonly<Record<string, number>>;
  /** Pictures by tag. */
  readonly images?: Readonly<Record<string, EventImage>>;
}

/** How fields are written, by protocol buffers' number of it. */
const WIRE = { varint: 0, double: 1, bytes: 2, float: 5 } as const;

/** Status START of a SessionLog. */
const START = 1;

/** A message that is written field by field. */
class Message {
  readonly #parts: Uint8Array[] = [];

  /** A whole number of at least 0. */
  whole(field: number, value: number): this {
    return this.#add(field, WIRE.varint, varint(value));
  }

  double(field: number, value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    return this.#add(field, WIRE.double, bytes);
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#add(field, WIRE.float, bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#add(field, WIRE.bytes, varint(value.length), value);
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.encoded());
  }

  encoded(): Uint8Array {
    return concatBytes(this.#parts);
  }

  #add(field: number, wire: number, ...values: Uint8Array[]): this {
    this.#parts.push(varint(field * 8 + wire), ...values);
    return this;
  }
}

/** A whole number, seven bits a byte, the least first. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push(value % 0x80 + 0x80);
  return Uint8Array.from([...bytes, value]);
}

/** The event that every file begins with. */
export function versionEvent(time: number): Uint8Array {
  return new Message().double(1, time).text(3, "brain.Event:2").encoded();
}

/** An event that tells an open TensorBoard to forget what it has of the run. */
export function restartEvent(time: number): Uint8Array {
  return new Message().double(1, time).message(7, new Message().whole(1, START)).encoded();
}

/** An event with numbers and pictures of a step. */
export function summaryEvent({ time, step, scalars = {}, images = {} }: EventSummary): Uint8Array {
  const summary = new Message();
  for (const [tag, value] of Object.entries(scalars)) {
    summary.message(1, new Message().text(1, tag).float(2, value));
  }
  for (const [tag, { width, height, channels, png }] of Object.entries(images)) {
    const image = new Message().whole(1, height).whole(2, width).whole(3, channels).bytes(4, png);
    summary.message(1, new Message().text(1, tag).message(4, image));
  }
  return new Message().double(1, time).whole(2, step).message(5, summary).encoded();
}

/** Bytes at the beginning of an event that hold its step, if it has one. */
const HEAD = 1 + 8 + 1 + 10;

/** The step of an event as {@linkcode summaryEvent} writes it; 0 if it has none. */
export function stepOf(event: Uint8Array): number {
  if (event[0] !== 8 + WIRE.double || event[9] !== 2 * 8 + WIRE.varint) return 0;
  let step = 0;
  for (let at = 10, unit = 1; at < Math.min(HEAD, event.length); at++, unit *= 0x80) {
    step += (event[at]! % 0x80) * unit;
    if (event[at]! < 0x80) return step;
  }
  return 0;
}
