import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { invocation } from "../../src/cli/invocation.ts";
import { shellWord } from "../../src/cli/shell_word.ts";

Deno.test("invocation() is a command that a shell can run, from a clone and from the registry", () => {
  const here = (...path: string[]): URL => pathToFileURL(join(Deno.cwd(), ...path));
  assertEquals(invocation(here("cli.ts")), "deno run -A cli.ts");
  assertEquals(invocation(here("a b", "cli.ts")), `deno run -A '${join("a b", "cli.ts")}'`);
  const elsewhere = join(Deno.cwd(), "..", "else where", "cli.ts");
  assertEquals(invocation(pathToFileURL(elsewhere)), `deno run -A '${elsewhere}'`);
  assertEquals(invocation(new URL("https://a.example/cli.ts")), "deno run -A jsr:@x/dcgan/cli");
});

Deno.test("shellWord() quotes what a shell would take apart", () => {
  for (const plain of ["./photos", "hf:user/name", "runs/faces-1", "C:\\photos"]) {
    assertEquals(shellWord(plain), plain);
  }
  assertEquals(shellWord("my photos"), "'my photos'");
  assertEquals(shellWord("it's"), "'it'\\''s'");
  assertEquals(shellWord("shards/{0..9}.tar"), "'shards/{0..9}.tar'");
  assertEquals(shellWord("it's\n\x1b[31mred\\"), "$'it\\'s\\u000a\\u001b[31mred\\\\'");
});
