import type { Kernel } from "../../../src/gpu/kernel/kernel.ts";
import type { Family } from "../../../src/gpu/device/family.ts";
import type { TakenVariant } from "../../../src/gpu/contraction/variants/variant_scope.ts";
import type { Row, Rows } from "../table/table.ts";
import { type Card, CARDS, recordingDevice } from "./cards.ts";
import { underfilledShare } from "./filling.ts";
import { type Precision, record, type Recorded } from "./record.ts";
import { variantKernels } from "./variants.ts";
import { CARD_WORKLOADS } from "./workloads.ts";

const PRECISIONS: readonly Precision[] = ["f32", "f16"];

/** A kernel that a card runs by default. */
export interface DefaultText {
  readonly card: string;
  readonly family: Family;
  readonly precision: Precision;
  readonly kernel: Kernel;
  /** Whether it computes sums of products. */
  readonly contracts: boolean;
}

/** A kernel of a variant that the tuner tries. */
export interface VariantText {
  readonly family: Family;
  readonly kernel: Kernel;
  /** What it computes, if it is one of the layer in the middle of M in f32, whose variants are held one by one. */
  readonly middle?: { readonly direction: string; readonly variant: string };
}

/** What the module would run on cards. */
export interface Texts {
  readonly defaults: readonly DefaultText[];
  readonly variants: readonly VariantText[];
  /** By card and workload: launches, and how much of the work is done by too few threads. */
  readonly cards: Readonly<Record<string, Rows>>;
}

/** Records every workload on every card, without a GPU; the tuner's variants take most of the time. */
export function recordTexts({ variants: withVariants }: { readonly variants: boolean }): Texts {
  const recordings = CARDS.flatMap((card) =>
    PRECISIONS.flatMap((precision) =>
      CARD_WORKLOADS.map((workload) => ({
        card,
        precision,
        workload,
        recorded: record(card, workload, precision),
      }))
    )
  );
  const cards: Record<string, Record<string, Row>> = {};
  for (const { card, precision, workload, recorded: { launches } } of recordings) {
    if (precision !== "f32") continue;
    const row = { launches: launches.length, underfilled: underfilledShare(launches, card) };
    (cards[card.name] ??= {})[workload.name] = row;
  }
  const defaults = recordings.flatMap(({ card, precision, recorded }) =>
    defaultTexts(card, precision, recorded)
  );
  const variants = recordings
    // Cards of one family have the same candidates
    .filter(({ card }) => withVariants && CARDS.find(({ family }) => family === card.family) === card)
    .flatMap(({ card, precision, recorded }) =>
      recorded.contractions.flatMap((taken) => variantTexts(card, precision, taken))
    );
  return {
    defaults: distinctBy(
      defaults,
      ({ card, precision, kernel }) => `${card} ${precision} ${kernel.code}`,
    ),
    variants: distinctBy(
      variants,
      ({ family, kernel, middle }) => `${family} ${middle?.variant} ${kernel.code}`,
    ),
    cards,
  };
}

function defaultTexts({ name, family }: Card, precision: Precision, { launches }: Recorded): DefaultText[] {
  return launches.map(({ kernel, work }) => ({
    card: name,
    family,
    precision,
    kernel,
    contracts: work !== undefined,
  }));
}

function variantTexts(
  { family, ...card }: Card,
  precision: Precision,
  { contraction }: TakenVariant,
): VariantText[] {
  using device = recordingDevice({ family, ...card });
  const { geometry: g, direction } = contraction;
  const isMiddle = precision === "f32" && direction !== undefined && g?.inputs === 64 && g.outputs === 128;
  return variantKernels(device, contraction).map(({ kernel, variant, isMain }) => ({
    family,
    kernel,
    ...(isMiddle && isMain ? { middle: { direction, variant } } : {}),
  }));
}

function distinctBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
