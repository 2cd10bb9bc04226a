/**
 * Marks as XMP packets (ISO 16684-1), which every container of pictures and films has a place for. The packet
 * also says, for machines, that no camera took the picture: IPTC's digital source type
 * `trainedAlgorithmicMedia`.
 *
 * @module
 */
import type { Mark } from "./mark.ts";

/** What IPTC calls media that a trained model made. */
export const DIGITAL_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

/** The namespace of what this module says beyond the usual terms. */
const NAMESPACE = "urn:dcgan:mark:1";

/** The XMP packet of a mark. */
export function xmpOf({ software, description, made }: Mark): string {
  return [
    `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>`,
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">`,
    `<rdf:Description rdf:about=""`,
    ` xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"`,
    ` xmlns:xmp="http://ns.adobe.com/xap/1.0/"`,
    ` xmlns:dc="http://purl.org/dc/elements/1.1/"`,
    ` xmlns:dcgan="${NAMESPACE}"`,
    ` Iptc4xmpExt:DigitalSourceType="${DIGITAL_SOURCE_TYPE}"`,
    ` xmp:CreatorTool="${escaped(software)}"`,
    ` dcgan:made="${escaped(JSON.stringify(made))}">`,
    `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${
      escaped(description)
    }</rdf:li></rdf:Alt></dc:description>`,
    `</rdf:Description></rdf:RDF></x:xmpmeta>`,
    `<?xpacket end="r"?>`,
  ].join("");
}

/**
 * The mark in an XMP packet.
 *
 * @returns Undefined if the packet is not one of this module's.
 * @throws {SyntaxError} if it is, and what it says cannot be read.
 */
export function markOfXmp(xmp: string): Mark | undefined {
  if (!xmp.includes(`xmlns:dcgan="${NAMESPACE}"`)) return undefined;
  const software = /xmp:CreatorTool="([^"]*)"/.exec(xmp)?.[1];
  const json = /dcgan:made="([^"]*)"/.exec(xmp)?.[1];
  const description = /<rdf:li xml:lang="x-default">([^<]*)<\/rdf:li>/.exec(xmp)?.[1];
  if (software === undefined || json === undefined || description === undefined) {
    throw new SyntaxError(
      "Cannot read the mark: it lacks the software, the description or what it was made of",
    );
  }
  const made = parsed(plain(json));
  return { software: plain(software), description: plain(description), made };
}

function parsed(json: string): Mark["made"] {
  let made: unknown;
  try {
    made = JSON.parse(json);
  } catch (cause) {
    throw new SyntaxError("Cannot read the mark: what it was made of is not JSON", { cause });
  }
  if (typeof made === "object" && made !== null && !Array.isArray(made)) return made as Mark["made"];
  throw new SyntaxError("Cannot read the mark: what it was made of is not an object");
}

/** Characters that XML keeps for itself, and those that it allows nowhere else but escaped. */
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

function escaped(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, "\ufffd")
    .replaceAll(/[&<>"\n\r\t]/g, (one) => ENTITIES[one]!);
}

function plain(text: string): string {
  return text.replaceAll(
    /&(?:amp|lt|gt|quot|#10|#13|#9);/g,
    (entity) => Object.entries(ENTITIES).find(([, name]) => name === entity)![0],
  );
}
