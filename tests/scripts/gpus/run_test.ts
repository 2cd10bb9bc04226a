import { assertEquals, assertRejects } from "@std/assert";
import { MissingError, orMissing } from "../../../scripts/gpus/drivers/missing.ts";
import { run } from "../../../scripts/gpus/drivers/run.ts";

const deno = (source: string) => run(Deno.execPath(), ["eval", "--no-config", source]);

Deno.test("run() gives what a program writes, or throws the end of what it wrote", async () => {
  assertEquals(await deno('console.log("found")'), "found\n");
  await assertRejects(
    () => deno('console.error("first\\nlast"); Deno.exit(3)'),
    Error,
    "ended with 3: first\nlast",
  );
});

Deno.test("orMissing() says in one line what is missing", async () => {
  assertEquals(await orMissing("Mesa cannot be had", () => Promise.resolve(1)), 1);
  await assertRejects(
    () => orMissing("Mesa cannot be had", () => Promise.reject(new Error("no\nnetwork"))),
    MissingError,
    "Mesa cannot be had: no network",
  );
});
