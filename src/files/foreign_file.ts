/**
 * Files that people have in place of safetensors, recognized by their content.
 *
 * @module
 */
import { isTorchFile, isZip, latin1 } from "./torch/is_torch_file.ts";

/** What each kind of file begins with, what it is, and what to do. */
const KINDS: readonly (readonly [beginnings: readonly string[], what: string, advice: string])[] = [
  [
    ["<!doctype", "<html", "<head", "<?xml"],
    "a web page",
    "Download the file itself, by the download link of the page",
  ],
  [
    ["version https://git-lfs"],
    "a Git LFS pointer, which stands for a file that was not downloaded",
    'Run "git lfs pull" where it comes from',
  ],
  [["\x89hdf\r\n"], "an HDF5 file, as Keras writes it", "Convert it to safetensors"],
  [["gguf"], "a GGUF file", "Take the model's safetensors"],
  [["\x93numpy"], "a NumPy array", "Take a safetensors file with the weights"],
  [["\x89png", "\xff\xd8\xff", "gif8"], "a picture", "Take a safetensors file with the weights"],
  [["\x1f\x8b", "7z\xbc\xaf", "bzh", "\xfd7zxz", "\x28\xb5\x2f\xfd"], "an archive", "Unpack it first"],
];

/**
 * What a file is that is not safetensors, and what to do: a sentence without its subject. Undefined if
 * nothing is known of it.
 *
 * @param bytes The file, or its beginning.
 */
export function describeForeign(bytes: Uint8Array): string | undefined {
  if (isTorchFile(bytes)) return "it is a PyTorch file (torch.save). Read it with readTorchFile()";
  if (isOldTar(bytes)) {
    return "it is a PyTorch file of before 0.1.10. Load it with a PyTorch that reads it, and save it again";
  }
  if (isZip(bytes)) return "it is a zip archive. Unpack it first";
  const text = latin1(bytes.subarray(0, 256)).replace(/^\xef\xbb\xbf/, "").trimStart();
  const [, what, advice] =
    KINDS.find(([beginnings]) => beginnings.some((beginning) => asciiLower(text).startsWith(beginning))) ??
      [];
  return what === undefined ? undefined : `it is ${what}. ${advice}`;
}

/** Whether a file is a tar that begins with a member of PyTorch's first format. */
function isOldTar(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(257, 262)) === "ustar" &&
    /^(\.\/)?(sys_info|pickle|storages|tensors)\0/.test(latin1(bytes.subarray(0, 16)));
}

/** Names of tags are written in either case. */
function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
