import { assertEquals } from "@std/assert";
import { printable } from "../../../src/cli/terminal/printable.ts";

Deno.test("printable() escapes what a terminal would obey, and nothing else", () => {
  assertEquals(printable("new\nline\x1b[31mred.jpg"), "new\\nline\\x1b[31mred.jpg");
  assertEquals(printable("a\tb\rc\0d\x7fe\x9bf"), "a\\tb\\rc\\x00d\\x7fe\\x9bf");
  assertEquals(printable("a\u202egpj.exe\u2028b\u2066"), "a\\u202egpj.exe\\u2028b\\u2066");
  const plain = "C:\\photos\\Müller 猫 👩‍🔬 \u00a0.jpg";
  assertEquals(printable(plain), plain);
});
