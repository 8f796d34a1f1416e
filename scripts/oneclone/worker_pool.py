"""Processes that share the work of one job and end with it, however it ends."""

import os
import threading
import time
from collections.abc import Generator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context

from oneclone.errors import ToolFailed

WATCH_S = 1.0


@contextmanager
def worker_pool(processes: int) -> Generator[ProcessPoolExecutor]:
    """Give a pool of processes, all of them started.

    They are forked here, before the job takes any lock: a forked process holds the locks of its
    parent for as long as it lives.

    Parameters
    ----------
    processes
        Their number.
    """
    with ProcessPoolExecutor(processes, get_context("fork"), _watch, (os.getpid(),)) as pool:
        pool.submit(os.getpid).result()
        try:
            yield pool
        except BrokenProcessPool as broken:
            raise ToolFailed(
                "a process was killed, most often for lack of memory; run again with fewer cores: "
                "what is done already is kept"
            ) from broken
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _watch(parent: int) -> None:
    """End this process soon after its parent, which a kill keeps from ending it."""

    def wait() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_S)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
