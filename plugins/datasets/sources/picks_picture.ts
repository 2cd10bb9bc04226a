import { host } from "../../../src/host/host.ts";
import { type FileKind, fileKind } from "../../../src/pictures/mod.ts";
import type { PassedOver, Way } from "./passed_over.ts";
import { hasPictureEnding, isHidden, isHiddenByChoice, isPicture } from "./picture_source.ts";

/** What to do with pictures in formats that are not supported. */
const CONVERT = "Convert pictures of other formats to JPEG or PNG.";

/** What to do with archives that lie among pictures. */
const UNPACK = "Unpack archives first, or give one of them itself.";

/**
 * Endings of files that often lie beside pictures, one for each of them, and are none: opening a million
 * captions only to see that they are text would take longer than listing them.
 */
const companions: ReadonlySet<string> = new Set(
  (".txt .json .jsonl .xml .csv .tsv .yaml .yml .md .html .htm .css .js .ts .py .ipynb .log .cls .caption " +
    ".npy .npz .pkl .pt .pth .safetensors .mat .parquet .tfrecord .tar .db .lnk .url .md5 .sha256 .mp4 .mov .wav .mp3")
    .split(" "),
);

/**
 * Whether a file is to be used as a picture: by its name if that says so, else by its first bytes. What is
 * not used is counted, unless a system hides it.
 *
 * @param name Its path within the source.
 * @param start Reads its first bytes.
 */
export function picksPicture(name: string, start: () => Uint8Array, passed: PassedOver): boolean {
  if (isPicture(name)) return true;
  if (isHidden(name)) {
    if (hasPictureEnding(name) && isHiddenByChoice(name)) {
      passed.add(["hidden picture", "hidden pictures"], name);
    }
    return false;
  }
  const extension = host().posix.extname(host().posix.basename(name)).toLowerCase();
  if (companions.has(extension)) {
    passed.add(extension, name, extension === ".tar" ? UNPACK : "");
    return false;
  }
  let kind: FileKind | undefined;
  try {
    kind = fileKind(start());
  } catch {
    passed.add(["file that cannot be read", "files that cannot be read"], name);
    return false;
  }
  if (kind?.use === "picture") return true;
  passed.add(wayOf(extension, kind), name, adviceFor(kind));
  return false;
}

/** What people find in the place of a file. */
const replacements: readonly string[] = ["a web page", "a Git LFS pointer", "an empty file"];

/** What such a file is called: what its name ends in, and what it is if that is something else. */
function wayOf(extension: string, kind: FileKind | undefined): Way {
  if (extension === "") {
    const what = kind === undefined ? "" : `, ${kind.name}`;
    return [`file without ending${what}`, `files without ending${what}`];
  }
  return kind && replacements.includes(kind.name) ? `${extension}, ${kind.name}` : extension;
}

/** What to do with a file among pictures, as a sentence. */
function adviceFor(kind: FileKind | undefined): string {
  const { name = "", advice = "" } = kind ?? {};
  if (advice.startsWith("convert")) return CONVERT;
  if (advice.startsWith("unpack")) return UNPACK;
  if (name === "a web page") return "A web page was saved in place of a file: download that again.";
  if (name === "a Git LFS pointer") {
    return "Files of Git LFS were not fetched: run git lfs pull in their repository.";
  }
  return "";
}
