/** What the page's script is made of: the runtime, which entry points choose, and the page. */
import "../../src/host/on_plain.ts";
import "../../src/dcgan/export/web/page/main.ts";
