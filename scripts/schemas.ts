/**
 * Writes the JSON schema of all that commands give with `--json`: `deno task schemas`. It is made of the schemas that
 * the commands' own types come from.
 */
import "../src/host/on_native.ts";
import { toJsonSchema, toJsonSchemaDefs } from "@valibot/to-json-schema";
import { documents, events } from "../src/cli/json/documents.ts";
import { shared } from "../src/cli/json/schemas/parts.ts";
import { OUTPUT_VERSION } from "../src/cli/json/output.ts";

/** Where it is, from the root of the package. */
export const SCHEMA_PATH = "schemas/output.json";

/** A JSON schema. */
type Schema = Record<string, unknown>;

/**
 * Checks by code have no words in JSON schema; they are of options, which people give. What several documents have is
 * written once.
 */
const HOW = {
  errorMode: "ignore",
  target: "draft-2020-12",
  definitions: shared,
} as const;

/** One schema for every document and event: each is told by its `type`. */
export function outputSchema(): Schema {
  const all = { ...documents, ...Object.fromEntries(Object.entries(events).map(eventName)) };
  const definitions = Object.entries(all).map(([name, schema]) => {
    const { $schema: _, $defs: __, properties, required = [], ...rest } = toJsonSchema(schema, HOW) as
      & Schema
      & { required?: string[] };
    const type = name.replace(EVENT, "");
    const head = { type: { const: type }, version: { const: OUTPUT_VERSION } };
    return [name, {
      ...rest,
      properties: { ...head, ...properties as object },
      required: ["type", "version", ...required],
    }];
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Output of @x/dcgan with --json",
    description:
      "A document of a command, or an event of train, which writes one a line. type says which it is. " +
      "Fields may be added; version grows if one goes or changes its meaning.",
    oneOf: definitions.map(([name]) => ({ $ref: `#/$defs/${name}` })),
    $defs: { ...Object.fromEntries(definitions), ...toJsonSchemaDefs(shared, HOW) },
  };
}

const EVENT = /^event-/;

function eventName([type, schema]: [string, (typeof events)[keyof typeof events]]) {
  return [`event-${type}`, schema] as const;
}

/** Its text, as the file holds it. */
export function schemaText(): string {
  return JSON.stringify(outputSchema(), undefined, 2) + "\n";
}

if (import.meta.main) await Deno.writeTextFile(new URL(`../${SCHEMA_PATH}`, import.meta.url), schemaText());
