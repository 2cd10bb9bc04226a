import { assertEquals } from "@std/assert";
import { createDenoHost } from "../../src/host/deno.ts";
import { host } from "../../src/host/host.ts";
import "../../src/host/on_native.ts";
import * as paths from "../../src/host/paths.ts";
import { withFolder } from "../support/temp_folder.ts";
import { promises } from "./host_contract.ts";

for (const [promise, check] of Object.entries(promises)) {
  Deno.test(`createDenoHost() ${promise}`, () => withFolder((folder) => check(createDenoHost(), folder)));
}

Deno.test("host() is Deno's where an entry point for Deno was imported", () => {
  assertEquals(host().kind, "deno");
  assertEquals([host().runtime, host().arch], [`Deno ${Deno.version.deno}`, Deno.build.arch]);
});

Deno.test("functions of paths are those of the host", () => {
  const { basename, dirname, extname, isAbsolute, join, relative, resolve } = paths;
  assertEquals([basename("a/b.c"), basename("a/b.c", ".c"), dirname("a/b.c")], ["b.c", "b", "a"]);
  assertEquals([extname("a/b.c"), isAbsolute("a"), isAbsolute(resolve("a"))], [".c", false, true]);
  assertEquals(relative(resolve("a"), resolve(join("a", "b"))), "b");
});
