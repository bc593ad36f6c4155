// Runs a Python script under CPython for WebAssembly: node another_python.mjs PYODIDE SCRIPT FOLDER...
// PYODIDE is the folder of the npm package; the folders are searched for imports.
import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, script, ...folders] = process.argv.slice(2).map((path) => resolve(path));
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`).href);
const python = await loadPyodide({ indexURL: pyodide });

const mounted = [dirname(script), ...folders].map((root, place) => {
  const here = `/mounted/${place}`;
  python.FS.mkdirTree(here);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, here);
  return here;
});
python.globals.set("script", `${mounted[0]}/${basename(script)}`);
python.globals.set("folders", python.toPy(mounted.slice(1)));
python.runPython(`
import runpy, sys
sys.dont_write_bytecode = True
sys.path[:0] = list(folders)
runpy.run_path(script, run_name="__main__")
`);
