import { type Device, normalizeImages, type Tensor } from "../../../gpu/mod.ts";
import { lengthOf } from "../../../pictures/mod.ts";
import type { LabeledPart } from "../data/labeled_parts.ts";
import type { PictureNeeds } from "../data/run_data.ts";
import { NearestRows } from "./nearest_rows.ts";

/** Numbers of rows of one side that are compared at once: 32 MiB. */
const MOST_NUMBERS = 2 ** 23;

/** Rows of one side that are compared at once. */
const MOST_ROWS = 2048;

/** Test images on the GPU, in groups that a kernel can bind. */
export class Probes implements Disposable {
  /** Numbers of an image. */
  readonly each: number;
  /** Images of the other side that are compared with at once. */
  readonly rowsAtOnce: number;
  #device: Device;
  #groups: readonly Tensor[];

  private constructor(device: Device, each: number, rowsAtOnce: number, groups: readonly Tensor[]) {
    this.#device = device;
    this.each = each;
    this.rowsAtOnce = rowsAtOnce;
    this.#groups = groups;
  }

  /** Reads some pictures of a part. */
  static async read(
    device: Device,
    part: LabeledPart,
    numbers: Uint32Array,
    shape: PictureNeeds,
    signal: AbortSignal | undefined,
  ): Promise<Probes> {
    const each = lengthOf(shape);
    const atOnce = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_NUMBERS / each)));
    using owned = new DisposableStack();
    const groups: Tensor[] = [];
    for (let start = 0; start < numbers.length; start += atOnce) {
      const bytes = await part.read(numbers.subarray(start, start + atOnce), signal);
      groups.push(owned.use(rowsOf(device, bytes, each)));
    }
    owned.move();
    return new Probes(device, each, atOnce, groups);
  }

  /** The place of the nearest of all images that are given in blocks, for each test image. */
  async search(blocks: () => AsyncGenerator<Uint8Array>): Promise<Uint32Array> {
    using owned = new DisposableStack();
    const searches = this.#groups.map((group) => owned.use(new NearestRows(group)));
    for await (const bytes of blocks()) {
      using block = rowsOf(this.#device, bytes, this.each);
      for (const search of searches) search.compare(block);
      await this.#device.throttle();
    }
    const places = await Promise.all(searches.map((search) => search.places()));
    return Uint32Array.from(places.flatMap((some) => [...some]));
  }

  /** Gives their memory back. */
  [Symbol.dispose](): void {
    for (const group of this.#groups) group.dispose();
  }
}

/** Pictures as rows of numbers from -1 to 1. */
function rowsOf(device: Device, bytes: Uint8Array, each: number): Tensor {
  using u8 = device.tensor(bytes, { shape: [bytes.length / each, each], dtype: "u8" });
  return normalizeImages(u8);
}
