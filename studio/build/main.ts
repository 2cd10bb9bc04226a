/** Builds the studio page, and serves it: `deno task studio [--port 8000] [--build-only]`. */
import "../../src/host/on_native.ts";
import { buildStudio } from "./build.ts";

const isBuildOnly = Deno.args.includes("--build-only");
await buildStudio();
if (!isBuildOnly) {
  const { main } = await import("../../src/cli/main.ts");
  Deno.exit(await main(["studio", ...Deno.args]));
}
