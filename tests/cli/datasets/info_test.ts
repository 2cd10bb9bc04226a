import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodePng } from "../../../src/pictures/mod.ts";
import { withFiles } from "../../datasets/support/folders.ts";
import { call, good } from "./call_datasets.ts";

Deno.test("datasets info shows options, files and what is known of them", async () => {
  const mnist = await good("info", "fashion-mnist");
  for (
    const line of [
      /^fashion-mnist: 70,000 gray pictures/,
      /^ {2}license +MIT/m,
      /^ {2}--data-split +which of the two parts \(train, test; default: train\)$/m,
      /^ {2}fashion-mnist\/train-images-idx3-ubyte\.gz +25\.2 MiB +\S.* SHA-256 known$/m,
      /train --data fashion-mnist\n$/,
    ]
  ) assertMatch(mnist, line);
  assertMatch(await good("info", "celeba"), /^ {2}--data-attribute +only this attribute as label/m);
  assertMatch(await good("info", "npy"), /^npy: .+\n\n[^]* train --data npy --data-root PATH\n$/);
});

Deno.test("datasets info shows what is in a set, where that is here", async () => {
  const faces = await good("info", "faces", "--data-length", "500");
  assertMatch(faces, /^ {2}images {10}500, color, read as 64x64x3$/m);
  assertMatch(faces, /^ {2}glasses {9}3 classes: none \(\d+\), round \(\d+\), square \(\d+\)$/m);
  assertMatch(faces, /^ {2}smile {11}a number from 0\.\d+ to (0\.\d+|1\.00)$/m);
  assertMatch(faces, /^ {2}glasses_left {4}a number from 0\.\d+ to 0\.\d+$/m);
  const shades = Array.from(
    { length: 14 },
    (_, i) => [`many/${String(i).padStart(2, "0")}/a.png`, i] as const,
  );
  const files = await Promise.all(
    shades.map(async ([path, shade]) => {
      const picture = { width: 1, height: 1, channels: 1, data: Uint8Array.of(shade) } as const;
      return [path, await encodePng(picture)] as const;
    }),
  );
  await withFiles(Object.fromEntries(files), async (folder) => {
    const output = await good("info", `${folder}/many`);
    assertMatch(
      output,
      /^ {2}images {2}14, color, read as 64x64x3\n {2}class {3}14 classes: 00 \(1\), 01 \(1\)/m,
    );
    assertMatch(output, /11 \(1\), 2\s+more$/m);
    assertMatch(output, /train --data \S+many\n$/);
    const root = await good("info", "folder", "--data-root", `${folder}/many`, "--data-within", "03");
    assertMatch(root, /^ {2}images {2}1, color, read as 64x64x3\n\n/m);
    assertMatch(root, /train --data folder --data-root \S+many --data-within 03\n$/);
  });
  const { code, errors } = await call("info", "folder", "--data-root", "nowhere");
  assertEquals([code, errors.includes('found nothing at "nowhere"')], [2, true], errors);
});

Deno.test("datasets info says why a plugin cannot be opened or read, with exit code 1 where that is certain", async () => {
  const plugin = (open: string) => `export default { apiVersion: 1, name: "mine", open: ${open} };`;
  const files = {
    "throws.ts": plugin(`() => { throw new Error("no \\x1b[31mluck"); }`),
    "shape.ts": plugin("({ size }) => ({ length: 3, shape: [size, 1, 1], read() {} })"),
    "labels.ts": plugin(`({ size }) => ({ length: 3, shape: [size, size, 1], read() {},
      labels: { kind: { classes: ["a"], at: (index) => index } } })`),
  };
  await withFiles(files, async (folder) => {
    const cases: [string, RegExp][] = [
      [
        "shape.ts",
        /^ {2}cannot be opened {2}The shape that dataset "mine" opens with must be \[64,64,1\] or /m,
      ],
      ["labels.ts", /^ {2}problem {2}Label "kind" of dataset "mine" must be .*, found 1 for image 1$/m],
    ];
    for (const [name, said] of cases) {
      const { code, output, errors } = await call("info", `${folder}/${name}`);
      assertEquals([code, errors], [1, ""], name);
      assertMatch(output, said);
      assert(!output.includes("--data-root"), output);
    }
    // It may only have to be told where its data is
    const throwing = await call("info", `${folder}/throws.ts`);
    assertEquals([throwing.code, throwing.errors], [0, ""]);
    assertMatch(
      throwing.output,
      /^mine: no description\n {2}cannot be opened {2}no \\x1b\[31mluck \(.*throws\.ts:1:\d+\)\n\n.* --data-root PATH\n$/,
    );
    const given = await call("info", "npy", "--data-root", `${folder}/throws.ts`);
    assertEquals(given.code, 1);
    assertMatch(given.output, /^ {2}cannot be opened {2}\S/m);
  });
});

Deno.test("datasets info takes what is not here for nothing wrong", async () => {
  const files = `const file = { path: "mine/a", urls: ["http://127.0.0.1:1/a"] };`;
  const remote = new URL("../../../datasets.ts", import.meta.url);
  const fetching = `import { fetchFile } from ${JSON.stringify(remote)}; ${files}
    export default { apiVersion: 1, name: "mine", open: (request) => fetchFile(file, request) };`;
  await withFiles({ "mine.ts": fetching }, async (folder) => {
    for (const name of ["folder", "webdataset", "huggingface", "npy", "hf:nobody/nothing"]) {
      assertMatch(await good("info", name), / train --data /);
    }
    assertMatch(await good("info", `${folder}/mine.ts`), / train --data \S+mine\.ts/);
  });
});

Deno.test("datasets info repeats the options that were given in the command to train", async () => {
  const output = await good("info", "faces", "--data-length", "500", "--data-timeout", "9", "--offline");
  assertMatch(output, / train --data faces --offline --data-timeout 9 --data-length 500\n$/);
});

Deno.test("datasets info reads images of the size and channels that are given, and repeats them", async () => {
  const gray = await good("info", "faces", "--data-length", "5", "--size", "24x16", "--channels", "2");
  assertMatch(gray, /^ {2}images {10}5, gray with alpha, read as 24x16x2$/m);
  assertMatch(gray, / train --data faces --size 24x16 --channels 2 --data-length 5\n$/);
  // 18 is 9 doubled, which needs a base
  const odd = await good("info", "faces", "--data-length", "5", "--size", "18");
  assertMatch(odd, / train --data faces --size 18 --base 9 --data-length 5\n$/);
});
