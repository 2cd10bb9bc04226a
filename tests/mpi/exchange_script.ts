/** What each rank of a test runs: passes bytes in every way and checks what comes. Prints a line if all is right. */
import "../../src/host/on_native.ts";
import { Buffer } from "node:buffer";
import { openRanks } from "../../src/mpi/mod.ts";

const SIZES = [0, 1, 4096, 2 ** 16, 2 ** 16 + 1, 2 ** 20 + 4, ...Deno.args.map(Number)];

/** Bytes that differ by who sends them to whom. */
function bytesOf(length: number, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(length).fill(1 + (from * 16 + to) % 255);
  for (let at = 0; at < length; at += 4099) bytes[at] = at % 251;
  return bytes;
}

function expectSame(found: Uint8Array, wanted: Uint8Array, what: string): void {
  if (Buffer.compare(found, wanted) !== 0) throw new Error(`${what}: other bytes came`);
}

await using ranks = await openRanks();
const { rank, size } = ranks;
await ranks.agree({ version: "1", adapter: "the same" });
for (const length of SIZES) {
  const into = new Uint8Array(size * length);
  await ranks.gather(bytesOf(length, rank, 0), into);
  for (let from = 0; from < size; from++) {
    expectSame(
      into.subarray(from * length, (from + 1) * length),
      bytesOf(length, from, 0),
      `gather of ${length}`,
    );
  }
  const all = Array.from({ length: size }, (_, to) => bytesOf(length, rank, to));
  const got = Array.from({ length: size }, () => new Uint8Array(length));
  await ranks.exchange(all, got);
  for (let from = 0; from < size; from++) {
    if (from !== rank) expectSame(got[from]!, bytesOf(length, from, rank), `exchange of ${length}`);
  }
  const told = await ranks.broadcast(rank === 0 ? bytesOf(length, 0, 99) : undefined);
  expectSame(told, bytesOf(length, 0, 99), `broadcast of ${length}`);
}
console.log(`rank ${rank} of ${size}, ${ranks.local.rank} of ${ranks.local.size} here, by ${ranks.library}`);
