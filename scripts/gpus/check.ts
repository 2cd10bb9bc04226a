import type { Kernel } from "../../src/gpu/kernel/kernel.ts";
import { messagesOfTint } from "./compile/check_texts.ts";
import { compileKernels, type Tools } from "./compile/compile.ts";
import { type Compiler, COMPILERS } from "./compile/compilers.ts";
import { type Statistics, statisticsOf } from "./compile/statistics.ts";
import { buildIntelStub } from "./drivers/intel_stub.ts";
import { buildLayer } from "./drivers/layer.ts";
import { ensure, FOR_INTEL_STUB, FOR_LAYER } from "./drivers/needs.ts";
import { MissingError } from "./drivers/missing.ts";
import { kernelRows, variantRows } from "./table/rows.ts";
import { EMPTY_TABLE, replaceFound, type Table } from "./table/table.ts";
import { type DefaultText, recordTexts, type Texts } from "./record/texts.ts";

/** Something that could not be looked at, since the machine lacks what it needs. */
export interface Skipped {
  readonly part: string;
  readonly why: string;
}

/** What was found. */
export interface Findings {
  /** Of what was looked at. */
  readonly table: Table;
  /** A sentence for each compiler that failed, and for each kernel that one refused or warned of. */
  readonly failures: readonly string[];
  readonly skipped: readonly Skipped[];
  /** Texts that each compiler was given. */
  readonly texts: Readonly<Record<string, number>>;
}

/** Parts that can be looked at, each by itself. */
export const PARTS: readonly string[] = ["launches", ...COMPILERS.map(({ name }) => name), "tint"];

/** What takes less than a minute, and needs no source of Mesa. */
export const FAST_PARTS: readonly string[] = [
  "launches",
  ...COMPILERS.filter(({ driver }) => driver === "radeon").map(({ name }) => name),
  "tint",
];

/** What is looked at. */
export interface CheckOptions {
  readonly parts: readonly string[];
  /** Whether Mesa's compilers are given every variant that the tuner tries, and not only those of one layer. */
  readonly everyVariant: boolean;
}

/** Records what the module would run on cards, and gives it to compilers. A part that cannot be had is skipped. */
export async function checkCards(
  { parts, everyVariant }: CheckOptions,
  say: (what: string) => void,
): Promise<Findings> {
  say("Recording launches");
  const texts = recordTexts({ variants: parts.some((part) => part !== "launches") });
  const kernels = distinct([...texts.defaults, ...texts.variants].map(({ kernel }) => kernel));
  let table: Table = parts.includes("launches") ? { ...EMPTY_TABLE, cards: texts.cards } : EMPTY_TABLE;
  const failures: string[] = [];
  const skipped: Skipped[] = [];
  const counts: Record<string, number> = {};
  const folder = await Deno.makeTempDir({ prefix: "check-gpus-" });
  const attempt = async (part: string, of: readonly Kernel[], look: () => Promise<void>): Promise<void> => {
    if (!parts.includes(part)) return;
    try {
      say(`${part}: ${of.length} kernels`);
      await look();
      counts[part] = of.length;
    } catch (error) {
      const why = (error as Error).message;
      if (error instanceof MissingError) skipped.push({ part, why });
      else failures.push(`${part}: ${why}`);
    }
  };
  try {
    for (const compiler of COMPILERS) {
      const own = textsFor(compiler, texts, everyVariant);
      await attempt(compiler.name, own, async () => {
        const found = await compileAll(compiler, own, folder);
        failures.push(...found.refused);
        table = replaceFound(table, tableOf(compiler, texts, found));
      });
    }
    await attempt("tint", kernels, async () => {
      const found = await messagesOfTint(kernels, folder);
      failures.push(
        ...kernels.flatMap(({ label }, i) => found[i]!.map((message) => `tint, ${label}: ${message}`)),
      );
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return { table, failures: [...new Set(failures)], skipped, texts: counts };
}

/** Default kernels of the families that a compiler is given, and variants of the first of them. */
function textsFor(compiler: Compiler, { defaults, variants }: Texts, everyVariant: boolean): Kernel[] {
  const [own] = compiler.families;
  return distinct([
    ...defaultsFor(compiler, defaults),
    ...variants.filter(({ family, middle }) => family === own && (everyVariant || middle)),
  ].map(({ kernel }) => kernel));
}

function defaultsFor({ families, except = [] }: Compiler, defaults: readonly DefaultText[]): DefaultText[] {
  return defaults.filter(({ card, family }) => families.includes(family) && !except.includes(card));
}

function distinct(kernels: readonly Kernel[]): Kernel[] {
  return [...new Map(kernels.map((kernel) => [kernel.code, kernel])).values()];
}

/** What a compiler made of kernels. */
interface Made {
  readonly driver: string;
  readonly statistics: ReadonlyMap<string, Statistics>;
  readonly refused: readonly string[];
}

async function compileAll(compiler: Compiler, kernels: readonly Kernel[], folder: string): Promise<Made> {
  const { device, results } = await compileKernels(compiler, kernels, await toolsFor(compiler, folder));
  const statistics = new Map<string, Statistics>();
  const refused: string[] = [];
  for (const [i, kernel] of kernels.entries()) {
    try {
      statistics.set(kernel.code, statisticsOf(results[i]!));
    } catch (error) {
      refused.push(`${compiler.name}, ${kernel.label}: ${(error as Error).message}`);
    }
  }
  return { driver: device.driver, statistics, refused };
}

async function toolsFor({ driver }: Compiler, folder: string): Promise<Tools> {
  await ensure(driver === "intel" ? FOR_INTEL_STUB : FOR_LAYER);
  await buildLayer(folder);
  return { folder, ...(driver === "intel" ? { intelStub: await buildIntelStub() } : {}) };
}

function tableOf(compiler: Compiler, { defaults, variants }: Texts, made: Made): Table {
  const { name, families: [own] } = compiler;
  return {
    ...EMPTY_TABLE,
    drivers: { [name]: made.driver },
    kernels: { [name]: kernelRows(defaultsFor(compiler, defaults), made.statistics) },
    variants: { [name]: variantRows(variants, own!, made.statistics) },
  };
}
