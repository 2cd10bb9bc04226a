/** How the pictures of a folder are decoded and kept. */
import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { DatasetError, openDataset } from "../../../plugins/datasets/mod.ts";
import { decodePicture, fitPicture } from "../../../src/pictures/mod.ts";
import { jpeg, ramp } from "../../pictures/files.ts";
import { readImages } from "../support/read_images.ts";
import { zip } from "../support/zip_file.ts";

const COUNT = 24;
const ALL = Array.from({ length: COUNT }, (_, index) => index);
const SIZE = 8;

/** A folder of pictures that all differ, a zip of the same, and a folder for caches. */
interface Places {
  folder: string;
  archive: string;
  cacheDir: string;
  nameOf: (index: number) => string;
}

async function withPictures(body: (places: Places) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  const folder = `${root}/pictures`;
  await Deno.mkdir(folder);
  try {
    const nameOf = (index: number) => `${String(index).padStart(2, "0")}.jpg`;
    const members = await Promise.all(
      ALL.map(async (index) => ({ name: nameOf(index), data: await jpeg(ramp(12 + index, 9)) })),
    );
    for (const { name, data } of members) await Deno.writeFile(`${folder}/${name}`, data);
    await Deno.writeFile(`${root}/set.zip`, zip(members));
    await body({ folder, archive: `${root}/set.zip`, cacheDir: `${root}/cache`, nameOf });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Opens, reads pictures and closes; also what was reported and skipped. */
async function read(
  data: string,
  cacheDir: string,
  options: Record<string, unknown>,
  indices: readonly number[] = ALL,
): Promise<{ images: Uint8Array; said: string[]; skipped: number }> {
  const said: string[] = [];
  await using dataset = await openDataset(data, {
    size: SIZE,
    cacheDir,
    options,
    report: (message) => said.push(message),
  });
  const images = await readImages(dataset, indices);
  return { images, said, skipped: dataset.skipped.length };
}

Deno.test("folder gives the same images whatever decodes and keeps them", async () => {
  await withPictures(async ({ folder, archive, cacheDir }) => {
    const { images } = await read(folder, cacheDir, { workers: 0 });
    for (const data of [folder, archive]) {
      for (const workers of [0, 1, 3]) {
        for (const cache of ["never", "always", "always"]) {
          assertEquals(
            (await read(data, cacheDir, { workers, cache })).images,
            images,
            `${workers}, ${cache}`,
          );
        }
      }
    }
  });
});

Deno.test("folder cuts squares at random places, always the same of a picture", async () => {
  await withPictures(async ({ folder, archive, cacheDir, nameOf }) => {
    const { images } = await read(folder, cacheDir, { crop: "random" });
    assertNotEquals(images, (await read(folder, cacheDir, { crop: "center" })).images);
    assertEquals((await read(archive, cacheDir, { crop: "random", workers: 0 })).images, images);
    // Some square of the picture it is
    const file = await decodePicture(await Deno.readFile(`${folder}/${nameOf(20)}`));
    const image = images.slice(20 * SIZE * SIZE * 3, 21 * SIZE * SIZE * 3);
    const places = Array.from({ length: 24 }, (_, i) => i / 23);
    const squares = places.map((crop) => fitPicture(file, { size: SIZE, channels: 3, crop }).data.join());
    assert(squares.includes(image.join()));
  });
});

Deno.test("folder keeps images in a file past its budget, and later runs decode nothing", async () => {
  await withPictures(async ({ folder, cacheDir, nameOf }) => {
    const small = { memory: SIZE * SIZE * 3 * (COUNT - 1) / 2 ** 20 };
    const first = await read(folder, cacheDir, small);
    assert(
      /^Decoded pictures are kept in ".+\.pixels", up to 1 MiB/.test(first.said.join()),
      first.said.join(),
    );
    assertEquals((await Array.fromAsync(Deno.readDir(`${cacheDir}/pictures`))).length, 1);

    // A picture of the same name, size and date is not looked at again
    const path = `${folder}/${nameOf(5)}`;
    const { size, mtime } = await Deno.stat(path);
    await Deno.writeFile(path, new Uint8Array(size));
    await Deno.utime(path, mtime!, mtime!);
    assertEquals((await read(folder, cacheDir, small)).images, first.images);

    // One of another date is, and with it all others
    await Deno.writeFile(path, await jpeg(ramp(30, 30)));
    const changed = await read(folder, cacheDir, small);
    const each = SIZE * SIZE * 3;
    const differ = ALL.filter((i) =>
      changed.images.slice(i * each, (i + 1) * each).join() !==
        first.images.slice(i * each, (i + 1) * each).join()
    );
    assertEquals(differ, [5]);
    assertEquals((await Array.fromAsync(Deno.readDir(`${cacheDir}/pictures`))).length, 1);
  });
});

Deno.test("folder decodes again what was tampered with in its file", async () => {
  await withPictures(async ({ folder, cacheDir }) => {
    const { images } = await read(folder, cacheDir, { cache: "always" });
    const [file] = await Array.fromAsync(Deno.readDir(`${cacheDir}/pictures`));
    const path = `${cacheDir}/pictures/${file!.name}`;
    const bytes = await Deno.readFile(path);
    for (let i = 4096; i < bytes.length; i += 500) bytes[i]! ^= 255;
    await Deno.writeFile(path, bytes);
    assertEquals((await read(folder, cacheDir, { cache: "always" })).images, images);
  });
});

Deno.test("folder goes on past a corrupt picture in the middle of a batch, and names it", async () => {
  await withPictures(async ({ folder, cacheDir, nameOf }) => {
    const { images } = await read(folder, cacheDir, {});
    const path = `${folder}/${nameOf(11)}`;
    const file = await Deno.readFile(path);
    await Deno.writeFile(path, file.fill(0x55, 300, file.length - 2));
    const each = SIZE * SIZE * 3;
    for (const options of [{ workers: 2 }, { workers: 0 }, { cache: "always" }, { cache: "always" }]) {
      const found = await read(folder, cacheDir, options);
      assertEquals(found.skipped, 1, JSON.stringify(options));
      assertEquals(found.images.slice(0, 11 * each), images.slice(0, 11 * each));
      assertEquals(found.images.slice(11 * each, 12 * each), images.slice(12 * each, 13 * each));
      assertEquals(found.images.slice(12 * each), images.slice(12 * each));
    }
    await using dataset = await openDataset(folder, { size: SIZE, options: { broken: 0 } });
    await assertRejects(
      () => readImages(dataset, ALL),
      DatasetError,
      `the first is ${nameOf(11)} (The JPEG is`,
    );
  });
});

Deno.test("folder does not try a broken picture again until it is opened again", async () => {
  await withPictures(async ({ folder, cacheDir, nameOf }) => {
    const path = `${folder}/${nameOf(3)}`;
    const good = await Deno.readFile(path);
    await Deno.writeFile(path, good.subarray(0, 100));
    await using dataset = await openDataset(folder, { size: SIZE, cacheDir });
    const first = await readImages(dataset, [3, 4]);
    await Deno.writeFile(path, good);
    assertEquals(await readImages(dataset, [3, 4]), first);
    assertEquals(dataset.skipped.map(({ name }) => name), [nameOf(3)]);
    await using again = await openDataset(folder, { size: SIZE, cacheDir });
    assertNotEquals(await readImages(again, [3, 4]), first);
  });
});

Deno.test("folder stops reading once the signal aborts", async () => {
  await withPictures(async ({ folder, cacheDir }) => {
    await using dataset = await openDataset(folder, { size: SIZE, cacheDir });
    const controller = new AbortController();
    const indices = Array.from({ length: 5000 }, (_, i) => i % COUNT);
    const reading = dataset.read(indices, new Uint8Array(5000 * SIZE * SIZE * 3), controller.signal);
    controller.abort();
    assertEquals(await reading.catch((error) => error), controller.signal.reason);
    assertEquals((await readImages(dataset, [1])).length, SIZE * SIZE * 3);
  });
});

Deno.test("folder keeps nothing in a file where it may not write, and says so", async () => {
  await withPictures(async ({ folder, cacheDir }) => {
    const module = new URL("../../../datasets.ts", import.meta.url).href;
    const code = `
      const { openDataset } = await import(${JSON.stringify(module)});
      const said = [];
      const report = (message) => said.push(message);
      const options = { cache: "always" };
      const dataset = await openDataset(${JSON.stringify(folder)}, { size: 8, cacheDir: ${
      JSON.stringify(cacheDir)
    }, options, report });
      await dataset.read([0, 5], new Uint8Array(2 * 192));
      await dataset.close();
      console.log(said.join());`;
    const args = ["run", "--no-prompt", "--no-lock", "--allow-read", "--ext=ts", "-"];
    const child = new Deno.Command(Deno.execPath(), {
      args,
      cwd: new URL("../../../", import.meta.url),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(code));
    await writer.close();
    const { stdout, stderr } = await child.output();
    assertEquals(
      new TextDecoder().decode(stdout),
      `Decoded pictures are not kept in a file: that needs --allow-write=${cacheDir}\n`,
      new TextDecoder().decode(stderr),
    );
  });
});

Deno.test("folder knows the native size of its pictures, also if some cannot be read", async () => {
  await withPictures(async ({ folder, archive, nameOf }) => {
    const nativeSize = async (data: string) => {
      await using dataset = await openDataset(data, { size: SIZE });
      return await dataset.nativeSize();
    };
    // They are 12 to 35 pixels wide and 9 high
    assertEquals([await nativeSize(folder), await nativeSize(archive)], [9, 9]);
    // Every third is looked at: 8 of 24
    for (const index of [0, 3, 6, 9, 12]) {
      await Deno.writeFile(`${folder}/${nameOf(index)}`, await jpeg(ramp(30, 41)));
    }
    assertEquals(await nativeSize(folder), 30);
    for (const index of [0, 3, 6, 9, 12]) await Deno.writeTextFile(`${folder}/${nameOf(index)}`, "none");
    assertEquals(await nativeSize(folder), 9);
    for (const index of ALL) await Deno.writeTextFile(`${folder}/${nameOf(index)}`, "none");
    assertEquals(await nativeSize(folder), undefined);
  });
});
