/** How a person starts this program, to copy from a message: from a clone, or from the registry. */
export function invocation(cli: URL = new URL("../../cli.ts", import.meta.url)): string {
  if (cli.protocol !== "file:") return "deno run -A jsr:@x/dcgan/cli";
  const path = decodeURIComponent(cli.pathname);
  const here = decodeURIComponent(new URL(`file://${Deno.cwd()}/`).pathname);
  return `deno run -A ${path.startsWith(here) ? path.slice(here.length) : path}`;
}
