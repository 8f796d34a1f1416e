"""The memory of all programs that this process has started, together, while they run."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

import psutil

INTERVAL_S = 0.5
MEGABYTE = 1e6


class MemoryWatch(threading.Thread):
    """Looks twice a second how much memory the programs hold; shared pages count once."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_mb = 0.0
        self._stopped = threading.Event()

    def run(self) -> None:
        """Look until it is stopped."""
        while not self._stopped.wait(INTERVAL_S):
            self.look()

    def look(self) -> None:
        """Look once."""
        held = sum(map(_held, psutil.Process().children(recursive=True)))
        self.peak_mb = max(self.peak_mb, held / MEGABYTE)

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()
        self.join()


@contextmanager
def watched_memory() -> Generator[MemoryWatch]:
    """Watch the memory of programs while they run."""
    watch = MemoryWatch()
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()


def _held(program: psutil.Process) -> int:
    """Return the bytes of a program, its share of those that it shares; none when it has ended."""
    try:
        return int(program.memory_full_info().pss)
    except psutil.Error:
        return 0
