import { type DatasetPlugin, defineDataset } from "../../../plugins/datasets/mod.ts";

/** Writes a plugin to a file and returns its path; the folder goes when the test ends. */
export async function withPlugin(source: string, use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/my_set.ts`, source);
    await use(`${folder}/my_set.ts`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The source of a plugin that draws stripes. */
export const stripes = `export default {
  apiVersion: 1,
  name: "stripes",
  options: { period: { type: "integer", description: "pixels", default: 8, minimum: 2 } },
  open: ({ size, channels = 1, options }) => ({
    length: 10,
    shape: [size, size, channels],
    read(indices: number[], into: Uint8Array) {
      const each = size * size * channels;
      for (let i = 0; i < into.length; i++) {
        into[i] = (Math.floor(i % each / channels) % size + indices[Math.floor(i / each)]) % options.period * 20;
      }
    },
  }),
};`;

/** The source of a plugin with this `open`. */
export const opening = (open: string): string =>
  `export default { apiVersion: 1, name: "bad", open: ${open} };`;

/** A plugin with this `open`. */
export const bad = (open: DatasetPlugin["open"]): DatasetPlugin => ({ apiVersion: 1, name: "bad", open });

/** Resolves after some milliseconds. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));

/** Never resolves. */
export const forever = new Promise<never>(() => {});

/** A plugin with an option of each type. */
export const sample = defineDataset({
  apiVersion: 1,
  name: "sample",
  options: {
    count: { type: "integer", description: "count", default: 3, minimum: 1, maximum: 9 },
    split: { type: "string", description: "split", default: "train", enum: ["train", "test"] },
    title: { type: "string", description: "title", default: "" },
    mirror: { type: "boolean", description: "mirror", default: false },
  },
  open: ({ size, options: { count, split, mirror } }) => {
    // The declared options give the types here
    const typed: [number, string, boolean] = [count, split, mirror];
    return { length: typed[0], shape: [size, size, 1], read() {} };
  },
});
