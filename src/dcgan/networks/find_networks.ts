/**
 * The networks among the tensors of a file, which may hold a generator, a discriminator, averages of them and
 * what is around them.
 *
 * @module
 */
import {
  isDiscriminator,
  isGenerator,
  type NamedShapes,
  type Shaped,
  type WithoutClasses,
  withoutClasses,
  withPlainWeights,
} from "./network_kinds.ts";

/** A network among the tensors of a file. */
export interface FoundNetwork<T extends Shaped> extends WithoutClasses<T> {
  /** What its names begin with, if others are in the file: `netG`. */
  readonly path: string;
  /** What it is, by its shapes. */
  readonly kind: "generator" | "discriminator";
}

/** The tensors themselves or, if they are not one of our networks, those under each of their first names. */
export function* networksIn<T extends Shaped>(
  tensors: NamedShapes<T>,
  path = "",
): Generator<FoundNetwork<T>> {
  const network = withoutClasses(tensors);
  const { layers } = network;
  if (isGenerator(layers)) return yield { ...network, path, kind: "generator" };
  if (isDiscriminator(withPlainWeights(layers))) return yield { ...network, path, kind: "discriminator" };
  const parts = Map.groupBy(layers, ([name]) => name.split(".")[0]!);
  if (parts.size < 2) return;
  for (const [name, members] of parts) {
    yield* networksIn(new Map(members), path === "" ? name : `${path}.${name}`);
  }
}

/** Which of several networks. */
export interface NetworkChoice {
  /** What its names begin with. */
  readonly name?: string | undefined;
  /** What to do if there are several and none is named. */
  readonly advice?: string;
}

/**
 * The one network of a kind.
 *
 * @param source What holds them, to begin a message.
 * @returns Undefined if there is none.
 * @throws {RangeError} if there are several and none is named, or there is none of that name.
 */
export function theNetwork<T extends Shaped>(
  networks: readonly FoundNetwork<T>[],
  kind: "generator" | "discriminator",
  source: string,
  { name, advice = 'Name one of them with "network"' }: NetworkChoice = {},
): FoundNetwork<T> | undefined {
  const found = networks.filter((network) => network.kind === kind);
  const paths = found.map(({ path }) => path);
  if (name !== undefined) {
    const named = found.filter(({ path }) => path === name);
    if (named.length === 1) return named[0];
    throw new RangeError(
      `${source} has no ${kind} named ${JSON.stringify(name)}: it must be ${
        paths.every((path) => path === "") ? "left out, as the file has only one" : listed(paths)
      }`,
    );
  }
  if (found.length <= 1) return found[0];
  throw new RangeError(
    `${source} holds ${found.length} ${kind}s: ${paths.join(", ")}. ${advice}`,
  );
}

/** The tensors of a network, by their names in the file. */
export function tensorsOf<T extends Shaped>(
  { layers, vectors }: FoundNetwork<T>,
  all: NamedShapes<T>,
): Map<string, T> {
  const own = new Set([...layers.values(), vectors]);
  return new Map([...all].filter(([, tensor]) => own.has(tensor)));
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "left out, as the file has none" : names.join(" or ");
}
