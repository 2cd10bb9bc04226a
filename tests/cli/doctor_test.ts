import "../../src/host/on_native.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { isHealthy, reportText } from "../../src/cli/doctor.ts";
import type { DoctorReport } from "../../src/gpu/doctor.ts";

const healthy: DoctorReport = {
  runtime: "Deno 2.9.6, linux x86_64",
  adapter: {
    name: "llvmpipe",
    vendor: "mesa",
    architecture: "",
    software: true,
    limits: {
      maxBufferSize: 2 ** 31,
      maxStorageBufferBindingSize: 2 ** 27,
      maxStorageBuffersPerShaderStage: 32,
      maxComputeWorkgroupStorageSize: 32768,
      maxComputeInvocationsPerWorkgroup: 1024,
      maxComputeWorkgroupSizeX: 1024,
      maxComputeWorkgroupSizeY: 1024,
      maxComputeWorkgroupSizeZ: 64,
      maxComputeWorkgroupsPerDimension: 65535,
      minStorageBufferOffsetAlignment: 32,
      minUniformBufferOffsetAlignment: 32,
    },
    features: ["shader-f16"],
  },
  capabilities: {
    f16: true,
    int64: false,
    images: false,
    subgroupSize: 8,
    timestamps: false,
    loopIterations: 65535,
  },
  checks: [{ name: "matmul", passed: true, detail: "largest difference 0" }],
  advice: [],
};

Deno.test("reportText() shows adapter, capabilities, limits and the self-test", () => {
  const text = reportText(healthy);
  for (
    const line of [
      "adapter        llvmpipe (computes on the CPU)\n",
      "16-bit floats  yes\n",
      "subgroups      of 8\n",
      "maxBufferSize                      2.00 GiB\n",
      "ok  matmul  largest difference 0\n",
      "Everything needed is here.\n",
    ]
  ) assertStringIncludes(text, line);
});

Deno.test("reportText() says what to do where something is missing", () => {
  const report = { runtime: healthy.runtime, checks: [], advice: ["Install a Vulkan driver."] };
  assertEquals(isHealthy(report), false);
  const text = reportText(report);
  assertStringIncludes(text, "adapter  none\n");
  assertStringIncludes(
    text,
    "what to do\n  Install a Vulkan driver.\n\nNo adapter was found: see above for what to do.\n",
  );
});

Deno.test("reportText() says of graphics cards how a run goes on after a reset", () => {
  const advice = "train --resume <run folder>\n";
  assertEquals(reportText(healthy).includes(advice), false);
  const text = reportText({ ...healthy, adapter: { ...healthy.adapter!, software: false } });
  assertStringIncludes(text, advice);
  assertStringIncludes(text, "Everything needed is here.\n");
});

Deno.test("isHealthy() needs every check to pass", () => {
  const checks = [...healthy.checks, { name: "tanh", passed: false, detail: "0.7 instead of 0.76" }];
  assertEquals([isHealthy(healthy), isHealthy({ ...healthy, checks })], [true, false]);
  assertStringIncludes(reportText({ ...healthy, checks }), "FAILED  tanh");
});

Deno.test("reportText() does not say that all is well where WebGPU runs on OpenGL", () => {
  const openGl = { ...healthy, adapter: { ...healthy.adapter!, openGl: true } };
  assertEquals(isHealthy(openGl), true);
  const text = reportText({ ...openGl, advice: ["Install a Vulkan driver"] });
  assertStringIncludes(text, "backend        OpenGL\n");
  assertStringIncludes(
    text,
    "what to do\n  Install a Vulkan driver\n\nIt works, but slowly: see above for what to do.\n",
  );
  const direct3D = { ...healthy, adapter: { ...healthy.adapter!, direct3D: true } };
  assertStringIncludes(reportText(direct3D), "backend        Direct3D 12\n");
  assertStringIncludes(reportText(direct3D), "\nIt works, but may start slowly: see above for what to do.\n");
  assertStringIncludes(
    reportText({ ...openGl, backend: "gl" }),
    "backend        OpenGL, DENO_WEBGPU_BACKEND=gl\n",
  );
});

Deno.test("reportText() says which MPI there is, and what to install where a half of it is missing", () => {
  const row = (...found: Parameters<typeof reportText>[1] & unknown[]): string =>
    /^MPI +(.*)$/m.exec(reportText(healthy, found))![1]!;
  const [library, launcher] = ["Open MPI 4.1.4", { name: "mpirun", version: "4.1.4" }];
  const mpich = { family: "MPICH", library: "MPICH 4.0.2", launcher: { name: "mpirun.mpich" } } as const;
  assertEquals(
    row({ family: "Open MPI", library, launcher }, mpich),
    "Open MPI 4.1.4, started by mpirun; MPICH 4.0.2, started by mpirun.mpich",
  );
  assertEquals(
    row({ family: "Open MPI", library, launcher: { name: "mpirun", version: "5.0.6" } }),
    "Open MPI 4.1.4, started by mpirun of another version: 5.0.6",
  );
  assertEquals(
    row({ family: "Open MPI", library }),
    "Open MPI 4.1.4 without its mpirun: apt-get install openmpi-bin",
  );
  assertEquals(
    row({ family: "MPICH", launcher: { name: "mpirun", version: "4.0.2" } }),
    "mpirun of MPICH 4.0.2 without its library: apt-get install mpich",
  );
  assertMatch(row(), /^none/);
  assertMatch(reportText(healthy), /^MPI +not looked for without --allow-ffi and --allow-run$/m);
});
