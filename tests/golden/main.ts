/**
 * Holds the module to PyTorch's golden cases: `deno task golden DIR`.
 *
 * @module
 */
import { tableOf, VariantScope } from "../../src/gpu/contraction/variants/variant_scope.ts";
import { type Device, type FloatType, openDevice } from "../../src/gpu/mod.ts";
import { everyVariant as variantsOf } from "../../src/gpu/tuning/candidates.ts";
import { formatVariant } from "../../src/gpu/contraction/variants/variant.ts";
import { asCard } from "../support/other_adapters.ts";
import { runsInF16 } from "./half_tolerances.ts";
import {
  type CaseDescription,
  type CaseFolder,
  folderOnDisk,
  type Manifest,
  readManifest,
} from "./manifest.ts";
import { runCase } from "./run.ts";

const USAGE =
  `Usage: deno task golden DIR [--op NAME] [--except NAME] [--precision f32|f16] [--variants PATTERN] [--card] [--list]

Runs every case of DIR/manifest.json on the GPU and compares with the golden results.

  --op NAME           Only cases of this op, or of all ops that begin with it and a colon
  --except NAME       No cases of this op
  --precision f16     Keep tensors in floats of 16 bits: cases that these can hold, with tolerances of their own
  --variants PATTERN  Cases that multiply, once for each kernel variant that this adapter can run and the regular
                      expression matches; "." is all of them, which takes long
  --card              With the kernels of a graphics card, whatever the adapter is
  --list              Only say which cases there are`;

/** Ops that compute sums of products, which have several variants. */
const MULTIPLYING: ReadonlySet<string> = new Set([
  "matmul",
  "linear",
  "conv2d",
  "conv_transpose2d",
  "generator_eval",
  "chain",
  "dcgan_training",
]);

interface Options {
  folder: string;
  op: string | undefined;
  except: string | undefined;
  precision: FloatType;
  variants: RegExp | undefined;
  card: boolean;
  list: boolean;
}

/** Reads the command line; a text is what is wrong with it. */
function parseOptions(args: readonly string[]): Options | string {
  const folders: string[] = [];
  const options = {
    op: undefined as string | undefined,
    except: undefined as string | undefined,
    precision: "f32" as FloatType,
    variants: undefined as RegExp | undefined,
    card: false,
    list: false,
  };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--list") options.list = true;
    else if (arg === "--card") options.card = true;
    else if (arg === "--op") {
      options.op = args[++i];
      if (options.op === undefined) return "'--op' needs the name of an op";
    } else if (arg === "--except") {
      options.except = args[++i];
      if (options.except === undefined) return "'--except' needs the name of an op";
    } else if (arg === "--precision") {
      const precision = args[++i];
      if (precision !== "f32" && precision !== "f16") return "'--precision' needs f32 or f16";
      options.precision = precision;
    } else if (arg === "--variants") {
      const pattern = args[++i];
      const variants = pattern === undefined ? undefined : toPattern(pattern);
      if (!variants) return "'--variants' needs a regular expression, such as '^tiled' or '.'";
      options.variants = variants;
    } else if (arg.startsWith("-")) return `There is no option '${arg}'`;
    else folders.push(arg);
  }
  if (folders.length !== 1) return `Expected one folder, found ${folders.length}`;
  return { folder: folders[0]!, ...options };
}

function toPattern(text: string): RegExp | undefined {
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
}

function select(
  { folder, cases }: Manifest,
  { op, except, precision, variants }: Options,
): readonly CaseDescription[] {
  const able = cases.filter((description) =>
    description.op !== except && (precision === "f32" || runsInF16(description)) &&
    (!variants || MULTIPLYING.has(description.op))
  );
  const selected = op === undefined
    ? able
    : able.filter((description) => description.op === op || description.op.startsWith(`${op}:`));
  if (selected.length > 0) return selected;
  const ops = [...new Set(able.map((description) => description.op))].join(", ") || "none";
  throw new RangeError(
    `No case${op === undefined ? "" : ` of op '${op}'`} in ${folder.path}: its ops are ${ops}`,
  );
}

interface Count {
  passed: number;
  failed: number;
}

async function run(
  folder: CaseFolder,
  cases: readonly CaseDescription[],
  { precision, variants: pattern, card }: Options,
): Promise<number> {
  using opened = await openDevice();
  const device = card ? asCard(opened) : opened;
  if (precision === "f16") device.expectF16();
  console.log(`Cases of ${folder.path} on ${device.adapter.name} in ${precision}: ${cases.length}`);
  const total: Count = { passed: 0, failed: 0 };
  if (pattern) {
    for (const variant of variantsOf(device).map(formatVariant).filter((text) => pattern.test(text))) {
      using variants = new VariantScope(device, { get: () => variant });
      const { passed, failed } = await runCases(device, folder, cases, precision);
      const taken = [...tableOf(variants.taken).values()].filter((one) => one === variant).length;
      console.log(
        `${variant}: ${passed} of ${passed + failed}, in ${taken} of ${variants.taken.size} products`,
      );
      total.passed += passed;
      total.failed += failed;
    }
  } else {
    Object.assign(total, await runCases(device, folder, cases, precision));
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

async function runCases(
  device: Device,
  folder: CaseFolder,
  cases: readonly CaseDescription[],
  precision: FloatType,
): Promise<Count> {
  let failed = 0;
  for (const description of cases) {
    const { problems, note } = await runCase(device, folder, description, precision);
    if (note) console.log(`note ${description.id} ${note}`);
    if (problems.length === 0) continue;
    failed++;
    console.log([`FAIL ${description.id} (${description.op})`, ...problems].join("\n  "));
  }
  return { passed: cases.length - failed, failed };
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(USAGE);
    return 0;
  }
  const options = parseOptions(args);
  if (typeof options === "string") {
    console.error(`${options}\n\n${USAGE}`);
    return 2;
  }
  try {
    const cases = select(await readManifest(folderOnDisk(options.folder)), options);
    if (!options.list) return await run(folderOnDisk(options.folder), cases, options);
    for (const { id, op } of cases) console.log(`${op}\t${id}`);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
