import config from "../../../deno.json" with { type: "json" };

/** This module and its version, which exported files name. */
export const SOFTWARE = { name: config.name, version: config.version } as const;
