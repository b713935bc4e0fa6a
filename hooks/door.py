"""What every hook's `main` does around its question: nothing that happens is a traceback."""

from __future__ import annotations

import atexit
import gc
import os
import sys

from hooks.harmless import harmless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def run(hook: Callable[[Sequence[str] | None], int], argv: Sequence[str] | None) -> int:
    """The hook's exit status; 2 for what no rule foresaw, 130 for an interrupt.

    `SHARED_VENV_TRACEBACK=1` lets what was not foreseen through, as it is.
    """
    if argv is None:  # the program itself
        _leave_the_garbage()
    try:
        return hook(argv)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if os.environ.get("SHARED_VENV_TRACEBACK") == "1":
            raise
        if sys.stderr is not None:
            sys.stderr.write(f"{_bug(hook.__module__, error)}\n")
        return 2


def _leave_the_garbage() -> None:
    """A program lives for a tenth of a second, and would look for cycles for a tenth of that."""
    gc.disable()
    atexit.register(gc.freeze)  # then there are none to look for at its end


def _bug(module: str, error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = ""
    if trace is not None:
        code = trace.tb_frame.f_code.co_filename
        where = f" in {os.path.basename(code)}:{trace.tb_lineno}"
    name = module.rpartition(".")[2].replace("_", "-")
    what = harmless(f"{type(error).__name__}: {error}"[:500])
    return f"{name}: a bug of this hook: {what}{where}; SHARED_VENV_TRACEBACK=1 shows it whole"
