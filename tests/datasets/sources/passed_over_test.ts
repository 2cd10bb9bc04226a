import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type OpenDataset, openDataset } from "../../../plugins/datasets/mod.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { concat, jpeg, ramp } from "../../pictures/files.ts";
import { paxRecord, tar } from "../support/files.ts";
import { type Files, withFiles } from "../support/folders.ts";
import { readImages } from "../support/read_images.ts";
import { zip } from "../support/zip_file.ts";

const text = (content: string) => new TextEncoder().encode(content);
const tiff = text("II*\0 and so on");
const heic = text("\0\0\0\x1cftypheic\0\0\0\0");
const png = await encodePng(ramp(6, 5));
const photo = await jpeg(ramp(9, 7));

/** A dataset, with the one line that it told of what it passed over. */
async function opened(
  data: string,
  use: (dataset: OpenDataset, told: string) => void | Promise<void>,
  options: Record<string, string | number> = {},
): Promise<void> {
  const lines: string[] = [];
  const report = (line: string) => void lines.push(line);
  await using dataset = await openDataset(data, { size: 4, options: { workers: 0, ...options }, report });
  const told = lines.filter((line) => line.startsWith("Passed over"));
  assert(told.length < 2, told.join("\n"));
  await use(dataset, told[0] ?? "");
}

/** The classes of all images. */
function classesOf({ length, labels }: OpenDataset): string[] {
  const { classes, at } = labels.class!;
  return Array.from({ length }, (_, i) => classes![at(i)]!);
}

Deno.test("folder uses pictures by content and names what it passes over", async () => {
  const files: Files = {
    "a.jpg": png, // by another name
    "b.jfif": photo,
    "c.JPE": photo,
    "sub/noending": photo,
    "d.heic": photo, // as some telephones write it
    "e.tif": tiff,
    "f.HEIC": heic,
    "sub/g.tif": tiff,
    "notes.txt": "text",
    "more": "text",
    "x.png.part": "<!DOCTYPE html><html>",
    ".DS_Store": "",
    "._a.jpg": "",
    "__MACOSX/._a.jpg": "",
    "Thumbs.db": "",
    ".git/a.png": png,
    "@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg": png,
    "sub/.h.png": png,
    ".mine/a.png": png,
  };
  await withFiles(files, (folder) =>
    opened(folder, async (dataset, told) => {
      assertEquals(dataset.length, 5);
      await readImages(dataset, [0, 1, 2, 3, 4]);
      assertEquals(dataset.skipped, []);
      assertEquals(
        told,
        'Passed over 8 files: 2 .tif (the first is "e.tif"), 1 .heic ("f.HEIC"), 1 .part, a web page ("x.png.part"), ' +
          '1 .txt ("notes.txt"), 1 file without ending, a text file ("more"), 1 hidden folder (".mine/"), ' +
          "1 other. " +
          "Convert pictures of other formats to JPEG or PNG. " +
          "A web page was saved in place of a file: download that again.",
      );
    }));
});

Deno.test("folder counts links that lead nowhere or round, and folders that it may not read", async () => {
  await withFiles({ "cat/a.png": png, "dog/b.png": png, "closed/c.png": png }, async (folder) => {
    await Deno.symlink("gone.png", `${folder}/cat/z.png`);
    await Deno.symlink("circle", `${folder}/circle`);
    await Deno.symlink("cat", `${folder}/latest`);
    const { readDir } = Deno;
    const entry = { isFile: false, isDirectory: true, isSymlink: false };
    // A test may run as somebody who may read everything
    Deno.readDir = async function* (path) {
      if (String(path).endsWith("closed/")) throw new Deno.errors.PermissionDenied("Permission denied");
      yield* readDir(path);
      // What Deno makes of the name of a folder that is not UTF-8
      if (String(path).endsWith("dog/")) yield { ...entry, name: "caf\ufffd" };
    };
    try {
      await opened(folder, (dataset, told) => {
        assertEquals(classesOf(dataset), ["cat", "dog"]);
        assertEquals(
          told,
          'Passed over 5 files: 2 links that lead nowhere (the first is "cat/z.png"), ' +
            '1 file whose name is not UTF-8 ("dog/caf\ufffd"), 1 folder that may not be read ("closed/"), 1 link to a folder that is used already ("latest/"). ' +
            "Rename files whose names are not UTF-8, as Deno cannot open them.",
        );
      });
    } finally {
      Deno.readDir = readDir;
    }
  });
});

Deno.test("folder says nothing where it uses everything", async () => {
  await withFiles(
    { "a.png": png, "b.png": png },
    (folder) => opened(folder, (_, told) => assertEquals(told, "")),
  );
});

Deno.test("folder counts only what lies in the folder that option within names, however it is written", async () => {
  const composed = "caf\u00e9";
  const apart = composed.normalize("NFD");
  const files = {
    [`${apart}/a.png`]: png,
    [`${apart}/b.tif`]: tiff,
    "other/c.png": png,
    "other/d.tif": tiff,
  };
  const members = Object.entries(files).map(([name, data]) => ({ name, data }));
  const archives = { "a.zip": zip(members), "a.tar": tar(members), ...files };
  await withFiles(archives, async (folder) => {
    for (const data of [folder, `${folder}/a.zip`, `${folder}/a.tar`]) {
      for (const within of [composed, apart, `./${composed}/`]) {
        await opened(data, (dataset, told) => {
          assertEquals(dataset.length, 1);
          assertMatch(told, /^Passed over 1 file: 1 \.tif \(.+b\.tif"\)/);
        }, { within });
      }
    }
  });
});

Deno.test("folder reads archives as their packers write them", async () => {
  const bsd = ["./", "./dog/", "./cat/", "./cat/0.png", "./cat/1.png", "./dog/2", ".//dog//3.png"];
  const windows = ["cat\\0.png", "cat\\1.png", "dog\\", "dog\\2", "dog\\3.png"];
  const members = (names: readonly string[]) =>
    names.map((name) => {
      const isFolder = /[\\/]$/.test(name);
      return {
        name,
        data: isFolder ? new Uint8Array() : photo,
        type: isFolder ? "5" : "0",
        method: isFolder ? 0 : 8,
      };
    });
  const files = {
    "bsd.zip": zip(members(bsd)),
    "windows.zip": zip(members(windows)),
    "bsd.tar": tar(members(bsd)),
    "no ending": tar([{ name: "label", type: "V" }, ...members(windows)]),
  };
  await withFiles(files, async (folder) => {
    for (const name of Object.keys(files)) {
      await opened(`${folder}/${name}`, async (dataset, told) => {
        assertEquals(classesOf(dataset), ["cat", "cat", "dog", "dog"], name);
        await readImages(dataset, [0, 1, 2, 3]);
        assertEquals([dataset.skipped, told], [[], ""]);
      });
    }
  });
});

/** Links of every kind beside two pictures, and what is told of them. */
const links = {
  "latest": "cat",
  "README": "../README",
  "cat/alias.png": "0.png",
  "owl/far.png": "../cat/0.png",
  "yak/farther.png": "../owl/far.png",
  "owl/round.png": "round.png",
  "owl/gone.png": "nothing.png",
  "owl/root.png": "/cat/0.png",
};
const ofLinks = 'Passed over 6 files: 2 links out of the archive (the first is "README"), ' +
  '2 links to no pictures (the first is "owl/gone.png"), 1 link to a folder ("latest"), ' +
  '1 link to a picture in the same archive ("cat/alias.png")';

Deno.test("folder follows links in archives to pictures in other folders, and counts the others", async () => {
  const pictures = [{ name: "cat/0.png", data: png }, { name: "dog/1.png", data: photo }];
  const asLinks = Object.entries(links).map(([name, link]) => ({ name, link, data: new Uint8Array() }));
  const files = {
    "a.zip": zip([...asLinks, ...pictures]),
    "a.tar": tar([...asLinks.map((link) => ({ ...link, type: "2" })), ...pictures]),
  };
  await withFiles(files, async (folder) => {
    for (const name of Object.keys(files)) {
      await opened(`${folder}/${name}`, async (dataset, told) => {
        assertEquals(classesOf(dataset), ["cat", "dog", "owl", "yak"]);
        const [first, , third, fourth] = await Promise.all([0, 1, 2, 3].map((i) => readImages(dataset, [i])));
        assertEquals([third, fourth], [first, first]);
        assertEquals(told, ofLinks);
      });
    }
  });
});

Deno.test("folder takes hard links of a tar for pictures, and passes over what is no file", async () => {
  const long = `${"far/".repeat(40)}0.png`;
  const parts = [
    { name: "cat/0.png", data: png },
    { name: "dog/1.png", type: "1", link: "./cat/0.png" },
    { name: "dog/2.png", type: "1", link: "cat/gone.png" },
    { name: "pax", type: "x", data: paxRecord("linkpath", long) },
    { name: "owl/3.png", type: "2", link: "cut short" },
    { name: "././@LongLink", type: "K", data: text(`../${long}\0`) },
    { name: "owl/4.png", type: "2", link: "cut short" },
    { name: "././@LongLink", type: "L", data: text(`${long}\0`) },
    { name: "cut short", data: png },
    { name: "pipe.png", type: "6" },
    { name: "disk.png", type: "3" },
    {
      name: "pax",
      type: "x",
      data: concat([paxRecord("GNU.sparse.major", "1"), paxRecord("GNU.sparse.name", "s.png")]),
    },
    { name: "GNUSparseFile.0/s.png", data: png },
    { name: "dump/", type: "D", data: text("Ya\0") },
  ];
  await withFiles({ "a.tar": tar(parts) }, (folder) =>
    opened(`${folder}/a.tar`, (dataset, told) => {
      assertEquals(classesOf(dataset), ["cat", "dog", "far", "owl"]);
      assertEquals(
        told,
        'Passed over 5 files: 3 pipes, devices or files with holes (the first is "disk.png"), ' +
          '2 links to no pictures (the first is "dog/2.png")',
      );
    }));
});

Deno.test("folder uses the last of several members of one name, and says so", async () => {
  const members = [{ name: "a.png", data: text("old") }, { name: "b.png", data: png }, {
    name: "./a.png",
    data: png,
  }];
  await withFiles({ "a.zip": zip(members), "a.tar": tar(members) }, async (folder) => {
    for (const name of ["a.zip", "a.tar"]) {
      await opened(`${folder}/${name}`, async (dataset, told) => {
        await readImages(dataset, [0, 1]);
        assertEquals(dataset.skipped, []);
        assertEquals(told, 'Passed over 1 file: 1 earlier picture of the same name as a later one ("a.png")');
      });
    }
  });
});

Deno.test("folder passes over members of a zip that cannot be read, and names them", async () => {
  const members = [
    { name: "a.png", data: png },
    { name: "b.png", data: png, flags: 1 },
    { name: "c.png", data: png, method: 9 },
    { name: "d.png", data: png, method: 8, size: 2 ** 29 },
    { name: "e.zip", data: zip([]) },
    { name: "f", data: zip([{ name: "a.png", data: png }]), method: 8 },
  ];
  await withFiles({ "a.zip": zip(members) }, (folder) =>
    opened(`${folder}/a.zip`, (dataset, told) => {
      assertEquals(dataset.length, 1);
      assertEquals(
        told,
        'Passed over 5 files: 1 .zip ("e.zip"), 1 encrypted file ("b.png"), 1 file packed with method 9 ("c.png"), ' +
          '1 file without ending, a zip ("f"), 1 picture of more than 256 MiB ("d.png"). ' +
          "Unpack archives first, or give one of them itself. Pack the zip again without a password. " +
          "Pack the zip again, stored or deflated.",
      );
    }));
});
