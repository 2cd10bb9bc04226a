import { openDataset } from "../../../plugins/datasets/mod.ts";
import type { Pictures } from "../../engine/model.ts";
import type { FoundPictures } from "../news.ts";

/** Pictures that the page shows. */
const SHOWN = 24;

/** Edge of these, in pixels. */
const EDGE = 64;

/** Milliseconds in which pictures are looked at for damage; the rest is found while it trains. */
const LOOKING = 2000;

/** Pictures that are looked at together. */
const CHUNK = 16;

/**
 * Opens pictures as training will, and says what there is.
 *
 * @param data What the library opens: the name of a dataset, or a path.
 * @param name What the page calls them.
 * @throws {DatasetError} if they cannot be used.
 */
export async function lookAt(data: string, name: string): Promise<FoundPictures> {
  const notes: string[] = [];
  await using dataset = await openDataset(data, {
    size: EDGE,
    report: (message) => void notes.push(message),
  });
  const [height, width, channels] = dataset.shape;
  const each = height * width * channels;
  const count = Math.min(SHOWN, dataset.length);
  const places = Array.from({ length: count }, (_, at) => Math.floor(at * dataset.length / count));
  const bytes = new Uint8Array(count * each);
  await dataset.read(places, bytes);
  const preview: Pictures = { count, width, height, channels: channels as Pictures["channels"], data: bytes };
  const end = performance.now() + LOOKING;
  // A dataset that is drawn has nothing to leave out
  for (let at = 0; dataset.skipped && at < dataset.length && performance.now() < end; at += CHUNK) {
    const some = Array.from({ length: Math.min(CHUNK, dataset.length - at) }, (_, i) => at + i);
    await dataset.read(some, new Uint8Array(some.length * each));
  }
  return {
    data,
    name,
    count: dataset.length - (dataset.replaced?.size ?? 0),
    classes: dataset.labels?.class?.classes?.length ?? 0,
    preview,
    skipped: [...dataset.skipped ?? []],
    notes,
  };
}
