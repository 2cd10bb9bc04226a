import { assertEquals, assertStringIncludes } from "@std/assert";
import { coresHere, coresWarning } from "../../src/cli/ranks.ts";

Deno.test("coresWarning() says what a launcher keeps from ranks that compute on the processor", () => {
  const text = coresWarning(2, true, { own: 1, all: 16 })!;
  assertStringIncludes(text, "Each of the 2 ranks of this machine may use 1 of 16 processor cores");
  assertStringIncludes(text, "--map-by slot:PE=8 with Open MPI, or -bind-to core:8 with MPICH");
  assertEquals(coresWarning(2, true, { own: 8, all: 16 }), undefined);
  assertEquals(coresWarning(2, false, { own: 1, all: 16 }), undefined);
});

Deno.test("coresHere() counts no more own cores than there are", () => {
  const { own, all } = coresHere()!;
  assertEquals([own >= 1, own <= all], [true, true]);
});
