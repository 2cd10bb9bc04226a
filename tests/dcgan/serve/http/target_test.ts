import { assertEquals } from "@std/assert";
import { targetOf } from "../../../../src/dcgan/serve/http/target.ts";

Deno.test("targetOf() takes paths and whole URLs as they are, and decodes nothing", () => {
  const of = (text: string) => {
    const target = targetOf(text);
    return target && [target.host, target.path, target.query];
  };
  assertEquals(of("/sample?seed=1&a=?"), [undefined, "/sample", "seed=1&a=?"]);
  assertEquals(of("/%2e%2e/../a"), [undefined, "/%2e%2e/../a", ""]);
  assertEquals(of("//elsewhere.example/a"), [undefined, "//elsewhere.example/a", ""]);
  assertEquals(of("http://a:80/b?c"), ["a:80", "/b", "c"]);
  assertEquals(of("HTTPS://a"), ["a", "/", ""]);
  for (const text of ["", "*", "a", "file:///etc/passwd", "http:///a", "?a", "/a#b", "javascript:1"]) {
    assertEquals([text, of(text)], [text, undefined]);
  }
});
