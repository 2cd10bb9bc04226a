/** Our own contestant, in a process of Deno. */
import "../../src/host/on_native.ts";
import { openOurs } from "./our_contestant.ts";
import { problemFromArguments } from "./problem.ts";
import { serve } from "./protocol.ts";

await serve(() => openOurs(problemFromArguments()));
