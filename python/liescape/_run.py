"""The program as a child process: found, run, listened to, interrupted.

The program and not the shared library: whatever happens to it, a crash or a memory
limit, the notebook's kernel lives on, and an interrupt stops it at once.
"""
from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Callable, List, Optional, Sequence, Tuple

from ._errors import InputError, ProgramError

ProgressFunction = Callable[[str], None]


def program() -> str:
    """The path of the program: $LIESCAPE, else the one in this package, else in PATH."""
    chosen = os.environ.get("LIESCAPE")
    if chosen:
        return chosen
    carried = Path(__file__).resolve().parent / "bin" / "liescape"
    if carried.exists():
        return str(carried)
    found = shutil.which("liescape")
    if found:
        return found
    raise ProgramError(
        "the program liescape was not found: install the wheel that carries it "
        "(make wheel), put it in PATH, or name it in the environment variable LIESCAPE")


def run(arguments: Sequence[str], text: Optional[str] = None, *,
        progress: Optional[ProgressFunction] = None) -> Tuple[int, str, str]:
    """(exit status, standard output, standard error). Raises InputError on status 2
    and ProgramError on anything that is not an answer. KeyboardInterrupt stops the
    child before it goes on."""
    command = [program(), *arguments]
    environment = dict(os.environ, NO_COLOR="1")
    terminal: Optional[Tuple[int, int]] = None
    if progress is not None:
        environment["TERM"] = "xterm"
        terminal = _open_terminal()
    errors = _Listener()
    try:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE if text is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=terminal[1] if terminal else subprocess.PIPE,
            env=environment, start_new_session=True)
    except OSError as error:
        if terminal:
            os.close(terminal[0])
            os.close(terminal[1])
        raise ProgramError(f"{command[0]} cannot be run: {error}") from error
    if terminal:
        os.close(terminal[1])
        source = terminal[0]
    else:
        assert child.stderr is not None
        source = child.stderr.fileno()
    listener = threading.Thread(target=errors.listen, args=(source,), daemon=True)
    output: List[bytes] = []
    reader = threading.Thread(target=_collect, args=(child, output), daemon=True)
    listener.start()
    reader.start()
    try:
        if text is not None:
            _feed(child, text)
        _wait(child, errors, progress)
        reader.join()
        listener.join()
    except BaseException:
        _stop(child)
        raise
    finally:
        if terminal:
            listener.join(1)
            os.close(terminal[0])
        for pipe in (child.stdout, child.stderr):
            if pipe is not None and child.poll() is not None:
                pipe.close()
    said = errors.text()
    out = b"".join(output).decode("utf-8", "replace")
    status = child.returncode
    if status == 2:
        raise input_error(said)
    if status not in (0, 1, 3):
        how = f"by signal {-status}" if status < 0 else f"with status {status}"
        raise ProgramError(f"liescape ended {how}" + (f": {said}" if said else ""),
                           status=status)
    return status, out, said


def _wait(child: "subprocess.Popen[bytes]", errors: "_Listener",
          progress: Optional[ProgressFunction]) -> None:
    """Shows progress from this thread: notebooks want it from the one of the cell."""
    shown = ""
    try:
        while progress is not None:
            try:
                child.wait(0.2)
                break
            except subprocess.TimeoutExpired:
                line = errors.line()
                if line != shown:
                    progress(line)
                    shown = line
        child.wait()
    finally:
        if progress is not None and shown:
            progress("")


def _open_terminal() -> Optional[Tuple[int, int]]:
    """A terminal for the child's progress; None where there is none to be had."""
    try:
        import pty
        return pty.openpty()
    except (ImportError, OSError):
        return None


def _feed(child: "subprocess.Popen[bytes]", text: str) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(text.encode("utf-8"))
        child.stdin.close()
    except BrokenPipeError:
        pass  # it ended early, and says why


def _collect(child: "subprocess.Popen[bytes]", output: List[bytes]) -> None:
    assert child.stdout is not None
    source = child.stdout.fileno()
    for block in iter(lambda: os.read(source, 1 << 16), b""):
        output.append(block)


def _stop(child: "subprocess.Popen[bytes]") -> None:
    for signal_number, patience in ((signal.SIGINT, 2.0), (signal.SIGTERM, 2.0),
                                    (signal.SIGKILL, None)):
        if child.poll() is not None:
            return
        child.send_signal(signal_number)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            continue


class _Listener:
    """Standard error, of which the lines of progress are no part."""

    def __init__(self) -> None:
        self.raw = ""

    def listen(self, source: int) -> None:
        while True:
            try:
                block = os.read(source, 1 << 12)
            except OSError:  # a terminal whose other end is closed
                return
            if not block:
                return
            self.raw += block.decode("utf-8", "replace")

    def line(self) -> str:
        """The line of progress as it stands; each begins with an erased line."""
        match = re.search(r"\r\x1b\[Kliescape: ([^\r\n]*)\Z", self.raw)
        return match[1].strip() if match else ""

    def text(self) -> str:
        said = re.sub(r"\r\x1b\[K(?:liescape: [^\r\n]*?(?=\r\x1b\[K|\Z))?", "", self.raw)
        return said.replace("\r\n", "\n").strip()


_PLACE = re.compile(r"^liescape: (?:(?P<file>[^\n]*?):(?P<line>\d+):(?P<column>\d+): )?"
                    r"(?P<message>.*)$")


def input_error(said: str) -> InputError:
    """The program's own words, taken apart."""
    lines = said.splitlines()
    for index, line in enumerate(lines):
        match = _PLACE.match(line)
        if match is None:
            continue
        place = match["line"] is not None
        return InputError(
            said, message=match["message"], file=match["file"],
            line=int(match["line"]) if place else None,
            column=int(match["column"]) if place else None,
            excerpt="\n".join(lines[index + 1:]) or None if place else None)
    return InputError(said or "bad input")


def progress_for(choice: Optional[bool]) -> Optional[ProgressFunction]:
    """Whether progress is shown: asked for, or in a notebook or on a terminal."""
    if choice is False:
        return None
    if _in_notebook():
        return _notebook_progress()
    if choice or (sys.stderr is not None and sys.stderr.isatty()):
        return _terminal_progress
    return None


def _in_notebook() -> bool:
    if "IPython" not in sys.modules:
        return False
    shell = sys.modules["IPython"].get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def _terminal_progress(line: str) -> None:
    sys.stderr.write(f"\r\033[Kliescape: {line}" if line else "\r\033[K")
    sys.stderr.flush()


def _notebook_progress() -> ProgressFunction:
    """One line below the cell, drawn again and wiped at the end."""
    from IPython.display import HTML, display
    handle: List[Any] = []

    def show(line: str) -> None:
        import html
        shown = HTML(f"<code>{html.escape(line)}</code>" if line else "")
        if handle:
            handle[0].update(shown)
        elif line:
            handle.append(display(shown, display_id=True))
    return show
