import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { denoCommand, denoCommandIn, type Surroundings } from "../../../src/cli/arguments/deno_command.ts";
import { invocation } from "../../../src/cli/arguments/invocation.ts";
import { shellWord } from "../../../src/cli/arguments/shell_word.ts";

Deno.test("invocation() is a command that a shell can run, from a clone and from the registry", () => {
  const deno = denoCommand();
  const here = (...path: string[]): URL => pathToFileURL(join(Deno.cwd(), ...path));
  assertEquals(invocation(here("cli.ts")), `${deno} run -A cli.ts`);
  assertEquals(invocation(here("a b", "cli.ts")), `${deno} run -A '${join("a b", "cli.ts")}'`);
  const elsewhere = join(Deno.cwd(), "..", "else where", "cli.ts");
  assertEquals(invocation(pathToFileURL(elsewhere)), `${deno} run -A '${elsewhere}'`);
  assertEquals(invocation(new URL("https://a.example/cli.ts")), `${deno} run -A jsr:@x/dcgan/cli`);
});

Deno.test("denoCommand() starts with what a shell finds", () => {
  const npx = "/home/a/.npm/_npx/7a40/node_modules/@deno/linux-x64-glibc/deno";
  const bin = "/home/a/.npm/_npx/7a40/node_modules/.bin";
  const again = `npx -y deno@${Deno.version.deno}`;
  const program = Deno.build.os === "windows" ? "deno.exe" : "deno";
  const cases: [Partial<Surroundings>, string][] = [
    [{}, "deno"],
    [{ execPath: npx, path: [bin, "/usr/bin"] }, again],
    [{ execPath: npx, path: ["/usr/bin", "/opt/bin"] }, "deno"],
    [{ execPath: npx, path: undefined }, again],
    [{ path: undefined }, "deno"],
    [{ path: ["/usr/bin"] }, "'/opt/my deno'"],
    [{ path: ["/usr/bin"], isNpm: true }, again],
    [{ execPath: undefined, path: ["/usr/bin"] }, "deno"],
  ];
  for (const [given, command] of cases) {
    const all = { execPath: "/opt/my deno", path: ["", "/opt/bin"], isNpm: false, ...given };
    const isThere = (file: string) => [join("/opt/bin", program), join(bin, program)].includes(file);
    assertEquals(denoCommandIn({ ...all, isThere }), command);
  }
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
