import type { MimeBundle } from "../../src/pictures/notebook/mime_bundle.ts";

/** What a notebook shows of a value, which must show itself. */
export async function bundleOf(value: object): Promise<MimeBundle> {
  return await (value as Record<symbol, () => MimeBundle | Promise<MimeBundle>>)[
    Symbol.for("Jupyter.display")
  ]!();
}
