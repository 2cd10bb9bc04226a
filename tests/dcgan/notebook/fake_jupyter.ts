import type { Jupyter } from "../../../src/dcgan/notebook/jupyter.ts";
import type { MimeBundle } from "../../../src/pictures/notebook/mime_bundle.ts";

/** A message to a notebook. */
export interface Sent {
  readonly type: string;
  readonly data: MimeBundle;
  readonly id: string;
}

/** Stands in for the kernel's side of a notebook, and keeps what is sent there. */
export function fakeJupyter(): { jupyter: Jupyter; messages: Sent[] } {
  const messages: Sent[] = [];
  const jupyter: Jupyter = {
    broadcast(type, content) {
      const { data, transient } = content as { data: MimeBundle; transient: { display_id: string } };
      messages.push({ type, data, id: transient.display_id });
    },
  };
  return { jupyter, messages };
}

/** The lines that are printed meanwhile. */
export async function printedBy(work: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (...parts: unknown[]) => void lines.push(parts.join(" "));
  try {
    await work();
  } finally {
    console.log = log;
  }
  return lines;
}
