/** Imported by entry points for browsers, before anything else. */
import { privateHost } from "./browser.ts";
import { offerHost } from "./host.ts";

offerHost(privateHost());
