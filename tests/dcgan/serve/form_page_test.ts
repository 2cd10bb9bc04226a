import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import { formPage } from "../../../src/dcgan/serve/form_page.ts";
import { QueryError } from "../../../src/dcgan/serve/queries/read_query.ts";
import { someServed } from "./queries/some_served.ts";

Deno.test("formPage() shows what the form asked for, without a script", () => {
  const { body, headers } = formPage(
    "seed=7&count=4&truncation=0.5&class=b",
    someServed({ classes: ["a", "b"] }),
  );
  const html = `${body}`;
  assertStringIncludes(html, `src="/sample?seed=7&amp;count=4&amp;truncation=0.5&amp;class=b&amp;scale=8"`);
  assertStringIncludes(html, `alt="4 samples of seed 7"`);
  assertStringIncludes(html, `<option selected>b</option>`);
  assertStringIncludes(html, `href="/?seed=6&amp;count=4&amp;truncation=0.5&amp;class=b"`);
  assertEquals(/<script|javascript:|\son\w+=/i.test(html), false);
  const [, style = ""] = /<style>([\s\S]*)<\/style>/.exec(html) ?? [];
  const hash = createHash("sha256").update(style).digest("base64");
  assertMatch(headers["content-security-policy"]!, /default-src 'none'; img-src 'self'/);
  assertStringIncludes(headers["content-security-policy"]!, `'sha256-${hash}'`);
});

Deno.test("formPage() escapes names, and leaves out seeds that there are not", () => {
  const evil = `"><script>alert(1)</script>`;
  const html = `${formPage("seed=0", someServed({ run: evil, classes: [evil, "b"], adapter: evil })).body}`;
  assertEquals(html.includes("<script"), false);
  assert(!html.includes("Previous seed") && html.includes("Next seed"));
  assert(!`${formPage("seed=4294967295", someServed()).body}`.includes("Next seed"));
  assertThrows(() => formPage("seed=x", someServed()), QueryError);
});
