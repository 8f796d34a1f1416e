"""A Slurm cluster of one node on this machine, for as long as a test needs it.

Slurm's commands inside of jobs look for their configuration in one place alone, so it is written
there and removed afterwards. A configuration that is not of these tests is left alone.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock

CONFIGURATION = Path("/etc/slurm/slurm.conf")
MARK = "# Of a test of oneclone, which removes this file when it ends.\n"
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scancel", "sinfo", "squeue", "setpriv")
NODE = "node1"
WAIT_S = 60
SETTINGS = """\
ClusterName=oneclone
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=2
ReturnToService=2
MinJobAge=86400
NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=64000
PartitionName=all Nodes={node} Default=YES MaxTime=INFINITE State=UP
"""


def reason_against() -> str:
    """Return why no cluster can be started here, empty when it can."""
    absent = [name for name in PROGRAMS if not shutil.which(name)]
    if absent:
        return f"Slurm is not installed (.ci/packages.txt): no {', '.join(absent)}"
    if not find_spec("snakemake_executor_plugin_slurm"):
        return "requirements-slurm.txt is not installed"
    if os.geteuid():
        return "Slurm's daemons need root"
    if CONFIGURATION.exists() and not CONFIGURATION.read_text().startswith(MARK):
        return f"{CONFIGURATION} is there: this machine has a Slurm of its own"
    return ""


@contextmanager
def slurm_cluster() -> Generator[Path]:
    """Start munged, slurmctld and slurmd; end them, and every job, however the block ends.

    Yields
    ------
    Path
        Folder with what the daemons say.
    """
    with ExitStack() as stack:
        stack.enter_context(FileLock(Path(tempfile.gettempdir()) / "oneclone-slurm.lock"))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="slurm-")))
        for name in ("state", "spool"):
            (folder / name).mkdir()
        host = socket.gethostname().partition(".")[0]
        configured = SETTINGS.format(folder=folder, host=host, node=NODE, ports=_free_ports())
        CONFIGURATION.parent.mkdir(exist_ok=True)
        stack.callback(CONFIGURATION.unlink, missing_ok=True)
        CONFIGURATION.write_text(MARK + configured)
        key = folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        _start(
            stack, folder, "munged", "--foreground", "--force", f"--key-file={key}",
            f"--socket={folder}/munge.socket", f"--pid-file={folder}/munged.pid",
            f"--log-file={folder}/munged.log", f"--seed-file={folder}/munged.seed",
            "--origin=127.0.0.1",
        )  # fmt: skip
        _wait_until((folder / "munge.socket").exists, folder)
        _start(stack, folder, "slurmctld", "-D")
        _start(stack, folder, "slurmd", "-D", "-N", NODE)
        _wait_until(lambda: _said("sinfo", "--noheader", "--format=%T") == "idle", folder)
        stack.callback(_cancel_jobs)
        yield folder


def jobs() -> list[dict[str, str]]:
    """Return what Slurm knows of every job, the first one first."""
    lines = _said("scontrol", "--oneliner", "show", "job").splitlines()
    return [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in lines]


def _free_ports() -> tuple[int, int]:
    """Return two ports that nobody listens on."""
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _start(stack: ExitStack, folder: Path, *command: str) -> None:
    """Start a daemon that ends with the block, or with this process should it be killed."""
    said = stack.enter_context((folder / f"{command[0]}.said").open("wb"))
    daemon = subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", *command], stdout=said, stderr=subprocess.STDOUT
    )

    def end() -> None:
        daemon.terminate()
        try:
            daemon.wait(10)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()

    stack.callback(end)


def _said(*command: str) -> str:
    """Return what a command of Slurm prints, empty when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=WAIT_S)
    return "" if done.returncode else done.stdout.strip()


def _cancel_jobs() -> None:
    """End all jobs, so that no process of theirs outlives the daemons."""
    _said("scancel", "--user=root")
    deadline = time.monotonic() + 10
    while _said("squeue", "--noheader") and time.monotonic() < deadline:
        time.sleep(0.2)


def _wait_until(come: Callable[[], bool], folder: Path) -> None:
    """Wait for a daemon, or fail with what all of them said."""
    deadline = time.monotonic() + WAIT_S
    while not come():
        if time.monotonic() > deadline:
            said = sorted([*folder.glob("*.said"), *folder.glob("*.log")])
            texts = (f"{path.name}:\n{path.read_text(errors='replace')}" for path in said)
            raise AssertionError("Slurm does not start\n" + "\n".join(texts))
        time.sleep(0.1)
