import { assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { PACKAGE } from "../../src/files/package.ts";

Deno.test("PACKAGE is as in deno.json", () => {
  const { name, version } = config;
  assertEquals<{ name: string; version: string }>(PACKAGE, { name, version });
});
