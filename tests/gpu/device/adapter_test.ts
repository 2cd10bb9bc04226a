import "../../../src/host/on_native.ts";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  describeAdapter,
  explainMissingAdapter,
  LIMITS,
  requestAdapter,
  UNNAMED,
} from "../../../src/gpu/device/adapter.ts";
import { memoryHost } from "../../../src/host/browser.ts";
import { type Host, host, setHost } from "../../../src/host/host.ts";
import { createNodeHost } from "../../../src/host/node.ts";
import { AdapterNotFoundError } from "../../../src/gpu/device/errors.ts";
import { adviceFor } from "../../../src/gpu/doctor.ts";

/** An adapter as Deno shows it: what is not given is as Vulkan has it. */
function adapter(
  { bindings = 1024, sizes = [8, 8], features = ["bgra8unorm-storage"], alignment = 1 }: {
    bindings?: number;
    alignment?: number;
    sizes?: [number, number];
    features?: string[];
  },
): GPUAdapter {
  const [subgroupMinSize, subgroupMaxSize] = sizes;
  return {
    info: {
      vendor: "4098",
      architecture: "",
      device: "0",
      description: "Card",
      subgroupMinSize,
      subgroupMaxSize,
    },
    limits: {
      ...Object.fromEntries(LIMITS.map((name) => [name, 1])),
      maxBindingsPerBindGroup: bindings,
      minUniformBufferOffsetAlignment: alignment,
    },
    features: new Set(features),
  } as unknown as GPUAdapter;
}

Deno.test("describeAdapter() tells OpenGL from other backends", () => {
  const openGl = {
    bindings: 2 ** 32 - 1,
    sizes: [4, 128] as [number, number],
    features: ["depth-clip-control"],
  };
  const found = describeAdapter(adapter(openGl));
  assertEquals([found.openGl, found.name], [true, "Card through OpenGL"]);
  for (
    const other of [{ bindings: 1024 }, { sizes: [32, 32] as [number, number] }, {
      features: ["bgra8unorm-storage"],
    }]
  ) {
    assertEquals(describeAdapter(adapter({ ...openGl, ...other })).openGl, undefined);
  }
});

Deno.test("requestAdapter() refuses Dawn's adapter that computes nothing", async () => {
  const own = host();
  const info = { vendor: "", architecture: "", device: "null-backend", description: "" };
  const gpu = { requestAdapter: () => Promise.resolve({ ...adapter({}), info }) } as unknown as GPU;
  setHost({ ...own, gpu: () => Promise.resolve(gpu) });
  try {
    await assertRejects(() => requestAdapter(), AdapterNotFoundError, "No WebGPU adapter found");
  } finally {
    setHost(own);
  }
});

Deno.test("describeAdapter() names adapters of browsers by what they tell", () => {
  const facts = (vendor: string, architecture: string) => {
    const info = { vendor, architecture, device: "", description: "" };
    const { name, software } = describeAdapter({ ...adapter({}), info } as GPUAdapter);
    return [name, software];
  };
  assertEquals(facts("google", "swiftshader"), ["google swiftshader", true]);
  assertEquals(facts("nvidia", "ampere"), ["nvidia ampere", false]);
  assertEquals(facts("", ""), [UNNAMED, false]);
});

Deno.test("describeAdapter() suspects Direct3D 12 on Windows alone, and where uniforms lie as there", () => {
  const facts = (alignment: number, system: typeof Deno.build.os) =>
    describeAdapter(adapter({ alignment }), system).direct3D;
  assertEquals([facts(256, "windows"), facts(64, "windows"), facts(256, "linux")], [
    true,
    undefined,
    undefined,
  ]);
});

Deno.test("adviceFor() tells of Direct3D 12, and what to do", () => {
  const capabilities = {
    f16: true,
    int64: false,
    images: false,
    subgroupSize: 32,
    timestamps: true,
    loopIterations: Infinity,
  };
  const facts = describeAdapter(adapter({ alignment: 256 }), "windows");
  const [advice, ...others] = adviceFor({ adapter: facts, capabilities });
  assertMatch(advice!, /seems to run on Direct3D 12 here.*DENO_WEBGPU_BACKEND=vulkan/);
  assertEquals(others, []);
  assertEquals(adviceFor({ adapter: describeAdapter(adapter({})), capabilities }), []);
});

/** What `doctor` says, and with what exit code, in an environment. */
async function doctor(env: Record<string, string>): Promise<string> {
  const cli = new URL("../../../cli.ts", import.meta.url).pathname;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", cli, "doctor"],
    env: { NO_COLOR: "1", ...env },
  }).output();
  return `${code}\n${new TextDecoder().decode(stdout)}`;
}

Deno.test({
  name: "doctor says where WebGPU runs on OpenGL, and what to do",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const asked = await doctor({ DENO_WEBGPU_BACKEND: "gl" });
    if (asked.includes("adapter  none")) return console.log("skipped: there is no OpenGL here");
    assertMatch(asked, /^0\n[^]*^backend +OpenGL, DENO_WEBGPU_BACKEND=gl$/m);
    assertMatch(asked, /^ {2}WebGPU runs on OpenGL .* DENO_WEBGPU_BACKEND asks for that: unset it$/m);
    assertMatch(asked, /\nIt works, but slowly: see above for what to do\.\n$/);
    const found = await doctor({ VK_ICD_FILENAMES: "/nonexistent" });
    assertMatch(found, /^backend +OpenGL$/m);
    assertMatch(found, /^ {2}WebGPU runs on OpenGL .* Install a Vulkan driver: .*mesa-vulkan-drivers/m);
  },
});

Deno.test("explainMissingAdapter() knows the runtime", () => {
  const own = host();
  const on = (runtime: Partial<Host>, hasWebGpu?: boolean): string => {
    setHost({ ...own, ...runtime });
    return explainMissingAdapter(hasWebGpu);
  };
  try {
    assertMatch(
      on({ system: "windows", arch: "x86_64", runtime: "Deno 2" }),
      /^No WebGPU adapter found \(Deno 2, windows x86_64\)\. .* set DENO_WEBGPU_BACKEND=vulkan$/,
    );
    assertMatch(on({ system: "linux" }), /apt-get install mesa-vulkan-drivers/);
    assertMatch(on({ system: "freebsd" }), /Install a Vulkan driver for this system$/);
    assertMatch(
      on({ ...createNodeHost(), runtime: "Node 24" }, false),
      /^.*\(Node 24, .*install the package 'webgpu'/,
    );
    assertEquals(on({ ...createNodeHost(), system: "windows" }).endsWith("Update the graphics driver"), true);
    assertMatch(
      on({ ...memoryHost(), runtime: "Firefox 140" }),
      /\(Firefox 140, browser\)\. .*https or localhost/,
    );
  } finally {
    setHost(own);
  }
});
