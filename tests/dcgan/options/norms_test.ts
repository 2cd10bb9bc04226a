/** Which norms go with which other options. */
import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { checkOptions, resolveConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";

Deno.test("checkOptions() takes gradient penalties without batch norm and in f32 only", () => {
  const problems = (options: TrainOptions) =>
    assertThrows(() => checkOptions(options), ConfigError).issues.map(({ option, problem }) =>
      `${option} ${problem}`
    );
  const why = "it mixes the images of a batch. Use --d-norm none or spectral";
  for (const norm of [{}, { dNorm: "batch" }] as const) {
    checkOptions({ ...norm, r1: 0, r2: 0 });
    assertEquals(problems({ ...norm, r1: 1, r2: 0.5 }), [
      `r1 must be 0 with batch norm in the discriminator, found 1: ${why}`,
      `r2 must be 0 with batch norm in the discriminator, found 0.5: ${why}`,
    ]);
  }
  assertEquals(problems({ dNorm: "none", precision: "f16", r2: 2 }), [
    "r2 must be 0 with precision f16, found 2: gradient penalties are computed in f32. Use --precision f32",
  ]);
  checkOptions({ dNorm: "none", precision: "f16", r1: 0 });
  checkOptions({ dNorm: "spectral", r1: 1, r2: 1, loss: "hinge" });
  checkOptions({ dNorm: "none", r1: 1e6, r2: 1e-3, loss: "hinge" });
  // A script may give a trainer another discriminator
  assertEquals(resolveConfig({ dNorm: "batch", r1: 1 }).r1, 1);
  assertThrows(() => resolveConfig({ precision: "f16", r1: 1 }), ConfigError, "precision f16");
  // The run may have been made without batch norm
  checkOptions({ resume: "runs/a", override: true, r1: 1 });
});

Deno.test("checkOptions() takes spectral norm in f32 only", () => {
  const { issues } = assertThrows(() => checkOptions({ dNorm: "spectral", precision: "f16" }), ConfigError);
  assertEquals(issues, [{
    option: "dNorm",
    problem:
      `must be "batch" or "none" with precision f16, found "spectral": gradients of normalized weights would ` +
      "lose their digits in 16 bits. Use --precision f32",
  }]);
  checkOptions({ dNorm: "spectral", gNorm: "none" });
  checkOptions({ gNorm: "none", precision: "f16" });
});
