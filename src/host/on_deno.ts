/** Imported by entry points for Deno, before anything else. */
import { denoHost } from "./deno.ts";
import { offerHost } from "./host.ts";

offerHost(denoHost);
