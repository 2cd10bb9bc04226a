import type { Ledger } from "../../memory/ledger.ts";
import type { BufferRange } from "../../memory/storage.ts";
import { ROW_BYTES, texelsOf, textureRows } from "./image_memory.ts";
import { writes } from "../kernel.ts";
import type { Launch } from "../launch.ts";

/** A part of a buffer that is copied to a texture before a launch reads it there. */
export interface ImageCopy {
  /** What is copied. */
  readonly source: BufferRange;
  /** Where to. */
  readonly texture: GPUTexture;
}

/** The images of one launch. */
export interface LaunchImages {
  /** What it reads, by binding. */
  readonly textures: ReadonlyMap<number, GPUTexture>;
  /** What is copied before it. */
  readonly copies: readonly ImageCopy[];
}

/** The images that launches read. */
export interface Images {
  /** Of each launch. */
  readonly ofLaunches: readonly LaunchImages[];
  /** All textures. Destroy them when the launches are no longer needed. */
  readonly textures: readonly GPUTexture[];
  /** Their bytes. */
  readonly bytes: number;
}

/** An image that some launches read, before something writes to what it is a copy of. */
interface Image {
  readonly source: BufferRange;
  /** Its WGSL type. */
  readonly type: string;
  /** Number of the launch from which on what it is a copy of is there. */
  readonly ready: number;
  /** Number of the first launch that reads it. */
  readonly first: number;
  /** Number of the last one. */
  last: number;
}

/**
 * Finds textures for all that launches read as images. What is not written to in between is copied once, and a texture
 * whose image nobody reads any more takes the next one.
 */
export function createImages(gpu: GPUDevice, launches: readonly Launch[], ledger: Ledger): Images {
  const { images, read } = findImages(launches);
  const textureOf = new Map<Image, GPUTexture>();
  const all: GPUTexture[] = [];
  let bytes = 0;
  const copies = launches.map((): ImageCopy[] => []);
  let used: { readonly last: number; readonly texture: GPUTexture }[] = [];
  for (const { image, time } of scheduled(images)) {
    const rows = textureRows(Math.ceil(image.source.size / ROW_BYTES));
    const { format } = texelsOf(image.type);
    const [fitting] = used
      .filter(({ last, texture }) => last < time && texture.format === format && texture.height >= rows)
      .toSorted((a, b) => a.texture.height - b.texture.height);
    const texture = fitting?.texture ?? createImage(gpu, ledger, image.type, rows);
    if (!fitting) {
      all.push(texture);
      bytes += rows * ROW_BYTES;
    }
    used = [...used.filter((one) => one !== fitting), { last: image.last, texture }];
    textureOf.set(image, texture);
    copies[time]!.push({ source: image.source, texture });
  }
  const ofLaunches = read.map((byBinding, time) => ({
    textures: new Map([...byBinding].map(([binding, image]) => [binding, textureOf.get(image)!])),
    copies: copies[time]!,
  }));
  return { ofLaunches, textures: all, bytes };
}

/**
 * When images are made, in order: as late as can be, but together with others, since copies interrupt a pass. Where one
 * must be made, so are all that can be by then.
 */
function scheduled(images: readonly Image[]): { image: Image; time: number }[] {
  const made: { image: Image; time: number }[] = [];
  let left = images.toSorted((a, b) => a.first - b.first);
  while (left.length > 0) {
    const time = left[0]!.first;
    made.push(...left.filter(({ ready }) => ready <= time).map((image) => ({ image, time })));
    left = left.filter(({ ready }) => ready > time);
  }
  return made;
}

/** The images that launches read, in the order in which they are needed, and those of each launch by binding. */
function findImages(launches: readonly Launch[]) {
  const images: Image[] = [];
  const read: Map<number, Image>[] = [];
  let current: Image[] = [];
  const written: { readonly time: number; readonly range: BufferRange }[] = [];
  for (const [time, { kernel: { bindings }, storages }] of launches.entries()) {
    const own = new Map<number, Image>();
    read.push(own);
    for (const [binding, [, access, type]] of bindings.entries()) {
      if (access !== "image") continue;
      const source = storages[binding]!.range();
      let image = current.find((one) => one.type === type && isSame(one.source, source));
      if (!image) {
        const ready = 1 + (written.findLast(({ range }) => overlap(range, source))?.time ?? -1);
        image = { source, type, ready, first: time, last: time };
        images.push(image);
        current.push(image);
      }
      image.last = time;
      own.set(binding, image);
    }
    const ranges = bindings.flatMap(([, access], binding) =>
      writes(access) ? [storages[binding]!.range()] : []
    );
    current = current.filter(({ source }) => !ranges.some((range) => overlap(range, source)));
    written.push(...ranges.map((range) => ({ time, range })));
  }
  return { images, read };
}

function isSame(a: BufferRange, b: BufferRange): boolean {
  return a.buffer === b.buffer && a.offset === b.offset && a.size === b.size;
}

function overlap(a: BufferRange, b: BufferRange): boolean {
  return a.buffer === b.buffer && a.offset < b.offset + b.size && b.offset < a.offset + a.size;
}

/** A texture for an image of a WGSL type, with so many rows. */
export function createImage(gpu: GPUDevice, ledger: Ledger, type: string, rows: number): GPUTexture {
  const { format, bytes } = texelsOf(type);
  const { STORAGE_BINDING, COPY_DST } = GPUTextureUsage;
  const descriptor = { size: [ROW_BYTES / bytes, rows], format, usage: STORAGE_BINDING | COPY_DST };
  return ledger.createTexture(gpu, descriptor, rows * ROW_BYTES);
}

/** Encodes the copy of an image: its whole rows, and what is left of the last one. */
export function encodeImageCopy(encoder: GPUCommandEncoder, { source, texture }: ImageCopy): void {
  const { buffer, offset, size } = source;
  const rows = Math.floor(size / ROW_BYTES);
  if (rows > 0) {
    encoder.copyBufferToTexture({ buffer, offset, bytesPerRow: ROW_BYTES }, { texture }, [
      texture.width,
      rows,
    ]);
  }
  const rest = size - rows * ROW_BYTES;
  if (rest === 0) return;
  const from = { buffer, offset: offset + rows * ROW_BYTES };
  encoder.copyBufferToTexture(from, { texture, origin: [0, rows] }, [rest * texture.width / ROW_BYTES, 1]);
}
