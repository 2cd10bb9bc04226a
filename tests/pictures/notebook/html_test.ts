import "../../../src/host/on_native.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { escapeHtml, pictureHtml, tableHtml } from "../../../src/pictures/notebook/html.ts";
import { encodePng } from "../../../src/pictures/mod.ts";

const png = (width: number) => encodePng({ width, height: 1, channels: 1, data: new Uint8Array(width) });

Deno.test("escapeHtml() leaves no markup and no end of an attribute", () => {
  assertEquals(escapeHtml(`<b a="1" b='2'>&`), "&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;");
});

Deno.test("pictureHtml() enlarges small pictures by a whole number, and holds all of them", async () => {
  for (const [width, shown, how] of [[16, 384, "pixelated"], [110, 330, "pixelated"], [900, 900, "auto"]]) {
    const file = await png(width as number);
    const html = pictureHtml(file, 'a "b"');
    assertMatch(html, new RegExp(`width:${shown}px;.*image-rendering:${how}`));
    assertMatch(html, /alt="a &quot;b&quot;"/);
    const [, text] = html.match(/base64,([^"]+)"/)!;
    assertEquals(Uint8Array.fromBase64(text!), file);
  }
});

Deno.test("tableHtml() has a row of titles if there are some, and escapes all text", () => {
  const cells = (html: string) => html.replaceAll(/ style="[^"]*"/g, "");
  assertEquals(
    cells(tableHtml([["<a>", "1"]])),
    "<table><tbody><tr><td>&lt;a&gt;</td><td>1</td></tr></tbody></table>",
  );
  assertEquals(
    cells(tableHtml([], ["A & B"])),
    "<table><thead><tr><th>A &amp; B</th></tr></thead><tbody></tbody></table>",
  );
});
