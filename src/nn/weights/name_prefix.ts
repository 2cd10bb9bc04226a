/**
 * The prefix that all names of a state dict share. It describes what wraps a network, not the network itself:
 * `module.` of DataParallel, `_orig_mod.` of torch.compile, `netG.` of a larger module, `main.` of a Sequential with a
 * name.
 *
 * @module
 */

/**
 * The parts that all names begin with, such as `module.main.`; empty if they begin differently. Two parts always
 * stay: a layer and its tensor.
 */
function commonPrefix(names: Iterable<string>): string {
  let shared: string[] | undefined;
  for (const name of names) {
    const parts = name.split(".").slice(0, -2);
    shared ??= parts;
    const end = shared.findIndex((part, at) => part !== parts[at]);
    if (end >= 0) shared = shared.slice(0, end);
  }
  return (shared ?? []).map((part) => `${part}.`).join("");
}

/** A state dict whose names do not all begin alike. */
export function withoutPrefix<T>(tensors: ReadonlyMap<string, T>): Map<string, T> {
  const { length } = commonPrefix(tensors.keys());
  return new Map([...tensors].map(([name, tensor]) => [name.slice(length), tensor]));
}

/**
 * A state dict under the names of a network, whatever its own names and the network's begin with. If even so none is
 * one of the network's, and if one already is, its names stay as they are.
 */
export function underNamesOf<T>(
  names: ReadonlySet<string>,
  tensors: ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  const isKnown = (name: string) => names.has(name);
  if ([...tensors.keys()].some(isKnown)) return tensors;
  const prefix = commonPrefix(names);
  const renamed = [...withoutPrefix(tensors)].map(([name, tensor]) => [prefix + name, tensor] as const);
  return renamed.some(([name]) => isKnown(name)) ? new Map(renamed) : tensors;
}
