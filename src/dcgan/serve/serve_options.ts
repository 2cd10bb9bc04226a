import { checkOptions, type OptionKinds } from "../explore/check_options.ts";
import { GENERATOR_KINDS, type GeneratorOptions } from "../explore/generator_options.ts";
import { integer, type OptionKind, text } from "../options/option.ts";
import * as v from "valibot";
import { LOOPBACK } from "./http/hosts.ts";

/** Options of {@linkcode serve}. */
export interface ServeOptions extends Omit<GeneratorOptions, "map" | "statistics" | "truncation"> {
  /**
   * Address or name to listen at. Only this machine can ask at `127.0.0.1`, `::1` and `localhost`; with
   * `0.0.0.0` everybody can who reaches this machine.
   *
   * @default {"127.0.0.1"}
   */
  host?: string;
  /**
   * The port, from 0 to 65535; 0 for a free one.
   *
   * @default {8000}
   */
  port?: number;
  /**
   * Origin whose web pages may read answers, such as `https://example.com`, or `*` for all.
   *
   * @default {none}
   */
  cors?: string;
  /**
   * Pictures of several requests that are drawn together at most, from 1 to 64.
   *
   * @default {64}
   */
  batch?: number;
  /**
   * Pictures that wait at most, from 1 to 65536. Requests beyond are refused, with status 503.
   *
   * @default {1024}
   */
  queue?: number;
  /**
   * Seconds that a request waits at most until it has been drawn, from 1 to 3600. Then it is refused, with
   * status 503.
   *
   * @default {30}
   */
  patience?: number;
}

/** Options that a program chooses nothing for. */
export const SERVE_DEFAULTS = { host: LOOPBACK, port: 8000, batch: 64, queue: 1024, patience: 30 } as const;

/** Who may read answers from web pages. */
function origin(): OptionKind<string> {
  const isOrigin = (value: string) => value === "*" || URL.parse(value)?.origin === value;
  return {
    allowed: "an origin, such as https://example.com, or *",
    schema: v.pipe(v.string(), v.check(isOrigin)),
    fromText: (text) => text,
  };
}

/** What each option may be. */
export const SERVE_KINDS = {
  host: text("an address or a name of this machine"),
  port: integer(0, 65535),
  cors: origin(),
  batch: integer(1, 64),
  queue: integer(1, 65536),
  patience: integer(1, 3600),
  latentDistribution: GENERATOR_KINDS.latentDistribution,
  from: GENERATOR_KINDS.from,
  ema: GENERATOR_KINDS.ema,
  emaLength: GENERATOR_KINDS.emaLength,
  network: GENERATOR_KINDS.network,
  offline: GENERATOR_KINDS.offline,
} as const satisfies OptionKinds<ServeOptions>;

/**
 * Throws if an option is unknown or not allowed.
 *
 * @throws {TypeError} if it is unknown.
 * @throws {RangeError} otherwise.
 */
export function checkServeOptions(options: ServeOptions): void {
  checkOptions<ServeOptions>("serve()", "serve", options, SERVE_KINDS);
}
