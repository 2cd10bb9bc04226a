/**
 * `deno task check:gpus`: what the compilers of real graphics cards make of the kernels that training steps run, without
 * a card, held to a table.
 */
import "../../src/host/on_native.ts";
import { checkCards } from "./check.ts";
import { parseGpusOptions } from "./options.ts";
import { formatFindings } from "./table/report.ts";
import { differences, otherDrivers, replaceFound } from "./table/table.ts";
import { readTable, writeTable } from "./table/table_file.ts";

const options = parseGpusOptions(Deno.args);
const findings = await checkCards(options, (what) => console.error(what));
const held = await readTable();
const differing = options.write ? [] : differences(held, findings.table);
if (options.json) console.log(JSON.stringify({ ...findings, differences: differing }, undefined, 2));
else console.log(`\n${formatFindings(findings)}`);
if (options.write) await writeTable(replaceFound(held, findings.table));
const out = options.json ? console.error : console.log;
for (const note of otherDrivers(held, findings.table)) out(note);
const failures = [...findings.failures, ...differing];
for (const { part, why } of findings.skipped) {
  if (options.fast) out(`${part} (skipped: ${why}) ... ignored`);
  else failures.push(`${part} could not be opened: ${why}`);
}
for (const failure of failures) out(failure);
if (differing.length > 0) out("If this is as it should be: deno task check:gpus --write");
if (failures.length === 0) {
  out(options.write ? "Written." : "All that was looked at is as the table holds it.");
}
Deno.exit(failures.length === 0 ? 0 : 1);
