"""What the family can install: tiny wheels, in two indexes that are served on this machine.

`public` is where everybody gets everything from. It is full of bait: versions that are newer than
what the family asks for, or older, and a stranger's `dr-feeds`, newer than the family's own. That
one is in `private` alone, beside other people's builds of the rest, which only who names that index
may get. (Its file adds the index and does not replace the default by it: uv would not listen while
its own default is set, as it has to be here.)
"""

from __future__ import annotations

import base64
import hashlib
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple


class Wheel(NamedTuple):
    name: str
    version: str
    requires: tuple[str, ...] = ()
    script: str = ""
    """The command that it provides."""
    origin: str = "public"
    """What its module says as `ORIGIN`."""


SIX = ("jupyter-server", "jupyter-client", "nbformat", "traitlets", "tornado", "pyzmq")
"""What only `notebook` needs."""

PUBLIC = (
    Wheel("numpy", "1.24.0", script="f2py"),
    Wheel("numpy", "1.26.4", script="f2py"),
    Wheel("numpy", "2.1.0", script="f2py"),
    Wheel("pandas", "1.5.3", ("numpy>=1.20",)),
    Wheel("pandas", "2.0.0", ("numpy>=1.21,<2",)),
    Wheel("pandas", "2.2.0", ("numpy>=1.26",)),
    Wheel("rich", "13.7.0"),
    Wheel("rich", "14.0.0"),
    Wheel("charset-normalizer", "3.3.2", script="normalizer"),
    Wheel("requests", "2.31.0", ("charset-normalizer>=2",)),
    Wheel("requests", "2.32.0", ("charset-normalizer>=2",)),
    Wheel("httpx", "0.27.0", script="httpx"),
    Wheel("httpx", "0.28.0", script="httpx"),
    Wheel("pillow", "10.1.0"),
    Wheel("pillow", "11.0.0"),
    Wheel("feedparser", "6.0.11"),
    Wheel("feedparser", "6.1.0"),
    Wheel("feedparser", "7.0.0"),
    # The newest lifts numpy over what pandas 2.0 can live with.
    Wheel("seaborn", "0.12.0", ("numpy>=1.20",)),
    Wheel("seaborn", "0.13.0", ("numpy>=2",)),
    Wheel("tqdm", "4.66.1", script="tqdm"),
    Wheel("tqdm", "4.67.0", script="tqdm"),
    Wheel("notebook", "7.0.0", SIX, script="jupyter"),
    *(Wheel(name, "1.0") for name in SIX),
    Wheel("dr-feeds", "99.0"),
    Wheel("dr-digest", "99.0"),
)
PRIVATE = (
    *(wheel._replace(origin="private") for wheel in PUBLIC if wheel.version != "99.0"),
    Wheel("dr-feeds", "1.2", origin="private"),
    Wheel("dr-digest", "1.0", origin="private"),
)


def write_wheel(wheel: Wheel, folder: Path) -> Path:
    """A wheel that a build backend could have made, `RECORD` with its hashes included."""
    module = wheel.name.replace("-", "_")
    info = f"{module}-{wheel.version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {wheel.name}", f"Version: {wheel.version}"]
    lines += [f"Requires-Dist: {each}" for each in wheel.requires]
    files = {
        f"{module}/__init__.py": f"__version__ = {wheel.version!r}\nORIGIN = {wheel.origin!r}\n\n\n"
        f"def main():\n    print({wheel.name!r}, __version__)\n",
        f"{info}/METADATA": "\n".join([*lines, ""]),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    if wheel.script:
        entry = f"[console_scripts]\n{wheel.script} = {module}:main\n"
        files[f"{info}/entry_points.txt"] = entry
    record = [f"{path},{_digest(text)},{len(text)}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{module}-{wheel.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class _Quiet(SimpleHTTPRequestHandler):
    """The listing of a folder is all that a simple index has to be (PEP 503)."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Both indexes, while the block runs: `URL/public` and `URL/private`."""
    for index, wheels in {"public": PUBLIC, "private": PRIVATE}.items():
        for wheel in wheels:
            write_wheel(wheel, folder / index / wheel.name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
