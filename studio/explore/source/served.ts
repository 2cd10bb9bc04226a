import type { StudioContext } from "../../context.ts";
import type { SourceBar } from "./source_bar.ts";

/** What `serve` puts in the page: where the generator is that it serves. */
const META = 'meta[name="dcgan-generator"]';

/** Opens the generator of a run that is served with the page, and shows it. Other pages have none. */
export async function openServed(context: StudioContext, source: SourceBar): Promise<void> {
  const found = document.querySelector<HTMLMetaElement>(META);
  if (!found) return;
  const { content: place, dataset: { latents } } = found;
  const answer = await fetch(place);
  if (!answer.ok) {
    throw new Error(`Cannot open the generator: ${place} must be there, found status ${answer.status}`);
  }
  const name = place.split("/").at(-1)!;
  const file = new File([await answer.blob()], name);
  context.show("explore");
  await source.open([{ path: name, file }], latents === "uniform" ? "uniform" : "normal");
}
