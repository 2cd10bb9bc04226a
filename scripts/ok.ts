/**
 * The gate that every change passes: `deno task ok`. Runs every stage, whatever came of those before it, and names those
 * that failed. With `--without-tests`, all stages but the tests, for where they have just run.
 */
import config from "../deno.json" with { type: "json" };

const entryPoints = Object.values(config.exports);

const stages: readonly (readonly [name: string, ...args: string[]])[] = [
  ["format", "fmt", "--check"],
  ["lint", "lint"],
  ["types", "check"],
  ["documentation", "doc", "--lint", ...entryPoints],
  // The package has them, and git does not
  ["page", "task", "web-page"],
  ["studio page", "run", "-A", "studio/build/main.ts", "--build-only"],
  ["package", "publish", "--dry-run", "--allow-dirty"],
  ["tests", "task", "test"],
];

const failed: string[] = [];
const skipTests = Deno.args.includes("--without-tests");
for (const [name, ...args] of stages) {
  if (skipTests && name === "tests") continue;
  console.log(`\n== ${name}: deno ${args.join(" ")}`);
  const { success } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
  if (!success) failed.push(name);
}
console.log(failed.length === 0 ? "\nEverything is in order." : `\nFailed: ${failed.join(", ")}.`);
Deno.exit(failed.length === 0 ? 0 : 1);
