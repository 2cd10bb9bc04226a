import { assertEquals } from "@std/assert";
import { combinePictures, meanPicture } from "../../../../src/dcgan/explore/arithmetic/pixel_arithmetic.ts";

Deno.test("meanPicture() is the mean of all pictures, or of some", () => {
  const pictures = Uint8Array.of(0, 10, 20, 30, 100, 200);
  assertEquals([...meanPicture(pictures, 2)], [40, 80]);
  assertEquals([...meanPicture(pictures, 2, [1, 2])], [60, 115]);
});

Deno.test("combinePictures() rounds, and cuts off what is no byte", () => {
  const [a, b, c] = [Float32Array.of(10.6, 0, 255), Float32Array.of(0, 9, 0), Float32Array.of(1, 5, 9)];
  assertEquals([...combinePictures(a, b, c)], [12, 0, 255]);
});
