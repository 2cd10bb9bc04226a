/**
 * libwebp's encoder, compiled to WebAssembly. Imported as a module, it needs no permission to be read, as it would if it
 * were fetched. JavaScript, since TypeScript cannot parse this kind of import yet.
 */
import source webp from "@jsquash/webp/codec/enc/webp_enc.wasm";
export default webp;
