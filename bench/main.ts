/**
 * `deno task bench`: how fast kernels, training and sampling are on this machine's adapter, and what share that is of
 * the arithmetic that it can do at all.
 */
import "../src/host/on_native.ts";
import { benchNames, runBench } from "./bench.ts";
import { parseBenchOptions, USAGE_EXIT_CODE } from "./options.ts";
import { formatReport } from "./tables.ts";

const options = parseBenchOptions(Deno.args);
if (!benchNames().some((name) => options.only.test(name))) {
  console.error(
    `error: --only ${options.only.source} matches nothing: allowed are patterns for\n  ${
      benchNames().join("\n  ")
    }`,
  );
  Deno.exit(USAGE_EXIT_CODE);
}
const report = await runBench(options, (what) => console.error(`Measuring ${what}`));
console.log(options.json ? JSON.stringify(report, undefined, 2) : `\n${formatReport(report)}`);
