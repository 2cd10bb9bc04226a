/**
 * What `torch.save` writes: a zip with a pickle in it, or, in its older way, a pickle alone. A pickle is a
 * program that makes Python objects, so it is not run here: only the texts in it are looked at, to say how to
 * convert it.
 *
 * @module
 */

/** Bytes at the beginning of a file that are looked at. */
const LOOKED_AT = 2 ** 20;

/** Ends of the names that PyTorch gives to parameters in a state dict. */
const TENSOR_NAME = /(^|\.)\w+\.(weight|bias)$/;

/** Texts that PyTorch writes for each tensor, between one name and the next. */
const OF_TENSORS = /^(storage|module|cpu|cuda(:\d+)?|mps(:\d+)?|\d+)$/;

/** Whether a file begins as the zip, or as the pickle, that `torch.save` (or `torch.jit.save`) writes. */
export function isPytorchFile(bytes: Uint8Array): boolean {
  return isPickle(bytes) || isZip(bytes) && /\/(data\.pkl|data\/0|code\/__torch__)/.test(startOf(bytes));
}

/** The part of a file that the names of its first members, or its first small pickles, are in. */
function startOf(bytes: Uint8Array): string {
  return latin1(bytes.subarray(0, 2 ** 16));
}

/** Whether a file is a pickle: the protocol's opcode, and one of the protocols that there are. */
function isPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5;
}

/** Whether a file begins as zips do. */
export function isZip(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 4)) === "PK\x03\x04";
}

/**
 * Python that turns a file of `torch.save` into safetensors: two lines that can be pasted as they are.
 *
 * @param bytes The file, or its beginning.
 * @param source Its path.
 */
export function conversionOf(bytes: Uint8Array, source: string): string {
  const head = bytes.subarray(0, LOOKED_AT);
  const target = source.replace(/\.[A-Za-z0-9]+$/, "") + ".safetensors";
  return "import torch, safetensors.torch\n" +
    `safetensors.torch.save_file({k: v.contiguous() for k, v in ${stateDictOf(head, source)}.items()}, ` +
    `${JSON.stringify(target)})`;
}

/** The Python expression of the state dict in a file. */
function stateDictOf(head: Uint8Array, source: string): string {
  // `torch.save` puts the pickle first, TorchScript the data
  if (isZip(head) && !/^[^/]*\/data\.pkl/.test(latin1(head.subarray(30, 512)))) {
    return `torch.jit.load(${JSON.stringify(source)}, map_location="cpu").state_dict()`;
  }
  const object = head.subarray(startOfObject(head));
  const load = `torch.load(${JSON.stringify(source)}, map_location="cpu"`;
  // Only Python that knows the module's class can make it
  if (isWholeModule(object)) return `${load}, weights_only=False).state_dict()`;
  const keys = keysOfStateDicts(object);
  const key = keys.find((name) => /^(net)?_?g(en|enerator)?(?![a-z])/i.test(name)) ?? keys[0];
  return key === undefined ? `${load})` : `${load})[${JSON.stringify(key)}]`;
}

/** Where the pickle of what was saved begins; 0 if it is not found. */
function startOfObject(head: Uint8Array): number {
  const text = startOf(head);
  // In the old way three small pickles come first, the last of which tells of the machine
  return isZip(head) ? Math.max(0, text.indexOf("\x80\x02")) : text.indexOf("u.\x80") + 2;
}

/**
 * Whether the pickle makes an object of a class of somebody's own: `torch.save(model)` and not its state
 * dict.
 */
function isWholeModule(object: Uint8Array): boolean {
  const text = latin1(object.subarray(2, 64));
  return text.startsWith("(X\x06\0\0\0module") || text.startsWith("c") && !text.startsWith("ccollections\n");
}

/** The keys under which a dict holds state dicts: none if it is one itself. */
function keysOfStateDicts(object: Uint8Array): string[] {
  const keys: string[] = [];
  let before: string | undefined;
  for (const text of textsIn(object)) {
    const isKey = before !== undefined && !OF_TENSORS.test(before) && !TENSOR_NAME.test(before);
    if (isKey && TENSOR_NAME.test(text)) keys.push(before!);
    before = text;
  }
  return keys;
}

/** The short texts in a pickle, in order. */
function* textsIn(bytes: Uint8Array): Generator<string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 5 < bytes.length; at++) {
    // BINUNICODE with four bytes of length, SHORT_BINUNICODE with one
    const prefix = bytes[at] === 0x58 ? 5 : bytes[at] === 0x8c ? 2 : 0;
    if (prefix === 0) continue;
    const length = prefix === 5 ? view.getUint32(at + 1, true) : bytes[at + 1]!;
    const text = length > 0 && length < 256 ? latin1(bytes.subarray(at + prefix, at + prefix + length)) : "";
    if (!/^[\x20-\x7e]+$/.test(text)) continue;
    yield text;
    at += prefix + length - 1;
  }
}

/** Bytes as text, a character each. */
export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
