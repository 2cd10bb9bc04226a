import "../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { DatasetError } from "../../plugins/datasets/mod.ts";
import { explain } from "../../src/cli/errors.ts";

Deno.test("explain() shows no control characters, and lines only where they are meant", () => {
  assertEquals(explain(new DatasetError('a "b\n\x1b[31mc"')).lines, ['error: a "b\\n\\x1b[31mc"']);
  assertEquals(explain(new Error("shader:\n  line 1 \x1b[31m^")).lines, [
    "error: shader:\n  line 1 \\x1b[31m^",
  ]);
});
