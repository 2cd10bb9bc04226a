/**
 * Animated pictures. They are apart from `../mod.ts`, as not every bundler takes the encoder of WebP.
 *
 * @module
 */
export { type FilmEncoder, type FilmFacts, type Frame } from "./film.ts";
export { encodeFilm, type FilmType } from "./encode_film.ts";
