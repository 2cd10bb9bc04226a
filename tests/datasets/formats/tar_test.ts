import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { DatasetError } from "../../../plugins/datasets/mod.ts";
import { bytesInMemory } from "../../../plugins/datasets/formats/byte_source.ts";
import { tarMembers } from "../../../plugins/datasets/formats/tar.ts";
import { concat } from "../../pictures/files.ts";
import { paxRecord, tar, type TarPart } from "../support/files.ts";

const data = Uint8Array.of(1, 2, 3);
const latin = (text: string): Uint8Array => new TextEncoder().encode(text);

function list(bytes: Uint8Array): [name: string, content: number[]][] {
  const source = bytesInMemory(bytes);
  return [...tarMembers(source, "x.tar")].map((
    { name, offset, size },
  ) => [name, [...source.read(offset, size)]]);
}

Deno.test("tarMembers() reads plain, long, pax and GNU names, and sizes in digits or bytes", () => {
  const long = `${"folder/".repeat(30)}a.png`;
  const big = new Uint8Array(700).fill(9);
  assertEquals(
    list(tar([
      { name: "folder/", type: "5" },
      { name: "./folder/b.png", data },
      { name: "c.png", prefix: "deep/er", data, type: "\0" },
      { name: "pax", type: "x", data: concat([paxRecord("mtime", "1.5"), paxRecord("path", long)]) },
      { name: "cut short", data: big },
      { name: "././@LongLink", type: "L", data: latin(`${long}2\0`) },
      { name: "cut short", data, binarySize: true },
      { name: "pax", type: "x", data: paxRecord("size", "3") },
      { name: "sized.png", data, size: 0 },
      { name: "all", type: "g", data: paxRecord("comment", "none") },
      { name: "last.png", data: new Uint8Array() },
    ])),
    [
      ["folder/b.png", [1, 2, 3]],
      ["deep/er/c.png", [1, 2, 3]],
      [long, [...big]],
      [`${long}2`, [1, 2, 3]],
      ["sized.png", [1, 2, 3]],
      ["last.png", []],
    ],
  );
});

Deno.test("tarMembers() takes a tar that ends without its empty blocks", () => {
  assertEquals(list(tar([{ name: "a", data }], 0)), [["a", [1, 2, 3]]]);
  assertEquals(list(new Uint8Array(1024)), []);
});

Deno.test("tarMembers() finds every cut that is not between two members", () => {
  const whole = tar([{ name: "a", data }, { name: "b", data: new Uint8Array(600) }], 0);
  for (let size = 512; size < whole.length; size++) {
    const cut = whole.slice(0, size);
    if (size === 1024) assertEquals(list(cut), [["a", [1, 2, 3]]]);
    else assertThrows(() => list(cut), DatasetError, '"x.tar" is cut short: expected ', `${size}`);
  }
});

Deno.test("tarMembers() refuses what is no tar, is cut short or leads out of it", () => {
  const whole = tar([{ name: "a.png", data }]);
  const of = (part: Partial<TarPart>) => tar([{ name: "a.png", data, ...part }]);
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(), '"x.tar" must be a tar, found only 0 bytes'],
    [new Uint8Array(600).fill(65), '"x.tar" is damaged: there is no number at 148'],
    [whole.with(0, 66), '"x.tar" must be a tar, found other bytes at its start'],
    [
      concat([whole.slice(0, 1024), whole.slice(0, 512).with(3, 1)]),
      "is damaged: there is no member at 1024",
    ],
    [whole.slice(0, 514), '"x.tar" is cut short: expected 3 bytes from 512 on, found 2'],
    [of({ size: 8 ** 11 - 1 }), "is cut short: expected 8589934591 bytes"],
    [of({ name: "../a.png" }), '"../a.png" in "x.tar" has a path that leads out of the archive'],
    [of({ name: "a/../../b.png" }), "leads out of the archive"],
    [of({ name: "/etc/a.png" }), "leads out of the archive"],
    [of({ name: "C:a.png" }), "leads out of the archive"],
    [of({ name: "..\\a.png" }), "leads out of the archive"],
    [tar([{ name: "x", type: "x", data: latin("99 path=a\n") }]), "its pax records cannot be read"],
    [tar([{ name: "x", type: "x", data: latin("0 a=b\n") }]), "its pax records cannot be read"],
    [tar([{ name: "x", type: "x", data: paxRecord("size", "-1") }]), 'a member must have a size, found "-1"'],
    [tar([{ name: "x", type: "x", data: new Uint8Array(2 ** 20 + 1) }]), "must have names of 1048576 bytes"],
    [
      tar([{ name: "p", type: "x", data: paxRecord("path", "../b") }, { name: "b" }]),
      "leads out of the archive",
    ],
  ];
  for (const [bytes, message] of cases) assertThrows(() => list(bytes), DatasetError, message);
});
