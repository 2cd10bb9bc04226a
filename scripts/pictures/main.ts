/**
 * `deno task pictures NAME`: trains small runs that differ in one thing, and draws their samples beside each
 * other, as in `docs/how-it-works.md`.
 */
import "../../src/host/on_native.ts";
import { Argument, Command } from "@commander-js/extra-typings";
import { openDevice } from "../../src/gpu/mod.ts";
import { encodePng } from "../../src/pictures/mod.ts";
import { CASES } from "./cases.ts";
import { sideBySide } from "./side_by_side.ts";

const names = Object.keys(CASES);
const command = new Command("deno task pictures")
  .description("Trains small runs that differ in one thing, and draws their samples beside each other.")
  .addArgument(new Argument("<name>", "what differs").choices(names))
  .option("--out <folder>", "where runs and pictures go; what is there is not trained again", "runs/pictures")
  .parse([...Deno.args], { from: "user" });
const [name] = command.processedArgs;
const { out } = command.opts();

using device = await openDevice();
const picture = await sideBySide(device, CASES[name]!, `${out}/${name}`, (line) => console.error(line));
const path = `${out}/${name}.png`;
await Deno.writeFile(path, await encodePng(picture));
console.log(path);
