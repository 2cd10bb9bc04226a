import "../../src/host/on_native.ts";
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { decodeSafetensors, readSafetensors } from "../../src/files/safetensors.ts";
import { zip } from "../datasets/support/zip_file.ts";
import { dictionary, legacyFile, tensor, zipFile } from "./torch/torch_files.ts";

/** `torch.save(netG.state_dict())`. */
const SAVED = dictionary({ "main.0.weight": tensor(), "main.1.weight": tensor({ key: "1" }) });

/** What is said of a file. */
function messageOf(file: Uint8Array, source = "netG.pth"): string {
  return assertThrows(() => decodeSafetensors(file, source), SyntaxError).message;
}

Deno.test("decodeSafetensors() tells PyTorch's files by their content, and what reads them", () => {
  const words = "it is a PyTorch file (torch.save). Read it with readTorchFile()";
  for (
    const file of [
      zipFile(SAVED),
      legacyFile(SAVED),
      zip([{ name: "netG/data/0", data: new Uint8Array(64) }]),
    ]
  ) {
    assertStringIncludes(messageOf(file), words);
  }
});

Deno.test("decodeSafetensors() names other files, and what to do", () => {
  const cases: [file: string | Uint8Array, words: string][] = [
    ["\n<!DOCTYPE html>\n<title>Sign in</title>", "it is a web page. Download the file itself"],
    ["\ufeff<HTML><body>", "it is a web page"],
    ["version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "it is a Git LFS pointer"],
    [
      Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0),
      "it is an HDF5 file, as Keras writes it",
    ],
    [Uint8Array.of(0x1f, 0x8b, 8, 0), "it is an archive. Unpack it first"],
    [zip([{ name: "netG.safetensors", data: new Uint8Array(9) }]), "it is a zip archive. Unpack it first"],
    [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), "it is a picture"],
  ];
  for (const [file, words] of cases) {
    assertStringIncludes(messageOf(typeof file === "string" ? new TextEncoder().encode(file) : file), words);
  }
});

Deno.test("decodeSafetensors() names PyTorch's files however they are cut off", () => {
  for (const file of [zipFile(SAVED), legacyFile(SAVED)]) {
    for (let length = 48; length < file.length; length++) {
      assertStringIncludes(messageOf(file.subarray(0, length)), "it is a PyTorch file");
    }
  }
});

Deno.test("decodeSafetensors() reads a file whose header's length begins as a pickle does", () => {
  const file = new Uint8Array(8 + 0x0280).fill(0x20);
  file.set([0x80, 0x02, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode("{}")]);
  assertEquals(decodeSafetensors(file).tensors.size, 0);
});

Deno.test("readSafetensors() does not read a large file that is none", async () => {
  const path = await Deno.makeTempFile();
  try {
    const file = legacyFile(SAVED);
    await Deno.writeFile(path, file);
    // Sparse: more than there is memory for
    await Deno.truncate(path, 2 ** 40);
    await assertRejects(() => readSafetensors(path), SyntaxError, "it is a PyTorch file");
    await Deno.writeFile(path, new Uint8Array(8));
    await Deno.truncate(path, 2 ** 40);
    await assertRejects(() => readSafetensors(path), SyntaxError, "its header takes 0 bytes");
  } finally {
    await Deno.remove(path);
  }
});
