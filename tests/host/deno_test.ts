import { assertEquals } from "@std/assert";
import { denoHost } from "../../src/host/deno.ts";
import { host } from "../../src/host/host.ts";
import "../../src/host/on_deno.ts";
import { withFolder } from "../support/temp_folder.ts";
import { promises } from "./host_contract.ts";

for (const [promise, check] of Object.entries(promises)) {
  Deno.test(`denoHost ${promise}`, () => withFolder((folder) => check(denoHost, folder)));
}

Deno.test("host() is Deno's where an entry point for Deno was imported", () => {
  assertEquals(host(), denoHost);
  assertEquals([host().runtime, host().arch], [`Deno ${Deno.version.deno}`, Deno.build.arch]);
});
