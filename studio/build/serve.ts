/** Types of the files of the page. */
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
};

/**
 * Serves the built page on this machine alone.
 *
 * @param folder What was built.
 * @param port 0 for any that is free.
 */
export function serveStudio(folder: URL, port: number): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
    const name = new URL(request.url).pathname.slice(1) || "index.html";
    const type = TYPES[name.split(".").at(-1)!];
    // Only files of the folder itself, and only of kinds that are there
    if (!/^[a-z_]+\.[a-z]+$/.test(name) || !type) return new Response("Not found", { status: 404 });
    try {
      const body = await Deno.readFile(new URL(name, folder));
      return new Response(body, { headers: { "content-type": type, "cache-control": "no-cache" } });
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return new Response("Not found", { status: 404 });
      throw cause;
    }
  });
}
