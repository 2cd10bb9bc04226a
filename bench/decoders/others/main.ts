/**
 * JPEG decoders that the module does not use. Decodes the files of a folder by each of them for every line of stdin, and
 * answers with a line of JSON: names, and milliseconds of processor time for a picture.
 */
import { PhotonImage } from "@cf-wasm/photon";
import startTurbo from "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs";
import { Jimp } from "jimp";
import jpegJs from "jpeg-js";
import sharp from "sharp";
import startVips from "wasm-vips";
import { lines } from "../../lines.ts";
import { type Decoder, readFolder, timeDecoders } from "../decoder.ts";

const turboModule = import.meta.resolve("@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm");
const turbo = await startTurbo({ wasmBinary: await Deno.readFile(new URL(turboModule)) });
const turboDecoder = new turbo.JPEGDecoder();
const vips = await startVips();

const decoders: readonly Decoder[] = [
  {
    name: "libjpeg-turbo (@cornerstonejs)",
    decode(file) {
      turboDecoder.getEncodedBuffer(file.length).set(file);
      turboDecoder.decode();
      return turboDecoder.getDecodedBuffer().slice();
    },
  },
  {
    name: "photon (@cf-wasm/photon)",
    decode(file) {
      const image = PhotonImage.new_from_byteslice(file);
      const pixels = image.get_raw_pixels();
      image.free();
      return pixels;
    },
  },
  { name: "jpeg-js", decode: (file) => jpegJs.decode(file, { useTArray: true }) },
  { name: "sharp", decode: (file) => sharp(file).raw().toBuffer() },
  {
    name: "wasm-vips",
    decode(file) {
      const image = vips.Image.newFromBuffer(file);
      const pixels = image.writeToMemory();
      image.delete();
      return pixels;
    },
  },
  { name: "jimp", decode: (file) => Jimp.fromBuffer(file.buffer as ArrayBuffer) },
];

const files = await readFolder(Deno.args[0]!);
for await (const _ of lines(Deno.stdin.readable)) {
  const times = await timeDecoders(decoders, files);
  console.log(JSON.stringify(decoders.map(({ name }, i) => [name, times[i]])));
}
// Libraries keep threads that would hold the process
Deno.exit(0);
