import { python } from "../python.ts";

/** What processes of Python wrote, and whether all ended well. */
export interface Ended {
  readonly success: boolean;
  readonly output: string;
  readonly errors: string;
}

/** Runs a script in some processes that know of each other, as `torchrun` starts them. */
export async function runTogether(count: number, args: readonly string[], cwd: string): Promise<Ended> {
  const port = freePort();
  const ended = await Promise.all(Array.from({ length: count }, (_, rank) =>
    new Deno.Command(python!, {
      args: [...args],
      cwd,
      env: {
        OMP_NUM_THREADS: "1",
        MASTER_ADDR: "127.0.0.1",
        MASTER_PORT: `${port}`,
        WORLD_SIZE: `${count}`,
        RANK: `${rank}`,
        LOCAL_RANK: `${rank}`,
      },
    }).output()));
  return joined(ended);
}

/** Runs Python by itself. */
export async function runAlone(args: readonly string[], cwd: string): Promise<Ended> {
  const env = { OMP_NUM_THREADS: "1" };
  return joined([await new Deno.Command(python!, { args: [...args], cwd, env }).output()]);
}

/** A port that nothing listens on. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function joined(ended: readonly Deno.CommandOutput[]): Ended {
  const text = (bytes: readonly Uint8Array[]) => bytes.map((one) => new TextDecoder().decode(one)).join("");
  return {
    success: ended.every(({ success }) => success),
    output: text(ended.map(({ stdout }) => stdout)),
    errors: text(ended.map(({ stderr }) => stderr)),
  };
}

const UNUSED = `
import ast, sys
tree = ast.parse(open(sys.argv[1]).read())
known = {alias.asname or alias.name.split(".")[0] for node in ast.walk(tree)
         if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names}
known |= {target.id for node in tree.body if isinstance(node, ast.Assign)
          for each in node.targets for target in ast.walk(each) if isinstance(target, ast.Name)}
known |= {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
print(*sorted(known - used))
`;

/** Names that a script imports or sets, and never uses: none, if it has only what its run needs. */
export async function unusedNames(script: string): Promise<string> {
  return (await runAlone(["-c", UNUSED, script], ".")).output.trim();
}
