/**
 * What `torch.save` writes, read without Python and without running anything in it.
 *
 * @module
 */
import { describeForeign } from "../foreign_file.ts";
import { host } from "../../host/host.ts";
import { bytesInMemory, type ByteSource } from "../zip/byte_source.ts";
import { isTorchFile, isZip } from "./is_torch_file.ts";
import { openLegacyContainer } from "./legacy_container.ts";
import { type SavedValues, savedValues } from "./saved_values.ts";
import { Storages } from "./storages.ts";
import { openZipContainer } from "./zip_container.ts";

export type { SavedValues } from "./saved_values.ts";

/** Most bytes of a file: it is read whole. */
const MOST_BYTES = 2 ** 32;

/** Bytes at the beginning of a file that tell what it is. */
const HEAD = 2 ** 16;

/**
 * Reads a `.pt` or `.pth` file of `torch.save`: a zip, as PyTorch 1.6 and later write it, or pickles in a row,
 * as it did before. A pickle is a program; nothing in it is run, and it may only name tensors, parameters,
 * dictionaries, lists and plain values. Whatever the file says, the memory taken is at most some 16 times its
 * size.
 *
 * Dictionaries in dictionaries are taken apart, with a dot between their keys: the weights of
 * `torch.save({"netG": netG.state_dict()}, path)` are `netG.main.0.weight` and so on. Floats keep their type,
 * but BF16 is read as F32; whole numbers of 8 and of 16 bits are read as I32, and truths as U8.
 *
 * @throws {SyntaxError} if the file is damaged, of another kind, or names anything else, such as a class of
 * somebody's own: the message names that, and says what to do.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { readTorchFile } from "@x/dcgan/nn";
 *
 * const path = await Deno.makeTempFile({ suffix: ".pth" });
 * await Deno.writeTextFile(path, "<!doctype html>");
 * await assertRejects(() => readTorchFile(path), SyntaxError, "it is a web page");
 * ```
 */
export async function readTorchFile(path: string | URL): Promise<SavedValues> {
  const { size } = await host().stat(path);
  if (size > MOST_BYTES) {
    throw new SyntaxError(`Cannot read ${path}: it must have at most ${MOST_BYTES} bytes, found ${size}`);
  }
  using source = bytesInMemory(await host().readFile(path));
  return await decodeTorchFile(source, `${path}`);
}

/**
 * The same for the bytes of a file.
 *
 * @param path Its path, for messages.
 */
export async function decodeTorchFile(source: ByteSource, path: string): Promise<SavedValues> {
  try {
    const head = source.read(0, Math.min(source.size, HEAD));
    if (!isTorchFile(head)) throw new SyntaxError(describeForeign(head) ?? "it is no file of torch.save");
    const { saved, storages } = isZip(head)
      ? await openZipContainer(source, path)
      : openLegacyContainer(source);
    return savedValues(saved, new Storages(storages), path);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new SyntaxError(`Cannot read ${path}: ${cause.message}`, { cause });
  }
}
