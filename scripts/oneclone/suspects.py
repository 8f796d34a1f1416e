"""Isolates whose assemblies look wrong beside the cases: errors of assembly, mixed cultures."""

from oneclone.model.evidence import Evidence
from oneclone.model.isolates import Role
from oneclone.model.judgement import SuspectedAssembly, SuspectedMixture
from oneclone.model.mixtures import MixtureSign


def suspected_assemblies(evidence: Evidence) -> tuple[SuspectedAssembly, ...]:
    """Return the isolates that look poorly assembled beside a case, by name.

    The verdict does not change: errors only add SNPs, so a link stands all the more, and a pair
    that is not linked because of them is shown with the reason.
    """
    cases = set(evidence.names(Role.CASE))
    found: dict[str, SuspectedAssembly] = {}
    for pair in evidence.pairs.values():
        if not cases & {pair.first, pair.second}:
            continue
        indels = {pair.first: pair.first_indels, pair.second: pair.second_indels}
        for name in pair.suspects:
            count, snps = indels[name] or 0, pair.snps_raw or 0
            known = found.get(name)
            if known is None or count - snps > known.short_indels - known.snps_raw:
                found[name] = SuspectedAssembly(name, pair.other(name), count, snps)
    return tuple(found[name] for name in sorted(found))


def suspected_mixtures(evidence: Evidence) -> tuple[SuspectedMixture, ...]:
    """Return the case isolates whose ledger entry bears a sign of a mixed culture, by name.

    The verdict does not change: no rule tells what a mixture does to a distance.
    """
    known = {str(sign) for sign in MixtureSign}
    entries = [evidence.ledger[name] for name in evidence.names(Role.CASE)]
    return tuple(
        SuspectedMixture(entry.name, signs, entry.detail)
        for entry in entries
        if (signs := tuple(reason for reason in entry.reasons if reason in known))
    )
