import {
  type AdapterFacts,
  askedBackend,
  describeRuntime,
  explainDirect3D,
  explainOpenGl,
} from "./device/adapter.ts";
import type { Device } from "./device/device.ts";
import { openDevice } from "./device/open_device.ts";
import { AdapterNotFoundError } from "./device/errors.ts";
import { conv2d, conv2dReference } from "./ops/products/conv2d.ts";
import { fill } from "./ops/fill.ts";
import { matmul, matmulReference } from "./ops/products/matmul.ts";
import { sum } from "./ops/reductions/sum.ts";
import type { Capabilities } from "./device/capabilities.ts";
import { hostNormal, randomNormal } from "./random/mod.ts";

/** A computation whose result is known, and what came out. */
export interface DoctorCheck {
  /** What was computed. */
  readonly name: string;
  /** Whether the result was right. */
  readonly passed: boolean;
  /** What was found, and what was expected. */
  readonly detail: string;
}

/** What WebGPU supports on this machine. */
export interface DoctorReport {
  /** Deno, Node or browser, operating system and processor. */
  readonly runtime: string;
  /** The backend that `DENO_WEBGPU_BACKEND` names; undefined if it is not set, or may not be read. */
  readonly backend?: string;
  /** The adapter; undefined if there is none. */
  readonly adapter?: AdapterFacts;
  /** What it can do beyond plain WebGPU. */
  readonly capabilities?: Capabilities;
  /** Small computations whose results are known. */
  readonly checks: readonly DoctorCheck[];
  /** What to do about what is missing, a sentence each. */
  readonly advice: readonly string[];
}

/** Looks at the adapter, opens it, and computes a few things whose results are known. */
export async function examine(): Promise<DoctorReport> {
  const runtime = describeRuntime();
  const backend = askedBackend();
  const known = { runtime, ...(backend === undefined ? {} : { backend }) };
  try {
    using device = await openDevice();
    const { adapter, capabilities } = device;
    return { ...known, adapter, capabilities, checks: await runChecks(device), advice: adviceFor(device) };
  } catch (error) {
    if (!(error instanceof AdapterNotFoundError)) throw error;
    return { ...known, checks: [], advice: [error.message] };
  }
}

/** What to do about what an adapter lacks, a sentence each. */
export function adviceFor({ adapter, capabilities }: Pick<Device, "adapter" | "capabilities">): string[] {
  const advice: string[] = [];
  if (adapter.openGl) advice.push(explainOpenGl());
  else if (adapter.software) {
    advice.push(
      `${adapter.name} computes on the processor. If this machine has a graphics card, install its Vulkan driver`,
    );
  }
  if (adapter.direct3D) advice.push(explainDirect3D());
  if (capabilities.subgroupSize === 0 && !adapter.openGl) {
    advice.push("Subgroups do not work here: training is slower without them");
  }
  return advice;
}

/** Terms of a sum that is longer than a driver which limits loops does in one. */
const LONG = 2 ** 19;

async function runChecks(device: Device): Promise<DoctorCheck[]> {
  using _scope = device.scope();
  const a = hostNormal(64 * 48, { seed: 1 });
  const b = hostNormal(48 * 40, { seed: 2 });
  const product = matmul(device.tensor(a, { shape: [64, 48] }), device.tensor(b, { shape: [48, 40] }));
  const productWanted = matmulReference(Float64Array.from(a), Float64Array.from(b), 64, 48, 40);

  const x = hostNormal(2 * 8 * 8 * 4, { seed: 3 });
  const weight = hostNormal(4 * 4 * 4 * 8, { seed: 4 });
  const geometry = {
    images: 2,
    height: 8,
    width: 8,
    inputs: 4,
    outHeight: 4,
    outWidth: 4,
    outputs: 8,
    kernelHeight: 4,
    kernelWidth: 4,
    stride: 2,
    padding: 1,
  };
  const convolved = conv2d(
    device.tensor(x, { shape: [2, 8, 8, 4] }),
    device.tensor(weight, { shape: [4, 4, 4, 8] }),
    { stride: 2, padding: 1 },
  );
  const convolvedWanted = conv2dReference(Float64Array.from(x), Float64Array.from(weight), geometry);
  const drawn = randomNormal(device, [1000], { seed: 5 });
  const ones = matmul(fill(device, [4, LONG], 1), fill(device, [LONG, 4], 1));
  return [
    await check("matrix product", product.data(), productWanted, 1e-4),
    await check("convolution", convolved.data(), convolvedWanted, 1e-4),
    await check("long sum", ones.data(), new Float64Array(16).fill(LONG), 0),
    await check("random numbers", drawn.data(), Float64Array.from(hostNormal(1000, { seed: 5 })), 0),
    await check("sum", sum(drawn).data(), [hostNormal(1000, { seed: 5 }).reduce((x, y) => x + y, 0)], 1e-3),
  ];
}

async function check(
  name: string,
  values: Promise<Float32Array>,
  expected: ArrayLike<number>,
  allowed: number,
): Promise<DoctorCheck> {
  let worst = 0;
  try {
    for (const [index, value] of (await values).entries()) {
      const difference = Math.abs(value - expected[index]!);
      worst = difference <= worst ? worst : difference;
    }
  } catch (error) {
    return { name, passed: false, detail: error instanceof Error ? error.message : `${error}` };
  }
  const detail = `largest error ${worst.toExponential(1)}, allowed ${
    allowed === 0 ? "none" : allowed.toExponential(1)
  }`;
  return { name, passed: worst <= allowed, detail };
}
