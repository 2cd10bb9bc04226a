import { fileURLToPath } from "node:url";
import * as v from "valibot";
import type { Workload } from "../workloads.ts";

const SCRIPT = fileURLToPath(new URL("./pytorch_step.py", import.meta.url));

const MILLISECONDS = v.pipe(v.array(v.number()), v.nonEmpty());

const SCHEMA = v.object({
  torch: v.string(),
  device: v.string(),
  results: v.array(v.object({
    workload: v.string(),
    precision: v.picklist(["f32", "tf32"]),
    layout: v.picklist(["channels first", "channels last"]),
    compiled: v.boolean(),
    parameters: v.optional(v.object({ generator: v.number(), discriminator: v.number() })),
    milliseconds: v.optional(MILLISECONDS),
    error: v.optional(v.string()),
  })),
});

/** What PyTorch's step takes on this machine, in every way that it was run. */
export type PyTorchTimes = v.InferOutput<typeof SCHEMA>;

/** How thoroughly PyTorch is measured, and where. */
export interface PyTorchOptions {
  /** The Python that has PyTorch. */
  readonly python: string;
  /** PyTorch's name of the device; the best that it finds but the processor, if not given. */
  readonly device?: string;
  /** Compiled by `torch.compile` as well. */
  readonly compile: boolean;
  /** Times that each is measured. */
  readonly rounds: number;
  /** Seconds of one measurement; 0 runs a single step. */
  readonly seconds: number;
}

/** Measures PyTorch's own step on workloads. A text says why there are no figures. */
export async function measurePyTorch(
  workloads: readonly Workload[],
  { python, device, compile, rounds, seconds }: PyTorchOptions,
): Promise<PyTorchTimes | string> {
  const asked = workloads.map(({ name, config }) => {
    const { size, channels, ngf, ndf, latent, batch } = config;
    return { name, size, channels, ngf, ndf, latent, batch };
  });
  const args = [
    SCRIPT,
    ...["--workloads", JSON.stringify(asked), "--rounds", `${rounds}`, "--seconds", `${seconds}`],
    ...(device === undefined ? [] : ["--device", device]),
    ...(compile ? ["--compile"] : []),
  ];
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(python, { args, stdout: "piped", stderr: "piped" }).output();
  } catch (error) {
    return `Python not found, skipped: '${python}' does not start (${(error as Error).message})`;
  }
  const said = new TextDecoder().decode(output.stderr).trim();
  if (output.code !== 0) return said.split("\n").at(-1) || `${python} ended with exit code ${output.code}`;
  return parsePyTorchTimes(new TextDecoder().decode(output.stdout));
}

/**
 * Reads what the script wrote.
 *
 * @throws {SyntaxError} if it is not what the script writes.
 */
export function parsePyTorchTimes(text: string): PyTorchTimes {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`pytorch_step.py wrote no JSON: ${text.slice(0, 200)}`, { cause });
  }
  const { success, output, issues } = v.safeParse(SCHEMA, value);
  if (success) return output;
  throw new SyntaxError(`pytorch_step.py wrote something else than times: ${issues[0].message}`);
}
