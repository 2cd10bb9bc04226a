import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { VariantScope } from "../../../src/gpu/contraction/variants/variant_scope.ts";
import { formatVariant } from "../../../src/gpu/contraction/variants/variant.ts";
import { checkLimits } from "../../../src/gpu/kernel/check_limits.ts";
import { loopIterations, treeIterations } from "../../../src/gpu/kernel/iterations.ts";
import { defineKernel, Device } from "../../../src/gpu/mod.ts";
import { everyVariant } from "../../../src/gpu/tuning/candidates.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { assertDeclared, countIterations } from "./counting.ts";
import { type Operation, OPERATIONS } from "./operations.ts";

Deno.test("loopIterations() counts the test that ends a loop, inside and out", () => {
  assertEquals(loopIterations(5), 6);
  assertEquals(loopIterations(5, loopIterations(2)), 5 * 4 + 1);
  assertEquals(treeIterations(8), 4);
});

for (const [name, run] of Object.entries(OPERATIONS)) {
  gpuTest(`${name} takes no more iterations than its kernels say`, async (device) => {
    const launches = await countIterations(device, () => ignore(run(device)));
    assertDeclared(launches);
  });
}

/** The smallest variant of each kind: those of a kind differ in the size of their tiles alone. */
function variantKinds(device: Device): string[] {
  const kinds = new Map<string, string>();
  for (const variant of everyVariant(device)) {
    const { schedule, splits } = variant;
    const kind = schedule.shape === "tiled" ? schedule.depth : "share" in schedule && schedule.share;
    const name = `${schedule.shape} ${kind} ${splits}`;
    if (!kinds.has(name)) kinds.set(name, formatVariant(variant));
  }
  return [...kinds.values()];
}

gpuTest("every kind of variant takes no more iterations than its kernel says", async (device) => {
  for (const variant of variantKinds(device)) {
    using _variants = new VariantScope(device, { get: () => variant });
    using _scope = device.scope();
    for (const name of ["matmul", "conv2d"] as const) {
      assertDeclared(await countIterations(device, () => ignore(OPERATIONS[name]!(device))));
    }
  }
});

/** Iterations of a driver that would be worse than any that is known. */
const VERY_FEW = 500;

/** What no kernel could do in so few iterations: rows that are too long, and windows that are too large. */
const REFUSED: ReadonlySet<string> = new Set(["softmax of a long row", "conv2d of large windows"]);

for (const [name, run] of Object.entries(OPERATIONS)) {
  gpuTest(`${name} is the same on a driver that allows few iterations`, async (device) => {
    const capabilities = { ...device.capabilities, loopIterations: VERY_FEW };
    const limited = new Device(device.gpu, device.adapter, capabilities);
    try {
      using _scope = limited.scope();
      if (REFUSED.has(name)) {
        assertThrows(() => ignore(run(limited)), RangeError, "this driver ends them after 500");
        return;
      }
      const [expected, found] = [await device.read(run(device)), await limited.read(run(limited))];
      for (const [i, values] of expected.entries()) {
        assertClose(
          found[i]!,
          values,
          { relative: 1e-4, absolute: 1e-4 },
          i === 0 ? "result" : `gradient ${i}`,
        );
      }
    } finally {
      limited.ledger.destroyAll();
    }
  });
}

gpuTest("launch() refuses loops that the driver would cut short, and grids that are too long", (device) => {
  const output = device.empty([1]);
  const kernel = defineKernel({
    label: "long loop",
    bindings: { output: ["write", "array<f32>"] },
    uniforms: { n: "u32" },
    workgroup: 1,
    iterations: ({ n }) => loopIterations(n!),
    body: "  for (var i = 0u; i < params.n; i++) { output[0] += 1.0; }",
  });
  const { adapter, capabilities } = device;
  const limited = { adapter, capabilities: { ...capabilities, loopIterations: 1000 } };
  checkLimits(limited, kernel, { n: 999 }, [1, 1, 1]);
  assertThrows(
    () => checkLimits(limited, kernel, { n: 1000 }, [1, 1, 1]),
    RangeError,
    "its loops take up to 1001 iterations, and this driver ends them after 1000",
  );
  assertThrows(
    () => device.launch(kernel, { output }, { n: 1 }, [1, 70000, 1]),
    RangeError,
    "it needs 1 x 70000 x 1 workgroups, at most 65535 along an axis are allowed",
  );
});

gpuTest("loops run as far as the capabilities say", async (device) => {
  const { loopIterations: most } = device.capabilities;
  const count = async (n: number) => {
    const output = device.tensor([0]);
    const kernel = defineKernel({
      label: "count",
      bindings: { output: ["update", "array<f32>"] },
      uniforms: { n: "u32" },
      workgroup: 1,
      body: "  for (var i = 0u; i < params.n; i++) { output[0] += 1.0; }",
    });
    device.launch(kernel, { output }, { n }, [1, 1, 1]);
    return await output.item();
  };
  if (most === Infinity) {
    assertEquals(await count(200000), 200000);
    return;
  }
  assertEquals(await count(most - 1), most - 1);
  assert(await count(2 * most) < 2 * most, "the limit is no limit");
});

/** The results of an operation, which tests look at elsewhere. */
function ignore(_results: ReturnType<Operation>): void {}

gpuTest("reading works while iterations are counted", async (device) => {
  await assertRejects(
    () => countIterations(device, () => Promise.reject(new Error("of the body"))),
    Error,
    "of the body",
  );
  assertEquals(device.launch, Object.getPrototypeOf(device).launch);
});
