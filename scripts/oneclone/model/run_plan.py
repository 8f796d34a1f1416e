"""What the main process found out before any job: the rows of a run and the keys of their calls."""

from collections.abc import Mapping
from dataclasses import dataclass

from oneclone.model.calls import Intervals


@dataclass(frozen=True)
class RosterEntry:
    """A row that joint steps must account for.

    `calls_key` names the files of the isolate's calls: it stands for the assembly, the panel,
    the settings and the code that make them, so that an equal key means equal calls. It is empty
    when there is no assembly, when the file was no file that could be read, or when the registry
    has withdrawn its genome (`problem` is then the ledger's reason code and `detail` its sentence).
    """

    row_id: str
    name: str
    assembly: str
    calls_key: str
    is_reference: bool
    problem: str
    detail: str


@dataclass(frozen=True)
class CallBatches:
    """Calls of a run by batches, each of which is one job.

    `finished` are names of batches that earlier runs have done and that hold calls of this one;
    `waiting` are the calls keys of each batch that this run has to do.
    """

    finished: tuple[str, ...]
    waiting: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """All batches, sorted."""
        return tuple(sorted({*self.finished, *self.waiting}))


Mask = Mapping[str, Intervals]
"""Masked intervals of the panel by sha256 of the reference's assembly."""
