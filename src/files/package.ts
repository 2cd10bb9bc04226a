/** Name and version of this package, as in `deno.json`, which packages for npm lack. */
export const PACKAGE = { name: "@x/dcgan", version: "0.1.0" } as const;
