/** Damage to files, the same for the same seed. */

/** Random numbers from 0 to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = state + 0x6d2b79f5 >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}

/** Numbers that lengths and offsets go wrong with. */
const oddNumbers = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** What damage there is: each takes a file and gives another. */
const damages: readonly ((file: Uint8Array, random: () => number) => Uint8Array)[] = [
  function flipBits(file, random) {
    const bytes = file.slice();
    for (let i = 0; i <= random() * 4; i++) bytes[place(bytes, random)]! ^= 1 << Math.floor(random() * 8);
    return bytes;
  },
  function setBytes(file, random) {
    const bytes = file.slice();
    for (let i = 0; i <= random() * 8; i++) bytes[place(bytes, random)] = Math.floor(random() * 256);
    return bytes;
  },
  function setNumber(file, random) {
    const bytes = file.slice();
    if (bytes.length < 4) return bytes;
    const value = oddNumbers[Math.floor(random() * oddNumbers.length)]!;
    new DataView(bytes.buffer).setUint32(Math.floor(random() * (bytes.length - 3)), value, random() < 0.5);
    return bytes;
  },
  function cutShort(file, random) {
    return file.slice(0, place(file, random));
  },
  function takeOut(file, random) {
    const from = place(file, random);
    const to = Math.min(file.length, from + Math.ceil(random() ** 3 * file.length));
    return Uint8Array.from([...file.subarray(0, from), ...file.subarray(to)]);
  },
  function repeat(file, random) {
    const from = place(file, random);
    const part = file.subarray(from, from + Math.ceil(random() ** 3 * file.length));
    const at = place(file, random);
    return Uint8Array.from([...file.subarray(0, at), ...part, ...file.subarray(at)]);
  },
  function fillPart(file, random) {
    const bytes = file.slice();
    const from = place(bytes, random);
    return bytes.fill(random() < 0.5 ? 0 : 0xff, from, from + Math.ceil(random() ** 3 * 64));
  },
];

/** A place in a file; headers and ends are hit more often than the middle, as that is where lengths are. */
function place(file: Uint8Array, random: () => number): number {
  const part = random();
  const share = part < 0.4 ? random() ** 4 : part < 0.6 ? 1 - random() ** 4 : random();
  return Math.min(file.length - 1, Math.floor(share * file.length));
}

/** A damaged file. */
export function mutate(file: Uint8Array, random: () => number): Uint8Array {
  let damaged = file;
  for (let i = 0; i <= random() * 2 && damaged.length > 0; i++) {
    damaged = damages[Math.floor(random() * damages.length)]!(damaged, random);
  }
  return damaged;
}
