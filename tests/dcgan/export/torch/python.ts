/** Where Debian has a Python with PyTorch, then whatever is found first. */
const PROGRAMS = ["/usr/bin/python3", "python3"];

/** A Python that has PyTorch; undefined if this machine has none. */
export const python: string | undefined = await find();

async function find(): Promise<string | undefined> {
  for (const program of PROGRAMS) {
    const { success } = await new Deno.Command(program, {
      args: ["-c", "import torch, numpy"],
      stdout: "null",
      stderr: "null",
    }).output().catch(() => ({ success: false }));
    if (success) return program;
  }
  return undefined;
}

/** Runs Python, and returns what it wrote. */
export async function runPython(args: readonly string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(python!, {
    args: [...args],
    cwd,
    env: { OMP_NUM_THREADS: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** A test that needs PyTorch. Its name says so where there is none. */
export function pythonTest(name: string, body: () => Promise<void>): void {
  const skipped = python === undefined;
  Deno.test({
    name: skipped ? `${name} (skipped: no Python with PyTorch)` : name,
    ignore: skipped,
    fn: body,
  });
}
