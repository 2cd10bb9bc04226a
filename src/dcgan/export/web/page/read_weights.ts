/// <reference lib="dom" />
/** Where the page finds its weights. */

/** Name of the file beside the page. */
const WEIGHTS = "generator.safetensors";

declare global {
  /** The same in base64, which pages that are opened from a disk may load. */
  var generatorWeights: string | undefined;
}

/**
 * The bytes of the generator: from the server that the page came from or, of a page that was opened from a disk, from the
 * script beside it. If there is none, the user chooses the file.
 */
export async function readWeights(
  hasScript: boolean,
  choose: () => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (location.protocol !== "file:") {
    const response = await fetch(WEIGHTS);
    if (!response.ok) throw new Error(`${WEIGHTS} cannot be loaded: the server answered ${response.status}.`);
    return new Uint8Array(await response.arrayBuffer());
  }
  if (!hasScript) return await choose();
  await loadScript("generator.js");
  return Uint8Array.from(atob(globalThis.generatorWeights!), (letter) => letter.charCodeAt(0));
}

function loadScript(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = name;
    script.addEventListener("load", () => resolve());
    script.addEventListener(
      "error",
      () => reject(new Error(`${name} cannot be loaded: it must lie beside this page.`)),
    );
    document.head.append(script);
  });
}
