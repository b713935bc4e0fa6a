"""`--require-command 'dr --help'`: the one thing of a venv that is run, because it is asked for."""

from __future__ import annotations

import os
import select
import shlex
import signal
import subprocess
import time
from contextlib import suppress

from hooks.files import real_path
from hooks.harmless import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks.arguments import RequiredCommand

SECONDS = 10
"""How long a command may run."""
_KEPT = 4096  # bytes of its output; the rest is read and thrown away


def why_it_fails(required: RequiredCommand, path: str, venv: str) -> str | None:
    """Run it as in the activated venv; its whole process group is ended when it takes too long."""
    place = real_path(venv)
    environment = os.environ | {
        "VIRTUAL_ENV": place,
        "PATH": f"{place}/bin{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
    environment.pop("PYTHONHOME", None)  # as `activate` does
    shown = quoted(shlex.join([required.name, *required.arguments]))
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(
            [os.path.abspath(path), *required.arguments],
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        os.close(reading)
        return f"{shown} cannot be started ({error.strerror})"
    finally:
        os.close(writing)
    try:
        output = _watched(process, reading)
        status = process.poll()
    finally:
        with suppress(OSError):  # all of the group may have ended
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if status is None:
        return f"{shown} was still running after {SECONDS} s and was ended"
    if status == 0:
        return None
    last = output.decode("utf-8", "backslashreplace").strip().splitlines()[-1:]
    said = f": {quoted(last[0].strip())}" if last else ""
    ended = f"exits with {status}" if status > 0 else f"was ended by signal {-status}"
    return f"{shown} {ended}{said}"


def _watched(process: subprocess.Popen[bytes], reading: int) -> bytes:
    """The end of its output, once it has ended or its time is over.

    A process that it left behind may hold the pipe open: nobody waits for that one.
    """
    end = time.monotonic() + SECONDS
    output = b""
    waiting = select.poll()  # `select` takes no descriptor over 1,023
    with open(reading, "rb", buffering=0) as pipe:
        waiting.register(pipe, select.POLLIN)
        while time.monotonic() < end:
            has_ended = process.poll() is not None
            ready = waiting.poll(0 if has_ended else 50)
            piece = pipe.read(1 << 16) if ready else b""
            output = (output + piece)[-_KEPT:]
            if has_ended and not piece:
                break
            if ready and not piece:  # it has closed its output and works on
                with suppress(subprocess.TimeoutExpired):
                    process.wait(max(0, end - time.monotonic()))
                break
    return output
