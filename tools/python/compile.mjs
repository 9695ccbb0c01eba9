// Compile the Python in archives, by the very Python that will import them in the page.
//
// Run: node tools/python/compile.mjs FOLDER FILE…    (tools/python_page.py does)
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPyodide } from "pyodide";

const [folder = "", ...files] = process.argv.slice(2);
const python = await loadPyodide({ indexURL: dirname(fileURLToPath(import.meta.resolve("pyodide"))) });
python.FS.mkdir("/archives");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/archives");
python.runPython(readFileSync(new URL("compile.py", import.meta.url), "utf8"));
const compile = python.globals.get("compile_archive");
for (const file of files) compile(`/archives/${file}`);
