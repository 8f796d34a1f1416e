"""A comparison with the clones of a bundle in words: how near, in which range, never a verdict."""

from collections.abc import Iterator, Mapping, Sequence

from oneclone.bundled_clones import BundledClones
from oneclone.clones import base_verdict
from oneclone.explanations import REASON_TEXT
from oneclone.model.assessment import Assessment
from oneclone.model.codes import Reason
from oneclone.model.pairs import Pair
from oneclone.model.panel import Band, Thresholds
from oneclone.phrases import and_names, counted, megabases, printable
from oneclone.steps.loading import Taxon

NO_VERDICT = (
    "This is no verdict: that takes the background, the patients and the clinics. For one, run "
    "the workflow with the assemblies of both sides."
)


def comparison_words(
    clones: BundledClones,
    new: Sequence[Taxon],
    quarantined: Mapping[str, Assessment],
    pairs: Sequence[Pair],
) -> tuple[str, ...]:
    """Return what is said of a comparison, one paragraph each.

    Parameters
    ----------
    clones
        The clones of the bundle.
    new
        Isolates compared with them.
    quarantined
        Isolates that were not, by name.
    pairs
        All pairs counted.
    """
    thresholds = clones.panel.thresholds
    members = {taxon.name: taxon for taxon in clones.members}
    of_clones = and_names(list(clones.record.clones))
    compared = f"Compared with {counted(len(members), 'member')} of {of_clones}; panel "
    ranges = f"SNP thresholds: linked up to {thresholds.linked}, possible up to "
    found = [
        compared + f"{clones.panel.name}, version {clones.panel.version}.",
        *(_of_isolate(taxon, members, clones, pairs) for taxon in new),
        *(f"{name} is not compared: {a.reason} ({a.detail})." for name, a in quarantined.items()),
        ranges
        + f"{thresholds.possible}, not linked above {thresholds.unlinked} ({thresholds.citation}).",
        NO_VERDICT,
    ]
    return tuple(map(printable, found))


def band_words(band: Band, thresholds: Thresholds) -> str:
    """Return the range of a SNP distance in words.

    Examples
    --------
    >>> band_words(Band.POSSIBLE, Thresholds(10, 30, 38, "example"))
    'in the range of possibly linked pairs (11 to 30 SNPs)'
    >>> band_words(Band.UNLINKED, Thresholds(10, 30, 38, "example"))
    'in the range of pairs that are not linked (more than 38 SNPs)'
    """
    linked, possible, unlinked = thresholds.linked, thresholds.possible, thresholds.unlinked
    return {
        Band.LINKED: f"in the range of linked pairs (up to {linked} SNPs)",
        Band.POSSIBLE: f"in the range of possibly linked pairs ({linked + 1} to {possible} SNPs)",
        Band.UNLIKELY: f"where a link is unlikely ({possible + 1} to {unlinked} SNPs)",
        Band.UNLINKED: f"in the range of pairs that are not linked (more than {unlinked} SNPs)",
    }[band]


def _of_isolate(
    taxon: Taxon, members: Mapping[str, Taxon], clones: BundledClones, pairs: Sequence[Pair]
) -> str:
    """Return which member is nearest to an isolate, how near, and what that falls under."""
    own = [
        pair
        for pair in pairs
        if taxon.name in {pair.first, pair.second} and pair.other(taxon.name) in members
    ]
    near = [(pair.snps, pair.other(taxon.name), pair) for pair in own if pair.snps is not None]
    if not near:
        most = max(pair.callable_bp for pair in own)
        return (
            f"{taxon.name} cannot be compared with any member: at most {megabases(most)} are "
            f"callable in both, below the panel's floor of {clones.panel.min_callable_percent:g} %."
        )
    snps, name, pair = min(near, key=lambda each: each[:2])
    member = members[name]
    nearest = (
        f"{taxon.name}: nearest is {name} of {clones.clone_of[name]} at {counted(snps, 'SNP')} "
        f"over {megabases(pair.callable_bp - (pair.recombinant_bp or 0))} compared"
    )
    meaning = _meaning(taxon, member, pair, clones.panel.thresholds)
    return "; ".join([nearest, *meaning]) + "."


def _meaning(taxon: Taxon, member: Taxon, pair: Pair, thresholds: Thresholds) -> Iterator[str]:
    """Give what a pair falls under, and what speaks against taking that at its word."""
    kinds = (taxon.subspecies, member.subspecies)
    _, reasons = base_verdict(pair, kinds, thresholds)
    if Reason.DIFFERENT_SUBSPECIES in reasons:
        yield f"of another subspecies ({kinds[0]}, not {kinds[1]}): not linked"
        return
    yield band_words(thresholds.band(pair.snps or 0), thresholds)
    yield from (REASON_TEXT[reason] for reason in reasons[1:])
    if taxon.assessment.canonical_sha256 == member.assessment.canonical_sha256:
        yield REASON_TEXT[Reason.IDENTICAL_ASSEMBLIES]
    if pair.suspects:
        yield REASON_TEXT[Reason.ASSEMBLY_ERRORS]
