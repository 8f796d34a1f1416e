"""What figures were measured on: system, processor, cores, memory."""

import os
import platform
import shlex
from pathlib import Path

OS_RELEASE = Path("/etc/os-release")
CPU_INFO = Path("/proc/cpuinfo")


def machine() -> dict[str, object]:
    """Return system, Python, cores and memory; nothing that names the machine or its user."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "system": _system(),
        "python": platform.python_version(),
        "cores": len(usable_cores()),
        "memory_gib": round(memory / 2**30),
    }


def processor() -> str:
    """Return the name of the processor and its architecture.

    Examples
    --------
    >>> platform.machine() in processor()
    True
    """
    name = ""
    if CPU_INFO.is_file():
        lines = CPU_INFO.read_text("utf-8", "replace").splitlines()
        name = next((line.partition(":")[2] for line in lines if line.startswith("model name")), "")
    return f"{name.strip() or platform.processor()} ({platform.machine()})".strip()


def usable_cores() -> list[int]:
    """Return the numbers of the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def _system() -> str:
    """Return name and version of the operating system."""
    if OS_RELEASE.is_file():
        return shlex.split(OS_RELEASE.read_text("utf-8"))[0].partition("=")[2]
    return platform.platform()
