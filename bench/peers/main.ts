/**
 * `deno task bench:peers`: training and sampling beside other libraries that run in Deno, in turns, each in a process of
 * its own.
 */
import "../../src/host/on_native.ts";
import { compare } from "./compare.ts";
import { parsePeerOptions } from "./options.ts";
import { formatComparison } from "./tables.ts";

const options = parsePeerOptions(Deno.args);
const comparison = await compare(options, (line) => console.error(`Measuring ${line}`));
if (comparison.races.length === 0) {
  console.error(`error: --only must match a name, found ${options.only}; --help lists names`);
  Deno.exit(2);
}
console.log(options.json ? JSON.stringify(comparison, undefined, 2) : `\n${formatComparison(comparison)}`);
