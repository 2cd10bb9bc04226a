import { host } from "../../../src/host/host.ts";
import { basename, extname } from "../../../src/host/paths.ts";
import { DatasetError } from "../contract.ts";
import { failure, quote } from "../messages.ts";

/** Where a new plugin imports from. */
export interface NewDatasetImports {
  /** The module of datasets, for types. */
  readonly datasets: string;
  /** The conformance kit. */
  readonly testing: string;
}

/**
 * What a plugin imports this module as: by its name if it comes from the registry, else by the place of its
 * files.
 *
 * @param version Version of the module.
 * @param here Where this file is.
 */
export function ownImports(version: string, here: string = import.meta.url): NewDatasetImports {
  // A registry keeps each version of a module under its name
  if (here.startsWith("https:") && here.includes(`/@x/dcgan/${version}/`)) {
    const name = `jsr:@x/dcgan@^${version}/datasets`;
    return { datasets: name, testing: `${name}/testing` };
  }
  return { datasets: new URL("../mod.ts", here).href, testing: new URL("../testing.ts", here).href };
}

/**
 * Writes a dataset plugin to start from, and its test. It works as it is.
 *
 * @param path Where the plugin goes, `my_set.ts`; the test goes beside it, `my_set_test.ts`.
 * @returns The paths that were written.
 * @throws {DatasetError} if the path does not end in `.ts`, or a file is there already.
 */
export async function newDataset(path: string, imports: NewDatasetImports): Promise<string[]> {
  const file = basename(path);
  const name = file.slice(0, -extname(file).length).replaceAll("_", "-");
  if (extname(path) !== ".ts" || !/^[A-Za-z][\w-]*$/.test(name)) {
    throw new DatasetError(`A new dataset must be a file such as my_set.ts, found ${quote(path)}`);
  }
  const texts = {
    [path]: pluginText(name, imports),
    [path.replace(/\.ts$/, "_test.ts")]: testText(name, file, imports),
  };
  const written: string[] = [];
  for (const [target, text] of Object.entries(texts)) {
    try {
      await host().writeTextFile(target, text, { createNew: true });
      written.push(target);
    } catch (cause) {
      for (const done of written) await host().remove(done);
      if (host().problemOf(cause) !== "AlreadyExists") {
        throw failure(`${quote(target)} cannot be written`, cause);
      }
      throw new DatasetError(`${quote(target)} already exists: name another file`, { cause });
    }
  }
  return written;
}

function pluginText(name: string, { datasets }: NewDatasetImports): string {
  return `import type { DatasetPlugin } from "${datasets}";

/** Discs whose place follows from their number. Put your own images there. */
const plugin: DatasetPlugin = {
  apiVersion: 1,
  name: "${name}",
  description: "white discs on black",
  options: {
    // Each becomes a flag: --data-radius 0.3
    radius: {
      type: "number",
      description: "radius, as a share of the shorter side",
      default: 0.2,
      minimum: 0.01,
      maximum: 1,
    },
  },
  // open() is told more than this: data (--data-root), signal, report, cacheDir, ...
  open({ width, height, channels = 1, options }) {
    const radius = Number(options.radius) * Math.min(width, height);
    const each = width * height * channels;
    return {
      length: 1000,
      shape: [height, width, channels],
      labels: {
        half: {
          classes: ["left", "right"],
          at: (index: number) => center(index)[0] < 0.5 ? 0 : 1,
        },
      },
      // Image indices[i] goes to into from i * each on: rows from the top,
      // channels side by side, levels from 0 to 255
      read(indices, into) {
        for (let i = 0; i < indices.length; i++) {
          const [x, y] = center(indices[i]!);
          for (let pixel = 0; pixel < width * height; pixel++) {
            const dx = pixel % width - x * width;
            const dy = Math.floor(pixel / width) - y * height;
            const level = Math.hypot(dx, dy) < radius ? 255 : 0;
            const start = i * each + pixel * channels;
            into.fill(level, start, start + channels);
          }
        }
      },
    };
  },
};
export default plugin;

/** The middle of a disc, from 0.2 to 0.8: the same for the same number. */
function center(index: number): [x: number, y: number] {
  const place = (step: number) => 0.2 + 0.6 * (index * step % 1);
  return [place(0.7548776662), place(0.5698402910)];
}
`;
}

function testText(name: string, file: string, { testing }: NewDatasetImports): string {
  return `import { checkDataset } from "${testing}";
import plugin from "./${file}";

Deno.test("${name} keeps to the contract", async () => {
  await checkDataset(plugin, { size: 16 });
  await checkDataset(plugin, { size: 16, options: { radius: 0.4 } });
});
`;
}
