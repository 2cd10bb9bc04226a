/** This module and its version, which exported files name. */
export { PACKAGE as SOFTWARE } from "../../files/package.ts";
