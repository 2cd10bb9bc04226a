import "../../src/host/on_native.ts";
import { assertEquals, assertMatch, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { decodeSafetensors, readSafetensors } from "../../src/files/safetensors.ts";
import { legacyFile, SAVED, storedZip, zipFile } from "./pytorch_files.ts";

/** What is said of a file. */
function messageOf(file: Uint8Array, source = "netG.pth"): string {
  return assertThrows(() => decodeSafetensors(file, source), SyntaxError).message;
}

const CONVERSION = "safetensors.torch.save_file({k: v.contiguous() for k, v in ";

Deno.test("decodeSafetensors() tells PyTorch's files by their content, and how to convert them", () => {
  for (const file of [zipFile(SAVED.stateDict), legacyFile(SAVED.stateDict)]) {
    const [what, ...python] = messageOf(file, 'my "nets"/netG.safetensors').split("\n");
    assertMatch(
      what!,
      /^Cannot read .*: it is a PyTorch file \(torch\.save\), which only Python reads\. Convert /,
    );
    assertEquals(python, [
      "import torch, safetensors.torch",
      `${CONVERSION}torch.load("my \\"nets\\"/netG.safetensors", map_location="cpu").items()}, ` +
      `"my \\"nets\\"/netG.safetensors")`,
    ]);
  }
});

Deno.test("decodeSafetensors() converts what was saved: a state dict, one in a dict, or a whole module", () => {
  const cases = [
    [SAVED.stateDict, `torch.load("netG.pth", map_location="cpu").items()}, "netG.safetensors")`],
    [SAVED.dict, `torch.load("netG.pth", map_location="cpu")["netG"].items()}, "netG.safetensors")`],
    [
      SAVED.module,
      `torch.load("netG.pth", map_location="cpu", weights_only=False).state_dict().items()}, "netG.safetensors")`,
    ],
  ] as const;
  for (const [saved, expected] of cases) {
    for (const file of [zipFile(saved), legacyFile(saved)]) {
      assertEquals(messageOf(file).split("\n").at(-1), CONVERSION + expected);
    }
  }
});

Deno.test("decodeSafetensors() converts what torch.jit.save wrote", () => {
  const file = storedZip("netG/data/0", new Uint8Array(64));
  assertStringIncludes(
    messageOf(file),
    `in torch.jit.load("netG.pth", map_location="cpu").state_dict().items()}`,
  );
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
    [storedZip("netG.safetensors", new Uint8Array(9)), "it is a zip archive. Unpack it first"],
    [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), "it is a picture"],
  ];
  for (const [file, words] of cases) {
    assertStringIncludes(messageOf(typeof file === "string" ? new TextEncoder().encode(file) : file), words);
  }
});

Deno.test("decodeSafetensors() names PyTorch's files however they are cut off", () => {
  for (const file of [zipFile(SAVED.dict), legacyFile(SAVED.dict)]) {
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
    const file = legacyFile(SAVED.stateDict);
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
