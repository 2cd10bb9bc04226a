import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import { bytesInMemory } from "../../../plugins/datasets/formats/byte_source.ts";
import { readParquetMetadata } from "../../../plugins/datasets/formats/parquet/metadata.ts";
import { DatasetError, openDataset } from "../../../plugins/datasets/mod.ts";
import { hubHeaders } from "../../../plugins/datasets/remote/hub.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { ramp } from "../../pictures/files.ts";
import { duckdbFile } from "../support/duckdb_file.ts";
import { withFiles } from "../support/folders.ts";
import { parquet } from "../support/parquet_file.ts";
import { readImages } from "../support/read_images.ts";
import { refuse } from "../support/refusal.ts";
import { withServer } from "../support/unreliable_server.ts";

const png = await encodePng(ramp(20, 20));
const other = await encodePng(ramp(9, 20));
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

Deno.test("huggingface finds columns, parts and labels, or takes those that are named", async () => {
  const bytes = parquet({ images: [png, other, png], labels: [5, 0, 3], column: "scan" });
  await withFiles({ "one.parquet": bytes }, async (folder) => {
    await using dataset = await openDataset(`${folder}/one.parquet`, { size: 8 });
    assertEquals([dataset.name, dataset.length], ["huggingface", 3]);
    assertEquals(dataset.labels.class!.classes, undefined);
    assertEquals([0, 1, 2].map((i) => dataset.labels.class!.at(i)), [5, 0, 3]);
    const options = { image: "scan", label: "label", split: "any" };
    await using named = await openDataset("huggingface", { size: 8, data: folder, options });
    assertEquals(named.length, 3);
  });
});

Deno.test("huggingface takes labels that are true or false, or numbers that vary", async () => {
  const columns = {
    smiling: ["BOOLEAN", [true, false, true]],
    score: ["FLOAT", [0.5, -2, 8]],
    age: ["DOUBLE", [30.25, 41, -1]],
    partly: ["DOUBLE", [1, NaN, 3]],
  } as const;
  const bytes = new Uint8Array(parquetWriteBuffer({
    columnData: [
      { name: "image", data: [png, other, png] },
      ...Object.entries(columns).map(([name, [, data]]) => ({ name, data: [...data] })),
    ],
    schema: [
      { name: "root", num_children: 5 },
      { name: "image", type: "BYTE_ARRAY" },
      ...Object.entries(columns).map(([name, [type]]) => ({ name, type })),
    ],
  }));
  const expected = { smiling: [1, 0, 1], score: [0.5, -2, 8], age: [30.25, 41, -1], partly: undefined };
  await withFiles({ "one.parquet": bytes }, async (folder) => {
    for (const [label, values] of Object.entries(expected)) {
      await using dataset = await openDataset(`${folder}/one.parquet`, { size: 8, options: { label } });
      const found = dataset.labels.class;
      assertEquals(found && [0, 1, 2].map((i) => found.at(i)), values, label);
      assertEquals(found?.classes, label === "smiling" ? ["false", "true"] : undefined);
    }
  });
});

Deno.test("huggingface keeps the pictures of each column apart", async () => {
  const bytes = new Uint8Array(parquetWriteBuffer({
    columnData: [{ name: "front", data: [png, other] }, { name: "back", data: [other, png] }],
    schema: [
      { name: "root", num_children: 2 },
      { name: "front", type: "BYTE_ARRAY" },
      { name: "back", type: "BYTE_ARRAY" },
    ],
  }));
  await withFiles({ "two.parquet": bytes }, async (folder) => {
    const read = async (image: string, cache: string) => {
      const options = { image, cache, workers: 0 };
      await using dataset = await openDataset(`${folder}/two.parquet`, {
        size: 8,
        options,
        cacheDir: folder,
      });
      return await readImages(dataset, [0, 1]);
    };
    for (const image of ["front", "back", "front"]) {
      assertEquals(await read(image, "always"), await read(image, "never"), image);
    }
    const names = await Array.fromAsync(Deno.readDir(`${folder}/pictures`));
    assertEquals(names.length, 2);
  });
});

Deno.test("huggingface leaves out rows without a picture", async () => {
  const bytes = parquet({ images: [png, null, other, png], labels: [0, 0, 1, 1], names: ["a", "b"] });
  await withFiles({ "one.parquet": bytes }, async (folder) => {
    await using dataset = await openDataset(`${folder}/one.parquet`, { size: 8, options: { broken: 50 } });
    await readImages(dataset, [0, 1, 2, 3]);
    assertEquals(dataset.skipped, [{
      name: "one.parquet/1",
      reason: "The row has no picture in it, only a name at most",
    }]);
  });
});

Deno.test("huggingface trains on pictures of which each has a label of its own, and one is broken", async () => {
  const images = [png, new Uint8Array([1, 2, 3, 4]), other, png];
  const bytes = parquet({ images, labels: [0, 1, 2, 3] });
  await withFiles({ "one.parquet": bytes }, async (folder) => {
    await using dataset = await openDataset(`${folder}/one.parquet`, { size: 8, options: { broken: 50 } });
    const read = await readImages(dataset, [1, 2]);
    assertEquals(read.slice(0, 192), read.slice(192));
    assertEquals(dataset.skipped.map(({ name }) => name), ["one.parquet/1"]);
  });
});

/** A file with a column of pictures, and others. */
function table(
  columns: Record<string, readonly [type: "BYTE_ARRAY" | "INT64" | "DOUBLE", values: unknown[]]>,
) {
  const optional = { repetition_type: "OPTIONAL" } as const;
  return new Uint8Array(parquetWriteBuffer({
    columnData: Object.entries(columns).map(([name, [, data]]) => ({ name, data })),
    schema: [
      { name: "root", num_children: Object.keys(columns).length },
      ...Object.entries(columns).map(([name, [type]]) => ({ name, type, ...optional })),
    ],
  }));
}

Deno.test("huggingface leaves labels out that cannot be read or are not there, and says so", async () => {
  const good = table({ image: ["BYTE_ARRAY", [png, other, png]], label: ["INT64", [1n, null, 3n]] });
  const damaged = duckdbFile.slice();
  const source = bytesInMemory(damaged);
  const { offset, size } = readParquetMetadata(source).groups[0]!.chunks.get("label")!;
  damaged.fill(0xff, offset, offset + size);
  const cases: [Uint8Array, RegExp][] = [
    [good, /^1 of the 3 rows have no label in column "label": labels are left out$/],
    [damaged, /^The labels in column "label" of ".*" cannot be read: .*; they are left out$/],
  ];
  for (const [bytes, message] of cases) {
    await withFiles({ "one.parquet": bytes }, async (folder) => {
      const told: string[] = [];
      const report = (line: string) => told.push(line);
      await using dataset = await openDataset(`${folder}/one.parquet`, { size: 8, report });
      await readImages(dataset, [0, 1, 2]);
      assertEquals([dataset.labels, dataset.skipped], [{}, []]);
      assertEquals([told.length, message.test(told[0]!)], [1, true], told[0]);
      if (bytes === good) return;
      await assertRejects(
        () => openDataset(`${folder}/one.parquet`, { size: 8, options: { label: "label" } }),
        DatasetError,
        'The labels in column "label" of',
      );
    });
  }
});

Deno.test("huggingface says at opening that a column holds no pictures", async (t) => {
  const paths = [text("a/0.png"), text("a/1.png")];
  const nothing = parquet({ images: [null, null, null] });
  await refuse(t, "huggingface", [
    [
      { "a.parquet": table({ image: ["BYTE_ARRAY", paths] }) },
      {},
      /^Column "image" of ".*" holds paths, not pictures: the first is "a\/0\.png"; train on the folder/,
    ],
    [
      { "a.parquet": table({ image: ["BYTE_ARRAY", [null, text("a cat on a mat")]] }) },
      {},
      /^Column "image" of ".*" holds text, not pictures: the first is "a cat on a mat"; name the column/,
    ],
    [
      { "a.parquet": nothing },
      {},
      /^Column "image" of ".*" holds paths, not pictures: the first is "0\.png"/,
    ],
    [
      { "a.parquet": table({ image: ["BYTE_ARRAY", [null, null]] }) },
      {},
      /^Column "image" of ".*" must hold pictures, found no value in any row$/,
    ],
  ]);
});

Deno.test("huggingface says what is wrong with its files", async (t) => {
  const bytes = parquet({ images: [png], labels: [0] });
  await refuse(t, "huggingface", [
    [{}, {}, /^"FOLDER" must hold Parquet files, found no file that ends in \.parquet$/],
    [{}, { data: "/no.parquet" }, /^There are no Parquet files at "FOLDER\/no\.parquet": /],
    [
      { "a.parquet": png },
      {},
      /^"FOLDER\/a\.parquet" is no Parquet file that can be read: it does not start with PAR1$/,
    ],
    [
      { "a.parquet": bytes },
      { options: { image: "scan" } },
      /must have the column of pictures "scan", found image\.bytes/,
    ],
    [
      { "a.parquet": bytes },
      { options: { label: "kind" } },
      /must have the column of labels "kind", found image\.bytes/,
    ],
    [{ "data/test-0.parquet": bytes }, {}, /of the part "train", found data\/test-0\.parquet$/],
    [{ "a.parquet": parquet({ images: [] }) }, {}, /must hold pictures, found no rows$|no Parquet file/],
    [{ "a.parquet": bytes, "b.parquet": parquet({ images: [png] }) }, {}, /must have the same columns as/],
  ]);
  const options = { size: 8 };
  await assertRejects(
    () => openDataset("hf:../etc", options),
    DatasetError,
    "must be named hf:user/name, found",
  );
  await assertRejects(
    () => openDataset("hf:a/b/c", options),
    DatasetError,
    "must be named hf:user/name, found",
  );
});

Deno.test("huggingface downloads from the hub, or a mirror of it, once", async () => {
  const shard = (i: number) => parquet({ images: [png, other], labels: [i, 1 - i], names: ["a", "b"] });
  await withFiles({}, async (cacheDir) => {
    await withServer(({ line }) => {
      const path = line.split(" ")[1]!;
      if (path === "/api/datasets/user/set/parquet") {
        const urls = [0, 1].map((i) =>
          `https://huggingface.co/api/datasets/user/set/parquet/default/train/${i}.parquet`
        );
        return { body: text(JSON.stringify({ other: { train: urls }, default: { train: urls } })) };
      }
      if (path === "/api/datasets/user/odd/parquet") {
        return { body: text('{"../../x": {"train": ["https://a.example"]}}') };
      }
      const match = /^\/api\/datasets\/user\/set\/parquet\/default\/train\/(\d)\.parquet$/.exec(path);
      return match ? { body: shard(Number(match[1])) } : { status: 401 };
    }, async (url, asked) => {
      const options = { size: 8, cacheDir, mirrors: [`${url}/`] };
      for (let i = 0; i < 2; i++) {
        await using dataset = await openDataset("hf:user/set", options);
        assertEquals([dataset.length, dataset.labels.class?.classes], [4, ["a", "b"]]);
        assertEquals([0, 1, 2, 3].map((index) => dataset.labels.class!.at(index)), [0, 1, 1, 0]);
      }
      assertEquals(asked.length, 3);
      assert(asked.every(({ headers }) => !headers.has("authorization")));
      const damaged = `${cacheDir}/huggingface/user/set/other/train`;
      await Deno.mkdir(damaged, { recursive: true });
      await Deno.writeTextFile(`${damaged}/0000.parquet`, "<html>");
      await using offline = await openDataset("hf:user/set", { size: 8, cacheDir, offline: true });
      assertEquals(offline.length, 4);
      const cases: [string, Record<string, string>, string][] = [
        ["hf:user/set", { split: "test" }, "The part of user/set (default) must be one of train, found"],
        [
          "hf:user/set",
          { config: "big" },
          "The configuration of user/set must be one of other, default, found",
        ],
        [
          "hf:user/set",
          { config: "other" },
          '0000.parquet" is a web page: it was saved in place of the file; download that again; remove it',
        ],
        ["hf:user/odd", {}, "must be a list of Parquet files by configuration and part, found"],
        [
          "hf:user/secret",
          {},
          "; check the name, or set HF_TOKEN to a token of the hub if the dataset is private or gated",
        ],
      ];
      for (const [name, given, message] of cases) {
        await assertRejects(() => openDataset(name, { ...options, options: given }), DatasetError, message);
      }
    });
  });
});

Deno.test("hubHeaders() shows a token to the hub alone", () => {
  const headers = hubHeaders("secret");
  assertEquals(headers("https://huggingface.co/api/datasets/a/parquet"), { Authorization: "Bearer secret" });
  for (
    const url of ["http://huggingface.co/a", "https://huggingface.co.example/a", "https://mirror.example/a"]
  ) {
    assertEquals(headers(url), {});
  }
  assertEquals(hubHeaders(undefined)("https://huggingface.co/a"), {});
});
