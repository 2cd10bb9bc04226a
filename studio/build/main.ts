/** Builds the studio page, and serves it: `deno task studio [--port 8000] [--build-only]`. */
import { parseArgs } from "node:util";
import { buildStudio, DIST } from "./build.ts";
import { serveStudio } from "./serve.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    port: { type: "string", default: "0" },
    "build-only": { type: "boolean", default: false },
  },
});

await buildStudio();
if (!values["build-only"]) {
  const { addr } = serveStudio(DIST, Number(values.port));
  console.log(`The studio is at http://127.0.0.1:${addr.port}/ (Ctrl-C ends it)`);
}
