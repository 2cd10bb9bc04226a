/** A picture dataset owns its source from the line that hands it over. */
import "../../../src/host/on_native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import type { OpenRequest } from "../../../plugins/datasets/contract.ts";
import { openPictureDataset } from "../../../plugins/datasets/decoding/picture_dataset.ts";
import type { PictureOptions } from "../../../plugins/datasets/decoding/picture_options.ts";
import type { PictureSource } from "../../../plugins/datasets/sources/picture_source.ts";

/** A source of two pictures that counts how often it is closed. */
function countingSource(): PictureSource & { closed: number } {
  return {
    names: ["a/1.png", "b/2.png"],
    view: "",
    closed: 0,
    fingerprint: () => Promise.reject(new Error("no fingerprint")),
    read: () => Promise.reject(new Error("no bytes")),
    close() {
      this.closed++;
      return Promise.resolve();
    },
  } as PictureSource & { closed: number };
}

function requestOf(
  cacheDir: string,
  more: Partial<OpenRequest<PictureOptions>> = {},
): OpenRequest<PictureOptions> {
  return {
    size: 8,
    channels: 1,
    cacheDir,
    offline: true,
    mirrors: [],
    signal: new AbortController().signal,
    report: () => {},
    options: { broken: 5, memory: 1, cache: "never", workers: 0, crop: "center" },
    ...more,
  } as OpenRequest<PictureOptions>;
}

Deno.test("openPictureDataset() closes the source once, whatever fails before there is a dataset", async (t) => {
  const folder = await Deno.makeTempDir();
  const fail = (what: string) => (): never => {
    throw new Error(what);
  };
  const always = { broken: 5, memory: 1, cache: "always", workers: 0, crop: "center" };
  try {
    await t.step("choosing among its pictures", async () => {
      const source = countingSource();
      const opening = () => openPictureDataset(requestOf(folder), "x", source, fail("no choice"));
      await assertRejects(opening, Error, "no choice");
      assertEquals(source.closed, 1);
    });
    await t.step("saying what it passes over", async () => {
      const source = { ...countingSource(), passed: { sentence: () => "Passed over 1 file" } };
      const request = requestOf(folder, { report: fail("no report") });
      await assertRejects(
        () => openPictureDataset(request, "x", source as unknown as PictureSource),
        Error,
        "no report",
      );
      assertEquals(source.closed, 1);
    });
    await t.step("giving up while the cache is opened", async () => {
      const giveUp = new AbortController();
      const source = {
        ...countingSource(),
        fingerprint: () => Promise.reject(giveUp.abort(new Error("given up"))),
      };
      const request = requestOf(folder, { options: always, signal: giveUp.signal });
      await assertRejects(() => openPictureDataset(request, "x", source), Error, "given up");
      assertEquals(source.closed, 1);
    });
    await t.step("and not before it is closed, if nothing fails", async () => {
      const source = countingSource();
      const dataset = await openPictureDataset(
        requestOf(folder),
        "x",
        source,
        () => ({ names: ["a/1.png"] }),
      );
      assertEquals([dataset.length, source.closed], [1, 0]);
      await dataset.close?.();
      assertEquals(source.closed, 1);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
