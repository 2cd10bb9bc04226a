import { assertEquals } from "@std/assert";
import { startedFromText } from "../../../src/cli/terminal/started_from_text.ts";

Deno.test("startedFromText() names the weights, and the states of optimizers with them", () => {
  const textOf = (...parts: string[]) => startedFromText({ path: "a.pt", parts, sha256: "0" });
  assertEquals(textOf("generator"), "generator of a.pt");
  assertEquals(textOf("generator", "discriminator"), "generator and discriminator of a.pt");
  assertEquals(
    textOf("generator", "generator optimizer"),
    "generator of a.pt, with the state of its optimizer",
  );
  assertEquals(
    textOf("generator", "generator optimizer", "discriminator"),
    "generator and discriminator of a.pt, with the state of the generator optimizer",
  );
  assertEquals(
    textOf("generator", "generator optimizer", "discriminator", "discriminator optimizer"),
    "generator and discriminator of a.pt, with the states of their optimizers",
  );
});
