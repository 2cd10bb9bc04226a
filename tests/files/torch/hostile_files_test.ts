import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { decodeTorchFile } from "../../../src/files/torch/torch_file.ts";
import { bytesInMemory } from "../../../src/files/zip/byte_source.ts";
import { zip } from "../../datasets/support/zip_file.ts";
import { dictionary, legacyFile, pickle, type Said, tensor, unicode, zipFile } from "./torch_files.ts";

const read = (file: Uint8Array) => decodeTorchFile(bytesInMemory(file), "netG.pth");

async function refused(file: Uint8Array, words: string): Promise<void> {
  const { message } = await assertRejects(() => read(file), SyntaxError);
  assertStringIncludes(message, "Cannot read netG.pth: ");
  assertStringIncludes(message, words);
}

Deno.test("readTorchFile() reads a pickle made by hand", async () => {
  const data = new Uint8Array(Float32Array.of(1, 2).buffer);
  const { tensors } = await read(zipFile(dictionary({ a: tensor() }), { 0: data }));
  assertEquals(tensors.get("a")!.data, Float32Array.of(1, 2));
});

Deno.test("readTorchFile() refuses tensors that reach out of their storage", async () => {
  const cases: [said: Said, words: string][] = [
    [{ offset: 1 }, "a tensor of shape [2] in it reaches to value 2 of a storage of 2"],
    [{ shape: [3] }, "reaches to value 2 of a storage of 2"],
    [{ shape: [2, 2], strides: [1, 2] }, "reaches to value 3"],
    [{ offset: -1 }, "an offset, a shape and strides of whole numbers from 0"],
    [{ shape: [-2] }, "whole numbers from 0"],
    [{ strides: [-1] }, "whole numbers from 0"],
    [{ strides: [1, 1] }, "whole numbers from 0"],
    [{ shape: [2 ** 40], strides: [0] }, "its tensors take more than 16 times the"],
    [{ shape: [2 ** 52, 2 ** 52], strides: [0, 0] }, "its tensors take more than 16 times the"],
    [{ shape: Array(17).fill(1), strides: Array(17).fill(1) }, "at most 16 axes, found 17"],
    [{ length: 2 ** 40 }, "its tensors take more than 16 times the"],
    [{ length: 3 }, "its member archive/data/0 must have 12 bytes, found 8"],
    [{ key: "1" }, `its storage "1" is missing`],
    [{ type: "QInt8Storage" }, "it holds numbers of torch.QInt8Storage"],
  ];
  for (const [said, words] of cases) await refused(zipFile(dictionary({ a: tensor(said) })), words);
});

Deno.test("readTorchFile() runs nothing: it names what Python would call", async () => {
  for (const [module, name] of [["os", "system"], ["builtins", "eval"], ["torch.hub", "load"]]) {
    const call = `c${module}\n${name}\n(${unicode("true")}tR`;
    for (const file of [zipFile(call), legacyFile(call), zipFile(dictionary({ a: call }))]) {
      await refused(file, `it holds an object of ${module}.${name}`);
    }
  }
  // As what rebuilds a tensor, as the type of a storage, and as something without a call
  await refused(zipFile(tensor({ rebuild: "cos\nsystem\n" })), "it holds an object of os.system");
  await refused(zipFile(dictionary({ a: "cos\nsystem\n" })), "it holds an object of os.system under 'a'");
  await refused(
    zipFile(tensor().replace("ctorch\nFloatStorage", "cos\nsystem")),
    "it holds numbers of os.system",
  );
});

Deno.test("readTorchFile() refuses values in values without end", async () => {
  // A dictionary that holds itself
  await refused(zipFile(`}q\0(${unicode("a")}h\0u`), "it holds values in more than 32 others");
  // Each list holds the one before it twice
  const doubled = `]${"q\0(h\0h\0l".replace("l", "t").repeat(30)}`;
  await refused(zipFile(doubled), "it holds more than 4194304 values");
  await refused(zipFile("]".repeat(1000) + "a".repeat(999)), "it holds values in more than 32 others");
});

Deno.test("readTorchFile() takes no more memory than a file of that size should", async () => {
  // One text of 100,000 letters, encoded 1,000 times
  const text = `X\xa0\x86\x01\0${"a".repeat(100_000)}q\0`;
  const encode = `c_codecs\nencode\n(h\0${unicode("latin1")}tR0`;
  await refused(zipFile(text + encode.repeat(1000)), "it encodes more letters than it has");
  // A deflated storage of zeros, a thousand times as large
  const members = [
    {
      name: "archive/data.pkl",
      data: pickle(dictionary({ a: tensor({ length: 2 ** 24, shape: [2 ** 24] }) })),
    },
    { name: "archive/data/0", data: new Uint8Array(2 ** 26), method: 8 },
  ];
  const bomb = zip(members);
  assert(bomb.length < 2 ** 17);
  await refused(bomb, "its tensors take more than 16 times the");
  // One that says it is small
  const lying = zip([
    { name: "archive/data.pkl", data: pickle(dictionary({ a: tensor() })) },
    { ...members[1]!, size: 8 },
  ]);
  await refused(lying, "It unpacks to more than the 8 bytes that the zip says it has");
  // Many tensors of one storage
  const shared = Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [`${i}`, tensor({ length: 2 ** 17, shape: [2 ** 17] })]),
  );
  await refused(
    zipFile(dictionary(shared), { 0: new Uint8Array(2 ** 19) }),
    "its tensors take more than 16 times",
  );
  // A key that is copied each time that it is used
  const key = `X\0\x10\0\0${"k".repeat(4096)}`;
  await refused(zipFile(`}${key}Ns`), "a key in it must have at most 1024 letters, found 4096");
});

Deno.test("readTorchFile() refuses zips that are damaged, or of something else", async () => {
  const data = pickle(dictionary({ a: tensor() }));
  const storage = { name: "archive/data/0", data: new Uint8Array(8) };
  const pkl = { name: "archive/data.pkl", data };
  await refused(zip([pkl, { ...storage, crc: 1 }]), "archive/data/0 cannot be read: It is damaged");
  await refused(zip([{ ...pkl, crc: 1 }, storage]), "archive/data.pkl cannot be read: It is damaged");
  await refused(zip([storage]), "it is a zip without a data.pkl");
  const big = { name: "archive/byteorder", data: new TextEncoder().encode("big") };
  await refused(zip([pkl, storage, big]), "its numbers have their highest byte first");
  const little = { name: "archive/byteorder", data: new TextEncoder().encode("little") };
  assertEquals((await read(zip([pkl, storage, little]))).tensors.size, 1);
  assertEquals((await read(zip([pkl, { ...storage, method: 8 }]))).tensors.size, 1);
  const many = Array.from({ length: 10_001 }, (_, i) => ({ name: `archive/${i}`, data: new Uint8Array(0) }));
  await refused(zip([pkl, ...many]), "it has more than the 10000 members that are read");
});

Deno.test("readTorchFile() refuses older files that are damaged, or of something else", async () => {
  const one = dictionary({ a: tensor() });
  await refused(legacyFile(one), `its storage "0" is missing`);
  await refused(legacyFile(one, `](${unicode("0")}e`), "(truncated)");
  await refused(legacyFile(one, `](${unicode("7")}e`), "it lists a storage that no tensor has");
  await refused(legacyFile(one, "N"), "it must list the keys of its storages");
  await refused(pickle(one), "it is a pickle that torch.save did not write");
  const tar = new Uint8Array(1024);
  tar.set(new TextEncoder().encode("sys_info"));
  tar.set(new TextEncoder().encode("ustar"), 257);
  await refused(tar, "it is a PyTorch file of before 0.1.10");
});

Deno.test("readTorchFile() refuses every part of a file that is cut short", async () => {
  const whole = await Deno.readFile(new URL("./saved/zip.pth", import.meta.url));
  const older = await Deno.readFile(new URL("./saved/legacy.pth", import.meta.url));
  for (const file of [whole, older]) {
    for (let length = 0; length < file.length; length += 97) {
      await assertRejects(() => read(file.subarray(0, length)), SyntaxError, "Cannot read netG.pth: ");
    }
  }
});
