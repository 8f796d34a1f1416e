"""Rule screen_candidates: which of many assemblies are near to a clone of the run.

Sketches first, then the exact distances of the run.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from oneclone.candidate_files import find_candidates
from oneclone.model.panel import Panel
from oneclone.model.screening import Candidate, ScreenRow, ScreenState, Sketched, SketchHit
from oneclone.model.settings import CallingSettings, RecombinationSettings
from oneclone.screening import ani_cutoff, nearness, ranked, summary
from oneclone.sketch_database import SketchDatabase
from oneclone.steps.candidate_calls import CANDIDATE, CandidateCalls, is_used
from oneclone.steps.counting import PairCounter, Rules, counting_rules
from oneclone.steps.loading import Taxon, load_references, load_taxa
from oneclone.steps.screened_clones import ScreenedClone, clones_of_run, searched_for
from oneclone.tables.candidate_list import read_candidates
from oneclone.tables.linked_assembly import read_linked_contigs
from oneclone.tables.run_plan import read_plan_panel, read_roster
from oneclone.tables.screen_table import write_screen
from oneclone.worker_pool import worker_pool

Say = Callable[[str], object]
Hits = Mapping[str, Mapping[str, SketchHit]]
"""Best hit of each clone, by sha256 of the candidate and name of the clone."""


@dataclass(frozen=True)
class ScreenStepSettings:
    """What is screened for which clones, none meaning all, and how the run calls and counts."""

    candidates: str
    database: str
    max_snps: int
    calling: CallingSettings
    recombination: RecombinationSettings
    clones: tuple[str, ...] = ()


def screen_candidates(
    *,
    roster: Path,
    panel: Path,
    mask: Path,
    clusters: Path,
    markers: Path,
    sketches: Sequence[Path],
    indexes: Sequence[Path],
    prepared: Sequence[Path],
    calls: Path,
    screen_table: Path,
    settings: ScreenStepSettings,
    threads: int,
    say: Say,
) -> str:
    """Write the table of candidates, nearest first; return in words what was found.

    Parameters
    ----------
    roster, panel, mask
        The run's plan.
    clusters
        The cluster table, which names the clones.
    markers, sketches, indexes, prepared
        Sketches of the panel's references; the counting references.
    calls
        The gathered calls of the isolates and references.
    screen_table
        File to write.
    settings
        What is screened and how.
    threads
        Number of processes.
    say
        Is told what is being done.
    """
    listed = read_candidates(Path(settings.candidates))
    candidates = find_candidates(listed)
    cohort = read_plan_panel(panel)
    taxa = load_taxa(roster, cohort, calls)
    clones = clones_of_run(clusters, settings.clones, taxa)
    references = load_references(cohort, mask, prepared)
    rules = counting_rules(cohort, references, settings.recombination)
    state = roster.parents[1]
    key = next(entry.calls_key for entry in read_roster(roster) if entry.calls_key)
    files = CandidateCalls(
        state, panel, markers, sketches, indexes, prepared, settings.calling, key
    )
    with worker_pool(threads) as pool:
        database = SketchDatabase(Path(settings.database), pool, threads, say)
        screen = _Screen(cohort, rules, clones, files, settings.max_snps)
        rows = screen.rows(candidates, database, pool, say)
    genomes = _genomes(taxa)
    rows = ranked([_with_namesake(row, genomes) for row in rows])
    by_name = {candidate.name: candidate for candidate in candidates}
    write_screen(screen_table, rows, by_name, listed.metadata_columns)
    names = [clone.name for clone in clones]
    lines = summary(rows, names, settings.max_snps, screen.cutoff)
    if listed.skipped:
        lines.append(f"Other files in the folder, which are no FASTA: {listed.skipped}.")
    return "\n".join(lines) + "\n"


class _Screen:
    """A screen for some clones."""

    def __init__(
        self,
        panel: Panel,
        rules: Rules,
        clones: Sequence[ScreenedClone],
        files: CandidateCalls,
        max_snps: int,
    ) -> None:
        self._panel = panel
        self._rules = rules
        self._clones = clones
        self._files = files
        self._max_snps = max_snps
        self._counters = {c.name: PairCounter(c.members, panel, rules) for c in clones}
        compared_bp = min(rule.floor_bp for rule in rules.values())
        self.cutoff = ani_cutoff(max_snps, compared_bp, panel)

    def rows(
        self, candidates: Sequence[Candidate], database: SketchDatabase, pool: Executor, say: Say
    ) -> list[ScreenRow]:
        """Return the row of every candidate, one per clone that it may be near to."""
        known = database.extend([each.path for each in candidates if each.path])
        say(f"{len(candidates)} candidates, {database.made} of them sketched anew")
        sketched = [_known(candidate, known) for candidate in candidates]
        usable = {each.sha256 for each in sketched if not each.reason}
        hits = self._hits(database, usable)
        passed = {
            each.sha256: candidate.path
            for candidate, each in zip(candidates, sketched, strict=True)
            if candidate.path and self._near(hits.get(each.sha256, {}))
        }
        say(f"{len(passed)} genomes have an ANI of {self.cutoff:.3f} % or more to a clone")
        shas = sorted(passed)
        done = pool.map(self._files.call, shas, [passed[sha256] for sha256 in shas])
        compared: dict[str, list[ScreenRow]] = {}
        for number, (sha256, _) in enumerate(zip(shas, done, strict=True), start=1):
            say(f"Calling and counting: {number} of {len(shas)}")
            compared[sha256] = list(self._compare(sha256, self._near(hits[sha256])))
        return [
            row
            for candidate, each in zip(candidates, sketched, strict=True)
            for row in _rows_of(candidate, each, hits, compared)
        ]

    def _hits(self, database: SketchDatabase, usable: Collection[str]) -> Hits:
        """Return the best hit of each genome to each clone."""
        clone_of: dict[str, str] = {}
        queries: dict[str, tuple[bytes, ...]] = {}
        for clone in self._clones:
            for taxon in searched_for(clone, self._max_snps, self._panel, self._rules):
                link = self._files.state / "assemblies" / taxon.entry.assembly
                queries[taxon.row_id] = read_linked_contigs(link, self._panel.genome_length_bp[1])
                clone_of[taxon.row_id] = clone.name
        best: dict[str, dict[str, SketchHit]] = {}
        for name, hit in database.search(queries, usable):
            of_genome = best.setdefault(hit.sha256, {})
            so_far = of_genome.get(clone_of[name], hit)
            of_genome[clone_of[name]] = max(so_far, hit, key=_closeness)
        return best

    def _near(self, hits: Mapping[str, SketchHit]) -> dict[str, SketchHit]:
        """Return the hits that are near enough for a comparison base by base."""
        return {clone: hit for clone, hit in hits.items() if hit.ani_percent >= self.cutoff}

    def _compare(self, sha256: str, near: Mapping[str, SketchHit]) -> Iterator[ScreenRow]:
        """Give the row of a called genome beside each clone that it may be near to."""
        taxon = self._files.taxon(sha256)
        found = taxon.assessment
        for clone in self._clones:
            if clone.name not in near:
                continue
            row = ScreenRow(
                isolate="",
                state=ScreenState.QUARANTINED,
                sketched=Sketched(sha256),
                reason=found.reason,
                detail=found.detail,
                clone=clone.name,
                members=len(clone.members),
                ani_percent=near[clone.name].ani_percent,
                aligned_percent=near[clone.name].aligned_percent,
                subspecies=taxon.subspecies,
            )
            yield self._counted(row, clone, taxon) if is_used(taxon) else row

    def _counted(self, row: ScreenRow, clone: ScreenedClone, taxon: Taxon) -> ScreenRow:
        """Return a row with the distances to the members of a clone."""
        pairs = [each.pair for each in self._counters[clone.name].pairs_of(taxon)]
        found = nearness(pairs, self._max_snps)
        row = replace(
            row,
            state=found.state,
            reason=found.reason,
            members_compared=found.compared,
            max_snps_to_clone=found.max_snps,
            callable_bp=max(pair.callable_bp for pair in pairs),
        )
        if found.nearest is None:
            return row
        return replace(
            row,
            nearest_member=found.nearest.other(CANDIDATE + row.sketched.sha256),
            snps=found.nearest.snps,
            snps_raw=found.nearest.snps_raw,
            callable_bp=found.nearest.callable_bp,
        )


def _known(candidate: Candidate, known: Mapping[Path, Sketched]) -> Sketched:
    """Return what is known of a candidate's file."""
    if candidate.path is None:
        return Sketched("", "", "no_isolate", "the row names no assembly")
    return known[candidate.path]


def _rows_of(
    candidate: Candidate,
    sketched: Sketched,
    hits: Hits,
    compared: Mapping[str, Sequence[ScreenRow]],
) -> list[ScreenRow]:
    """Return the rows of a candidate."""
    name = candidate.name
    if sketched.reason:
        reason, detail = sketched.reason, sketched.detail
        return [ScreenRow(name, ScreenState.UNREADABLE, sketched, reason=reason, detail=detail)]
    if found := compared.get(sketched.sha256):
        return [replace(row, isolate=name, sketched=sketched) for row in found]
    row = ScreenRow(name, ScreenState.NOT_SIMILAR, sketched)
    if others := hits.get(sketched.sha256):
        best = max(others.values(), key=_closeness)
        row = replace(row, ani_percent=best.ani_percent, aligned_percent=best.aligned_percent)
    return [row]


def _closeness(hit: SketchHit) -> tuple[float, float]:
    """Return what a nearer hit has more of."""
    return hit.ani_percent, hit.aligned_percent


def _genomes(taxa: Sequence[Taxon]) -> dict[str, str]:
    """Return a name for each genome of the run, an isolate's before a reference's."""
    found: dict[str, str] = {}
    for taxon in sorted(taxa, key=lambda taxon: (taxon.entry.is_reference, taxon.name)):
        found.setdefault(taxon.assessment.canonical_sha256, taxon.name)
    return found


def _with_namesake(row: ScreenRow, genomes: Mapping[str, str]) -> ScreenRow:
    """Return a row with the name of the run's isolate that has the same genome."""
    return replace(row, already_in_run=genomes.get(row.sketched.canonical_sha256, ""))
