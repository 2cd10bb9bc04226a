import { assert, assertEquals, assertMatch } from "@std/assert";
import { main } from "../../src/cli/main.ts";
import { makeRun } from "../dcgan/report/run_folders.ts";
import { withFolder } from "../support/temp_folder.ts";
import { CLI } from "./cli_process.ts";
import { recorder } from "./terminal.ts";
