/** What notebooks need of `Deno.jupyter`. */
export interface Jupyter {
  /** Sends a message to all who watch the notebook. */
  broadcast(type: string, content: Readonly<Record<string, unknown>>): void | Promise<void>;
}

/** Deno's side of the notebook that this runs in; undefined anywhere else, where `Deno.jupyter` throws. */
export function findJupyter(): Jupyter | undefined {
  try {
    return (Deno as { readonly jupyter?: Jupyter }).jupyter;
  } catch {
    return undefined;
  }
}
