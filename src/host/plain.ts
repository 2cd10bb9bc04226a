import type { Host } from "./host.ts";
import { crc32 } from "./web/crc32.ts";

/**
 * A runtime of which little is used but WebGPU, whichever it is: for bundles that must stay small. Whatever else
 * is asked of it is an error.
 */
export function plainHost(): Host {
  const known: Partial<Host> = {
    runtime: (globalThis.navigator as Navigator | undefined)?.userAgent ?? "JavaScript",
    kind: "Deno" in globalThis ? "deno" : "process" in globalThis ? "node" : "browser",
    system: "",
    arch: "",
    gpu: () => Promise.resolve((globalThis.navigator as Navigator | undefined)?.gpu),
    env: () => undefined,
    crc32,
  };
  return new Proxy(known as Host, {
    get(host, name) {
      if (name in host) return host[name as keyof Host];
      throw new Error(
        `Cannot use ${String(name)} here: only WebGPU is there. Import @x/dcgan, or @x/dcgan/web in a page`,
      );
    },
  });
}
