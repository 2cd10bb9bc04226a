import * as v from "valibot";

const SCHEMA = v.object({ version: v.string(), onednn: v.boolean() });

/** A Python that has PyTorch. */
export interface PyTorch extends v.InferOutput<typeof SCHEMA> {
  /** The program. */
  readonly python: string;
}

/** Why PyTorch takes no part. */
export interface NoPyTorch {
  /** A sentence. */
  readonly skipped: string;
}

/** Looked for if none is named: the first of the path, and Debian's own, for which it packages PyTorch. */
const PYTHONS = ["python3", "/usr/bin/python3"];

const QUESTION = `import json, torch
print(json.dumps({"version": torch.__version__, "onednn": torch.backends.mkldnn.is_available()}))`;

/** The first Python that has PyTorch, of the one named or of those that are usually there. */
export async function findPyTorch(named?: string): Promise<PyTorch | NoPyTorch> {
  const pythons = named === undefined ? PYTHONS : [named];
  for (const python of pythons) {
    const found = await ask(python);
    if (found) return { python, ...found };
  }
  return {
    skipped: `PyTorch is left out: no Python with the module torch was found as ${pythons.join(" or ")}. ` +
      "--python names one; Debian's package is python3-torch.",
  };
}

async function ask(python: string): Promise<v.InferOutput<typeof SCHEMA> | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(python, { args: ["-c", QUESTION], stderr: "null" })
      .output();
    return success ? v.parse(SCHEMA, JSON.parse(new TextDecoder().decode(stdout))) : undefined;
  } catch (error) {
    // Not there, or something that is no Python: either way it has no PyTorch.
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError || v.isValiError(error)) {
      return undefined;
    }
    throw error;
  }
}
