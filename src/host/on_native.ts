/** Imported by entry points for Deno, Node and Bun, before anything else. */
import { createDenoHost } from "./deno.ts";
import { offerHost } from "./host.ts";
import { createNodeHost } from "./node.ts";

offerHost("Deno" in globalThis ? createDenoHost() : createNodeHost());
