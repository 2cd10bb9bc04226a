/** Which values a tree of threads merges, and how. */
export interface WorkgroupTree {
  /** Variable of each thread that holds its value; that of the first thread holds the result. */
  readonly value: string;
  /** Half of the number of threads, a power of two. */
  readonly half: string;
  /** Workgroup array that the threads exchange their values in. */
  readonly shared: string;
  /**
   * Number of a thread in its tree.
   *
   * @default {"thread"}
   */
  readonly lane?: string;
  /**
   * Place of a thread in the array.
   *
   * @default {"thread"}
   */
  readonly slot?: string;
  /** Distance in the array between neighbors in a tree: 1 if not given. */
  readonly stride?: string;
  /** Statement that merges another thread's value into this one's: adds them if not given. */
  readonly merge?: (other: string) => string;
  /**
   * Store each merged value at once: one barrier a step instead of two, and the result also lies in the array. A barrier
   * must follow before the array is read or used again.
   *
   * @default {false}
   */
  readonly stored?: boolean;
  /**
   * Only the threads whose values are merged into others store them, so that the array needs room for half of the
   * threads. Two barriers a step. Not together with `stored`.
   *
   * @default {false}
   */
  readonly halved?: boolean;
}

/** Statements that merge the values of a workgroup's threads in a tree, half of the threads at a time. */
export function workgroupTree(tree: WorkgroupTree): string {
  const { value, half, shared, lane = "thread", slot = "thread", stride } = tree;
  const merge = tree.merge ?? ((other: string) => `${value} += ${other};`);
  const other = `${shared}[${slot} + half${stride ? ` * ${stride}` : ""}]`;
  const store = `${shared}[${slot}] = ${value};`;
  if (tree.stored) {
    return `  ${store}
  for (var half = ${half}; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (${lane} < half) {
      ${merge(other)}
      ${store}
    }
  }`;
  }
  if (tree.halved) {
    const place = `${slot} - half${stride ? ` * ${stride}` : ""}`;
    return `  for (var half = ${half}; half > 0u; half /= 2u) {
    if (${lane} >= half && ${lane} < 2u * half) { ${shared}[${place}] = ${value}; }
    workgroupBarrier();
    if (${lane} < half) { ${merge(`${shared}[${slot}]`)} }
    workgroupBarrier();
  }`;
  }
  return `  for (var half = ${half}; half > 0u; half /= 2u) {
    ${store}
    workgroupBarrier();
    if (${lane} < half) { ${merge(other)} }
    workgroupBarrier();
  }`;
}
