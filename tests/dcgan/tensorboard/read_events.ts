/**
 * A reader of TensorBoard's event files by their published rules, which shares no code with the writer: TFRecord framing
 * (tensorflow/core/lib/io/record_writer.h), CRC-32C bit by bit (RFC 3720), and fields by number (event.proto,
 * summary.proto, protobuf.dev/programming-guides/encoding).
 */
import { assertEquals } from "@std/assert";

/** An event, as far as tests look at it. */
export interface ReadEvent {
  wallTime: number;
  step: number;
  fileVersion?: string;
  sessionStatus?: number;
  scalars: Record<string, number>;
  images: Record<string, { height: number; width: number; colorspace: number; png: Uint8Array }>;
}

/** CRC-32C, a bit at a time. */
export function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  return Number(crc ^ 0xffffffffn);
}

function masked(bytes: Uint8Array): number {
  const crc = BigInt(slowCrc32c(bytes));
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

/** The data of the records of a file, whose checksums must all be good. */
export function readRecords(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const records: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true));
    assertEquals(
      view.getUint32(at + 8, true),
      masked(file.subarray(at, at + 8)),
      `checksum of length at ${at}`,
    );
    const data = file.subarray(at + 12, at + 12 + length);
    assertEquals(data.length, length);
    assertEquals(view.getUint32(at + 12 + length, true), masked(data), `checksum of data at ${at}`);
    records.push(data);
    at += 12 + length + 4;
  }
  return records;
}

type Field = { readonly number: number; readonly value: bigint | Uint8Array };

/** The fields of a message, in order. */
function fieldsOf(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n;; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const key = Number(varint());
    const [number, wire] = [key >> 3, key & 7];
    if (wire === 0) {
      fields.push({ number, value: varint() });
      continue;
    }
    const length = wire === 1 ? 8 : wire === 5 ? 4 : Number(varint());
    if (![1, 2, 5].includes(wire)) throw new Error(`wire type ${wire}`);
    fields.push({ number, value: message.slice(at, at + length) });
    at += length;
  }
  return fields;
}

const text = (value: Field["value"]): string => new TextDecoder().decode(value as Uint8Array);

/** Event: wall_time = 1, step = 2, file_version = 3, summary = 5, session_log = 7. */
export function readEvent(data: Uint8Array): ReadEvent {
  const event: ReadEvent = { wallTime: NaN, step: 0, scalars: {}, images: {} };
  for (const { number, value } of fieldsOf(data)) {
    if (number === 1) event.wallTime = new DataView((value as Uint8Array).buffer).getFloat64(0, true);
    else if (number === 2) event.step = Number(value);
    else if (number === 3) event.fileVersion = text(value);
    else if (number === 5) readSummary(value as Uint8Array, event);
    else if (number === 7) {
      event.sessionStatus = Number(fieldsOf(value as Uint8Array).find(({ number }) => number === 1)?.value);
    } else throw new Error(`field ${number} of an event`);
  }
  return event;
}

/** Summary: value = 1. Value: tag = 1, simple_value = 2, image = 4. Image: height, width, colorspace, encoded = 1 to 4. */
function readSummary(summary: Uint8Array, event: ReadEvent): void {
  for (const { number, value } of fieldsOf(summary)) {
    assertEquals(number, 1);
    const found = new Map(fieldsOf(value as Uint8Array).map((field) => [field.number, field.value]));
    const tag = text(found.get(1)!);
    const scalar = found.get(2);
    if (scalar !== undefined) {
      event.scalars[tag] = new DataView((scalar as Uint8Array).buffer).getFloat32(0, true);
    }
    const image = found.get(4);
    if (image === undefined) continue;
    const parts = new Map(fieldsOf(image as Uint8Array).map((field) => [field.number, field.value]));
    const [height, width, colorspace] = [1, 2, 3].map((number) => Number(parts.get(number)));
    event.images[tag] = {
      height: height!,
      width: width!,
      colorspace: colorspace!,
      png: parts.get(4) as Uint8Array,
    };
  }
}

/** The event files of a run folder, by name, with their events. */
export async function readEventFiles(folder: string): Promise<Record<string, ReadEvent[]>> {
  const files: Record<string, ReadEvent[]> = {};
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  for (const name of names.filter((name) => name.includes("tfevents"))) {
    files[name] = readRecords(await Deno.readFile(`${folder}/${name}`)).map(readEvent);
  }
  return files;
}
