import { assertEquals } from "@std/assert";
import { bundle } from "../../../studio/build/bundle.ts";
import { withFolder } from "../../support/temp_folder.ts";

/** Says what it disposes, and when; the variable is used once, in the statement that follows. */
const MODULE = `
const said = globalThis.said;
class Lock { [Symbol.dispose]() { said.push("released"); } ask() { said.push("asked"); return true; } }
const open = () => new Lock();
function isTaken() {
  using lock = open();
  return lock.ask();
}
said.push(isTaken());
`;

Deno.test("bundle() keeps what using declarations dispose", () =>
  withFolder(async (folder) => {
    const path = `${folder}/module.js`;
    await Deno.writeTextFile(path, MODULE);
    const script = await bundle(new URL(`file://${path}`));
    const out = `${folder}/out.js`;
    await Deno.writeTextFile(out, `globalThis.said = [];\n${script}\nexport default globalThis.said;`);
    const { default: said } = await import(`file://${out}`);
    assertEquals(said, ["asked", "released", true]);
  }));
