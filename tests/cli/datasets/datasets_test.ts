import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { builtInDatasets } from "../../../plugins/datasets/mod.ts";
import { decodePicture, encodePng } from "../../../src/pictures/mod.ts";
import { ramp } from "../../pictures/files.ts";
import { tar } from "../../datasets/support/files.ts";
import { withFiles } from "../../datasets/support/folders.ts";
import { withServer } from "../../datasets/support/unreliable_server.ts";
import { cacheEnv } from "../../support/cache_env.ts";
import { fakeTerminal } from "../terminal.ts";

/** Calls `datasets` as a person would type it. */
async function call(...words: string[]): Promise<{ code: number; output: string; errors: string }> {
  const terminal = fakeTerminal();
  const code = await main(["datasets", ...words], terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

/** Calls `datasets` where that must go well, and gives what it wrote. */
async function good(...words: string[]): Promise<string> {
  const { code, output, errors } = await call(...words);
  assertEquals([code, errors], [0, ""], output);
  return output;
}

Deno.test("datasets list names every built-in dataset, with or without the word list", async () => {
  const output = await good();
  assertEquals(await good("list"), output);
  for (const name of Object.keys(builtInDatasets)) assertMatch(output, new RegExp(`^${name} +\\w`, "m"));
});

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
  assertMatch(faces, /^ {2}images {6}500, color$/m);
  assertMatch(faces, /^ {2}glasses {5}3 classes: none \(\d+\), round \(\d+\), square \(\d+\)$/m);
  assertMatch(faces, /^ {2}smile {7}a number from 0\.\d+ to (0\.\d+|1\.00)$/m);
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
    assertMatch(output, /^ {2}images {2}14, color\n {2}class {3}14 classes: 00 \(1\), 01 \(1\)/m);
    assertMatch(output, /11 \(1\), 2\s+more$/m);
    assertMatch(output, /train --data \S+many\n$/);
    const root = await good("info", "folder", "--data-root", `${folder}/many`, "--data-within", "03");
    assertMatch(root, /^ {2}images {2}1, color\n\n/m);
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
        /^ {2}cannot be opened {2}The shape that dataset "mine" opens with must be \[32,32,1\] or /m,
      ],
      ["labels.ts", /^ {2}problem {2}Label "kind" of dataset "mine" must be .*: found 1 for image 1$/m],
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
  const remote = new URL("../../../plugins/datasets/mod.ts", import.meta.url);
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

Deno.test("datasets preview draws as many images as there are, from first to last", async () => {
  await withFiles({}, async (folder) => {
    const out = `${folder}/grid.png`;
    const output = await good("preview", "faces", "--data-length", "9", "--size", "32", "--out", out);
    assertEquals(output, `9 of 9 images of 32x32x3: ${out}\n`);
    const { width, height } = await decodePicture(await Deno.readFile(out));
    assertEquals([width, height], [3 * 34 + 2, 3 * 34 + 2]);
  });
});

Deno.test("datasets pack writes what training and NumPy read, with the labels", async () => {
  await withFiles({}, async (folder) => {
    const out = `${folder}/faces.npy`;
    const output = await good(
      "pack",
      "faces",
      "--data-length",
      "5",
      "--size",
      "16",
      "--channels",
      "1",
      "--out",
      out,
    );
    assertMatch(output, /^5 images of 16x16x1: .*faces\.npy, .*faces\.labels\.json\nTrain on it: /);
    assertMatch(await good("verify", out), /good: all 5 images\n$/);
    const labels = JSON.parse(await Deno.readTextFile(`${folder}/faces.labels.json`));
    assertEquals(labels.glasses.values.length, 5);
    assertEquals([...Deno.readDirSync(folder)].length, 2);
    assertMatch(output, / --size 16\n$/);
    const small = await good(
      "pack",
      "faces",
      "--data-length",
      "2",
      "--size",
      "8",
      "--out",
      `${folder}/8.npy`,
    );
    assertMatch(small, / train --data \S+8\.npy\n$/);
  });
});

Deno.test("datasets pack leaves no labels of other images behind, and nothing where it fails", async () => {
  const set = (labels: string) =>
    `export default { apiVersion: 1, name: "set", open: ({ size }) => ({
      length: 3, shape: [size, size, 1], read: (_, into) => void into.fill(5), ${labels} }) };`;
  const files = {
    "with.ts": set("labels: { kind: { at: (i) => i } }"),
    "without.ts": set(""),
    "broken.ts": set("labels: { kind: { at: (i) => i === 2 ? NaN : i } }"),
  };
  await withFiles(files, async (folder) => {
    const out = `${folder}/set.npy`;
    const pack = (name: string) =>
      call("pack", `${folder}/${name}.ts`, "--size", "16", "--out", out, "--overwrite");
    const left = async () =>
      (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).filter((name) =>
        name.startsWith("set.")
      ).sort();
    assertEquals((await pack("broken")).code, 1);
    assertEquals(await left(), []);
    assertEquals((await pack("with")).code, 0);
    assertEquals(await left(), ["set.labels.json", "set.npy"]);
    assertEquals((await pack("broken")).code, 1);
    assertEquals(await left(), ["set.labels.json", "set.npy"]);
    assertEquals((await pack("without")).code, 0);
    assertEquals(await left(), ["set.npy"]);
  });
});

Deno.test("datasets verify checks contract and images, and says what is broken", async () => {
  const png = await encodePng(ramp(20, 20));
  const other = await encodePng(ramp(9, 20));
  await withFiles({ "a.png": png, "b.png": other, "c.png": png.slice(0, -20) }, async (folder) => {
    const whole = await call("verify", "folder", "--data-root", folder, "--data-broken", "50");
    assertEquals(whole.code, 1);
    assertMatch(
      whole.output,
      /^good: shape\n[\s\S]*left out: c\.png \(The PNG is cut short.*\)\ngood: 2 of 3 images\nFAILED: 1 of 3 images cannot be used\n$/,
    );
  });
  assertMatch(await good("verify", "faces", "--data-length", "70"), /good: all 70 images\n$/);
});

const windows = Deno.build.os === "windows"; // where no file has such a name

Deno.test(
  { name: "datasets shows names with control characters in one plain line", ignore: windows },
  async () => {
    const png = await encodePng(ramp(20, 20));
    const other = await encodePng(ramp(9, 20));
    const files = {
      "a\x1b[1mb/a.png": png,
      "c/a.png": other,
      "c/new\nline\x1b[31mred.png": png.slice(0, -20),
    };
    await withFiles(files, async (folder) => {
      const words = ["folder", "--data-root", folder, "--data-broken", "50"];
      const verified = await call("verify", ...words);
      assertMatch(verified.output, /^left out: c\/new\\nline\\x1b\[31mred\.png \(The PNG/m);
      const info = await good("info", ...words);
      assertMatch(info, /^ {2}left out {2}1 of 3: c\/new\\nline\\x1b\[31mred\.png \(The PNG/m);
      assertMatch(info, /2 classes: a\\x1b\[1mb \(1\), c \(2\)$/m);
      const drawn = await good("preview", ...words, "--out", `${folder}/grid.png`);
      assertMatch(drawn, /^left out: c\/new\\nline\\x1b\[31mred\.png \(The PNG/m);
      assert(![verified.output, drawn, info].join("").includes("\x1b"));
      const none = await call("verify", ...words.slice(0, 3), "--data-broken", "0");
      assertMatch(none.errors, /^error: .*red\.png.*\n$/);
    });
  },
);

Deno.test("datasets preview takes shards that are named with braces", async () => {
  const photo = await encodePng(ramp(20, 20));
  const shard = tar([{ name: "0.png", data: photo }, { name: "0.cls", data: new TextEncoder().encode("3") }]);
  await withFiles({ "a0.tar": shard, "a1.tar": shard }, async (folder) => {
    const root = `${folder}/a{0..1}.tar`;
    const output = await good("preview", "webdataset", "--data-root", root, "--out", `${folder}/grid.png`);
    assertMatch(output, /^2 of 2 images of 64x64x3: /);
  });
});

const ignore = Deno.build.os === "windows"; // where a process cannot be sent Ctrl-C
const CTRL_C = "datasets fetch ends by Ctrl-C with exit code 130, and keeps what has come";

Deno.test({ name: CTRL_C, ignore }, async () => {
  const cli = new URL("../../../cli.ts", import.meta.url).pathname;
  const list = new TextEncoder().encode('{"default": {"train": ["https://huggingface.co/x/0.parquet"]}}');
  const slow = { headers: { etag: '"a"', "content-length": 999 }, body: new Uint8Array(99), silence: 9000 };
  await withServer(({ line }) => line.includes("/0.parquet") ? slow : { body: list }, async (url) => {
    await withFiles({}, async (folder) => {
      const args = ["run", "-A", cli, "datasets", "fetch", "hf:user/set", "--mirror", url];
      const child = new Deno.Command(Deno.execPath(), {
        args,
        env: cacheEnv(folder),
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const errors = new Response(child.stderr).text();
      const part = `${folder}/x-dcgan/datasets/huggingface/user/set/default/train/0000.parquet.part`;
      let told = "";
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
        told += text;
        if (!told.includes("/0.parquet") || told.includes("Stopping")) continue;
        while ((await Deno.stat(part).catch(() => ({ size: 0 }))).size < 99) {
          await new Promise((go) => setTimeout(go, 5));
        }
        child.kill("SIGINT");
      }
      assertEquals([(await child.status).code, await errors], [130, ""], told);
      assertStringIncludes(
        told,
        "Stopping, keeping what was downloaded. Press Ctrl-C again to stop at once.\n",
      );
      assertEquals((await Deno.stat(part)).size, 99);
    });
  });
});

Deno.test("datasets fetch and verify name files that are not there", async () => {
  await withFiles({}, async (cache) => {
    const before = Deno.env.get("XDG_CACHE_HOME");
    Deno.env.set("XDG_CACHE_HOME", cache);
    try {
      const fetched = await call("fetch", "cifar10", "--offline");
      assertEquals(fetched.code, 1);
      assertMatch(fetched.errors, /cifar-10-binary\.tar\.gz was not downloaded yet, .*leave out --offline/);
      const verified = await call("verify", "cifar10");
      assertEquals(verified.code, 1);
      assertMatch(
        verified.output,
        /^missing: .*cifar10\/cifar-10-binary\.tar\.gz\nFAILED: missing or damaged files: 1 of 1\n$/,
      );
      assertStringIncludes(await good("info", "cifar10"), "not downloaded");
    } finally {
      if (before === undefined) Deno.env.delete("XDG_CACHE_HOME");
      else Deno.env.set("XDG_CACHE_HOME", before);
    }
  });
});

Deno.test("datasets answers what it cannot do by name, with exit code 2", async () => {
  const cases: [string[], ...string[]][] = [
    [["preview"], "missing required argument 'name'"],
    [["preview", "mnst"], 'There is no dataset "mnst" (did you mean "mnist"?)'],
    [["preview", "faces", "--data-sed", "1"], "unknown option '--data-sed'", "Did you mean --data-seed?"],
    [["preview", "faces", "--size", "0"], "'--size <pixels>' argument '0'", "a whole number from 1 to 1024"],
    [["preview", "faces", "--out", "a.jpg"], '--out must end in .png, found "a.jpg"'],
    [["pack", "faces", "--out", "a.zip"], '--out must end in .npy, found "a.zip"'],
    [["verify", "folder", "--data-root", "./nowhere"], "--data-root must be the path"],
    [["new", "my set.py"], 'must be a file such as my_set.ts: found "my set.py"'],
    [["lst"], '"datasets lst" is not a command (did you mean "list"?)'],
  ];
  for (const [words, ...said] of cases) {
    const { code, errors } = await call(...words);
    assertEquals([words, code], [words, 2], errors);
    for (const text of said) assertStringIncludes(errors, text);
  }
  assert(!(await Deno.stat("a.png").then(() => true, () => false)));
});
