import { assertEquals } from "@std/assert";
import { createNodeHost } from "../../src/host/node.ts";
import { withFolder } from "../support/temp_folder.ts";
import { promises } from "./host_contract.ts";

// Deno has Node's functions as well, so that its tests can run here; tests/package/node_test.ts is in Node itself
for (const [promise, check] of Object.entries(promises)) {
  Deno.test(`createNodeHost() ${promise}`, () => withFolder((folder) => check(createNodeHost(), folder)));
}

Deno.test("createNodeHost() reads the environment", () => {
  const { env, kind, cwd } = createNodeHost();
  assertEquals([env("NO_SUCH_VARIABLE"), kind, cwd()], [undefined, "node", Deno.cwd()]);
});
