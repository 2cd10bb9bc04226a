/** Pickled batches of the Python version of CIFAR, as Python 2 (protocol 2) and Python 3 (protocol 4) write them. */
import { concat } from "../../pictures/files.ts";

const utf8 = new TextEncoder();

/** A little-endian number of 4 bytes. */
function long(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** A dictionary of the array `data`, n times 3,072 bytes, and of lists of labels. */
export function cifarPickle(
  data: Uint8Array,
  labels: Readonly<Record<string, readonly number[]>>,
  protocol: 2 | 4,
): Uint8Array {
  let kept = 0;
  const parts: (Uint8Array | string)[] = [Uint8Array.of(0x80, protocol)];
  // A protocol 2 pickle of Python 2 has texts of bytes, and numbers what it keeps
  const keep = () => protocol === 2 ? Uint8Array.of(0x71, kept++) : Uint8Array.of(0x94);
  const bytes = (text: string) => [protocol === 2 ? "U" : "C", Uint8Array.of(text.length), text, keep()];
  const global = (module: string, name: string) =>
    protocol === 2 ? [`c${module}\n${name}\n`, keep()] : [
      ...[module, name].flatMap((text) => [Uint8Array.of(0x8c, text.length), text, keep()]),
      Uint8Array.of(0x93),
      keep(),
    ];
  const number = (value: number) => concat([utf8.encode("J"), long(value)]);
  parts.push("}", keep(), "(", ...bytes("data"));
  parts.push(
    ...global("numpy.core.multiarray", "_reconstruct"),
    ...global("numpy", "ndarray"),
    "K\0",
    Uint8Array.of(0x85),
  );
  parts.push(
    ...bytes("b"),
    Uint8Array.of(0x87),
    "R",
    keep(),
    "(K\x01",
    number(data.length / 3072),
    number(3072),
  );
  parts.push(
    Uint8Array.of(0x86),
    keep(),
    ...global("numpy", "dtype"),
    ...bytes("u1"),
    "K\0K\x01",
    Uint8Array.of(0x87),
    "R",
  );
  parts.push(keep(), "(K\x03", ...bytes("|"), "NNN", number(-1), number(-1), "K\0tb", Uint8Array.of(0x89));
  parts.push(protocol === 2 ? "T" : "B", long(data.length), data, keep(), "tb");
  for (const [name, values] of Object.entries(labels)) {
    parts.push(...bytes(name), "]", keep(), "(", ...values.map((value) => Uint8Array.of(0x4b, value)), "e");
  }
  parts.push("u.");
  return concat(parts.map((part) => typeof part === "string" ? utf8.encode(part) : part));
}
