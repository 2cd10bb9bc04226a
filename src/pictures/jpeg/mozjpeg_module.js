/**
 * mozjpeg's decoder, compiled to WebAssembly. Imported as a module, it needs no permission to be read, as it would if it
 * were fetched. JavaScript, since TypeScript cannot parse this kind of import yet.
 */
import source mozjpeg from "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm";
export default mozjpeg;
