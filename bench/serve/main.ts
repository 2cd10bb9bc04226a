/** `deno task bench:serve`: how `serve` bears clients, and what a thread of its own is good for. */
import "../../src/host/on_native.ts";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { openDevice } from "../../src/gpu/mod.ts";
import { toPositive, USAGE_EXIT_CODE } from "../options.ts";
import { WORKLOADS } from "../workloads.ts";
import { benchServe, formatServeBench } from "./bench_serve.ts";

const names = WORKLOADS.map(({ name }) => name);
const { only, ...options } = new Command("deno task bench:serve")
  .description("Measures requests a second, and how long they take, with clients on this machine.")
  .option("--only <names>", `generators, of ${names.join(",")}`, toNames, names)
  .option("--clients <counts>", "clients at once (default: 1,16,64)", toCounts, [1, 16, 64])
  .option("--seconds <s>", "seconds of one measurement (default: 4)", toPositive, 4)
  .option("--json", "print JSON instead of tables", false)
  .exitOverride(({ exitCode }) => Deno.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE))
  .parse([...Deno.args], { from: "user" }).opts();

using device = await openDevice();
const { name } = device.adapter;
const found = await benchServe({ ...options, workloads: only }, (line) => console.error(line));
const machine = `${name}, ${navigator.hardwareConcurrency} processors, Deno ${Deno.version.deno}`;
console.log(
  options.json ? JSON.stringify({ machine, ...found }, null, 2) : `${machine}\n\n${formatServeBench(found)}`,
);

function toNames(text: string): string[] {
  const chosen = text.split(",");
  if (chosen.every((one) => names.includes(one))) return chosen;
  throw new InvalidArgumentError(`It must be of ${names.join(",")}.`);
}

function toCounts(text: string): number[] {
  const counts = text.split(",").map(Number);
  if (counts.every((count) => Number.isInteger(count) && count > 0 && count <= 128)) return counts;
  throw new InvalidArgumentError("It must be whole numbers from 1 to 128 with commas between them.");
}
