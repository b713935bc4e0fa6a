"""The four projects of the guide, as their repositories hold them.

Each asks for what it needs in a way of its own: the owner pins and is installed itself, `_telegram`
has a plain file, `_media` a `pyproject.toml`, and `_news` looks into a private index, too, under
constraints.
"""

from __future__ import annotations

OWNER = "dr-daily-report"
TELEGRAM = "dr-daily-report_telegram"
MEDIA = "dr-daily-report_media"
NEWS = "dr-daily-report_news"
MEMBERS = (TELEGRAM, MEDIA, NEWS)
FOUR = (OWNER, *MEMBERS)
TARGET = f"../{OWNER}/venv"

_BACKEND = '''\
"""Builds this package with nothing but the standard library (PEP 517 and 660)."""

import os
import zipfile

NAME = "dr_daily_report-1.0.0"
INFO = {
    "METADATA": "Metadata-Version: 2.1\\nName: dr-daily-report\\nVersion: 1.0.0\\n",
    "WHEEL": "Wheel-Version: 1.0\\nGenerator: dr\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "entry_points.txt": "[console_scripts]\\ndr = dr_daily_report:main\\n",
}


def build_wheel(directory, config_settings=None, metadata_directory=None):
    with open("dr_daily_report.py") as module:
        return _write(directory, {"dr_daily_report.py": module.read()})


def build_editable(directory, config_settings=None, metadata_directory=None):
    return _write(directory, {"dr_daily_report.pth": os.getcwd() + "\\n"})


def _write(directory, files):
    files.update({f"{NAME}.dist-info/{name}": text for name, text in INFO.items()})
    record = f"{NAME}.dist-info/RECORD"
    files[record] = "".join(f"{name},,\\n" for name in [*files, record])
    wheel = f"{NAME}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, wheel), "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel
'''

_OWNER_PYPROJECT = """\
[build-system]
requires = []
build-backend = "build_backend"
backend-path = ["."]

[project]
name = "dr-daily-report"
version = "1.0.0"
requires-python = ">=3.8"
scripts = { dr = "dr_daily_report:main" }
"""

_MEDIA_PYPROJECT = """\
[project]
name = "dr-daily-report-media"
version = "1.0.0"
requires-python = ">=3.8"
dependencies = [
    "pillow<11",
    "httpx==0.27.0",
]
"""

EXPECTED = {
    "numpy": "1.26.4",
    "pandas": "2.0.0",
    "rich": "13.7.0",
    "charset-normalizer": "3.3.2",
    "requests": "2.31.0",
    "httpx": "0.27.0",
    "pillow": "10.1.0",
    "feedparser": "6.0.11",
    "dr-feeds": "1.2",
    "dr-daily-report": "1.0.0",
}
"""What one resolution over all four leads to. Each has something newer beside it in the index."""


def files_of(project: str, index: str) -> dict[str, str]:
    """What the project's repository holds; `index` is where both indexes are served."""
    common = {".gitignore": "/venv\n", "notes.md": "# Notes\n"}
    return (
        common
        | {
            OWNER: {
                "pyproject.toml": _OWNER_PYPROJECT,
                "build_backend.py": _BACKEND,
                "dr_daily_report.py": 'def main():\n    print("dr: the daily report")\n',
                "requirements.txt": "-e .\npandas==2.0.0\nnumpy>=1.24\nrich==13.7.0\n",
            },
            TELEGRAM: {"requirements.txt": "pandas>=2.0\nrequests==2.31.0\n"},
            MEDIA: {"pyproject.toml": _MEDIA_PYPROJECT},
            NEWS: {
                "requirements.txt": f"--extra-index-url {index}/private\n-c constraints.txt\n"
                "dr-feeds==1.2\nfeedparser>=6\n",
                "constraints.txt": "feedparser<6.1\n",
            },
        }[project]
    )
