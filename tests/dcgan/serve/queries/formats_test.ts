import { assertEquals, assertThrows } from "@std/assert";
import { acceptedFormat, NotAcceptableError } from "../../../../src/dcgan/serve/queries/formats.ts";

Deno.test("acceptedFormat() takes a PNG wherever it may, as WebP loses details", () => {
  const all = ["png", "webp", "npy"] as const;
  const browser = "text/html,application/xhtml+xml,image/avif,image/webp,image/apng,*/*;q=0.8";
  const wanted: readonly (readonly [accept: string | undefined, format: string])[] = [
    [undefined, "png"],
    ["", "png"],
    ["*/*", "png"],
    [browser, "png"],
    ["image/webp", "webp"],
    ["IMAGE/WEBP ; q=0.5, text/html", "webp"],
    ["image/*", "png"],
    ["image/png;q=0, image/*", "webp"],
    ["image/*;q=0, */*", "npy"],
    ["application/x-npy", "npy"],
  ];
  for (const [accept, format] of wanted) {
    assertEquals([accept, acceptedFormat(accept, all)], [accept, format]);
  }
  for (const accept of ["application/json", "image/gif", ",;=", "image/png;q=0"]) {
    assertThrows(
      () => acceptedFormat(accept, all),
      NotAcceptableError,
      "image/png, image/webp, application/x-npy",
    );
  }
});
