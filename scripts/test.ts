/**
 * Runs every test and every example in the documentation: `deno task test`. Arguments go to `deno test`.
 *
 * The script of the exported page and the studio page are built first: what imports them looks for them once, when a
 * process starts, and the tests of the studio need not build it themselves.
 *
 * The tests run in two processes side by side: tensors, networks and training, and everything else, so that both take
 * about as long. Each process has its own environment and working folder, so tests
 * of one cannot disturb those of the other. The output of the second one is held back until the first has ended.
 */
import { buildStudio } from "../studio/build/build.ts";
import { buildPage } from "./web_page/build.ts";

/** Names in a folder that match a pattern, as paths. */
function list(folder: string, pattern: RegExp): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => pattern.test(name))
    .map((name) => folder === "." ? name : `${folder}/${name}`);
}

/** The first process. Everything else is for the second. */
const FIRST = ["tests/dcgan", "tests/nn", "tests/gpu", "tests/golden"];

/** Starts `deno test` on some paths. */
function start(paths: readonly string[], output: "inherit" | "piped"): Deno.ChildProcess {
  const args = ["test", "-A", "--doc", ...Deno.args, ...paths];
  const env = { DCGAN_STUDIO_BUILT: "1" };
  return new Deno.Command(Deno.execPath(), { args, env, stdout: output, stderr: output }).spawn();
}

const asked = Deno.args.some((argument) => !argument.startsWith("-"));
const others = [
  ...list(".", /^([a-z]+\.ts|README\.md)$/),
  ...["docs", "examples", "plugins", "src"],
  ...list("tests", /^[a-z]+$|_test\.ts$/).filter((path) => !FIRST.includes(path)),
];
await Promise.all([buildPage(), buildStudio()]);
// Paths or a filter among the arguments: one process for what was asked for
const children = asked ? [start([], "inherit")] : [start(FIRST, "inherit"), start(others, "piped")];
if (Deno.build.os !== "windows") {
  Deno.addSignalListener("SIGTERM", () => children.forEach((child) => child.kill("SIGTERM")));
}
const [first, second] = children;
const held = second?.output();
let { code } = await first!.status;
if (held) {
  const output = await held;
  for (const bytes of [output.stderr, output.stdout]) console.log(new TextDecoder().decode(bytes));
  code ||= output.code;
}
Deno.exit(code);
