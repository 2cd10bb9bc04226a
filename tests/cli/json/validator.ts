import { Ajv2020 } from "ajv/dist/2020.js";
import { outputSchema } from "../../../scripts/schemas.ts";

/** A part of a JSON schema. */
type Schema = { [key: string]: unknown };

/** The published schema, but for fields that it does not name: outputs may get more, tests want each to be described. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== "object" || part === null) return part;
  const inner = Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, closed(value)]),
  ) as Schema;
  return "properties" in inner && inner.type === "object" ? { additionalProperties: false, ...inner } : inner;
}

const ajv = new Ajv2020({ strict: false, formats: { "date-time": /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ } });
const schema = closed(outputSchema()) as Schema & { $defs: Schema };
ajv.addSchema(schema, "output");

/** What a document breaks of the schema of its type; nothing if it is as it must be. */
export function problemsOf(document: { readonly type?: string }, isEvent = false): string[] {
  const name = isEvent && document.type !== "error" ? `event-${document.type}` : document.type!;
  const validate = ajv.getSchema(`output#/$defs/${name}`);
  if (!validate) return [`the schema has no ${name}`];
  if (validate(document)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${name}${instancePath} ${message} ${JSON.stringify(params)}`
  );
}
