import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodePng } from "../../../src/pictures/mod.ts";
import { ramp } from "../../pictures/files.ts";
import { withFiles } from "../../datasets/support/folders.ts";
import { call, good } from "./call_datasets.ts";

Deno.test("datasets verify checks contract and images, and says what is broken", async () => {
  const png = await encodePng(ramp(20, 20));
  const other = await encodePng(ramp(9, 20));
  await withFiles({ "a.png": png, "b.png": other, "c.png": png.slice(0, -20) }, async (folder) => {
    const whole = await call("verify", "folder", "--data-root", folder, "--data-broken", "50");
    assertEquals(whole.code, 1);
    assertMatch(
      whole.output,
      /^good: shape\n[\s\S]*left out: c\.png \(The PNG is cut short.*\)\ngood: 2 of 3 images of 64x64x3\nFAILED: 1 of 3 images cannot be used\n$/,
    );
  });
  assertMatch(await good("verify", "faces", "--data-length", "70"), /good: all 70 images of 64x64x3\n$/);
});

Deno.test("datasets verify reads images of the size and channels that training would", async () => {
  const wide = await good("verify", "faces", "--data-length", "9", "--size", "24x16", "--channels", "4");
  assertMatch(wide, /good: all 9 images of 24x16x4\n$/);
  const plugin = `export default { apiVersion: 1, name: "small", open: ({ size }) => {
    if (size !== 32) throw new RangeError("size must be 32, found " + size);
const read = (at, into) => into.forEach((_, i) => into[i] = i + at[Math.floor(i / 1024)] & 255);
    return { length: 3, shape: [32, 32, 1], read };
  } };`;
  await withFiles({ "small.ts": plugin }, async (folder) => {
    assertMatch(await good("verify", `${folder}/small.ts`, "--size", "32"), /good: all 3 images of 32x32x1/);
    assertMatch((await call("verify", `${folder}/small.ts`)).errors, /size must be 32, found 64/);
  });
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
