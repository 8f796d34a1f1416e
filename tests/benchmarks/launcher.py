"""Run a command and write what it cost; `measuring.py` starts it in a Python of its own.

A process inherits the peak memory of the one that started it (Linux keeps it over exec), so a
program is started from this small one, not from the benchmark itself. Usage: launcher.py REPORT
COMMAND ... ; the report holds wall seconds, CPU seconds and peak memory in kB, one a line.
"""

import os
import sys
import time


def main(report: str, *command: str) -> int:
    """Run the command, write the report; return 0 when the command succeeded, else 1."""
    started = time.monotonic()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, used = os.wait4(process, 0)
    wall = time.monotonic() - started
    with open(report, "w", encoding="ascii") as opened:  # noqa: PTH123 (pathlib costs memory)
        opened.write(f"{wall}\n{used.ru_utime + used.ru_stime}\n{used.ru_maxrss}\n")
    return int(os.waitstatus_to_exitcode(status) != 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
