import { assertEquals } from "@std/assert";
import { pathToFileURL } from "node:url";
import { studioPage, withGenerator } from "../../../src/dcgan/serve/studio_page.ts";
import { withFolder } from "../tiny.ts";

Deno.test("studioPage() gives the page that was built, and nothing if none was", async () => {
  await withFolder(async (folder) => {
    const place = pathToFileURL(`${folder}/index.html`);
    assertEquals(await studioPage(place), undefined);
    const other = pathToFileURL(`${folder}/other.html`);
    await Deno.writeTextFile(other, "<!doctype html><p>é</p>");
    assertEquals(await studioPage(other), "<!doctype html><p>é</p>");
  });
});

Deno.test("withGenerator() names the generator in the page, which may read it", () => {
  const page = `<meta content="default-src 'none'; connect-src 'self'"><title>Studio</title>`;
  assertEquals(
    withGenerator(page, "uniform"),
    `<meta content="default-src 'none'; connect-src 'self'">` +
      `<meta name="dcgan-generator" content="./generator.safetensors" data-latents="uniform"><title>Studio</title>`,
  );
});
