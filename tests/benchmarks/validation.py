"""Tables of docs/validation.md: how counted distances and verdicts agree with what is known."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oneclone.simulation.scenarios import SCENES
from tests.benchmarks.rivals import Tool
from tests.benchmarks.wording import bases, pooled, rate, share, signed

Rows = list[dict[str, object]]
NOTHING = "\N{EN DASH}"


def runs(measured: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the records of whole runs, simulated and real."""
    return [
        *measured.get("simulated", []),
        *measured.get("real", {}).get("measured", []),
        *({**run, "name": f"simulated, {run['name']}"} for run in measured.get("growth", [])),
    ]


def scenarios() -> Rows:
    """Return the right verdict of every scenario of the small scene, as a test demands it."""
    return [
        {
            "`oneclone simulate --scenario`": f"`{name}`",
            "Right verdict": f"`{scene.expected.verdict}`",
            "Of each clone": ", ".join(f"`{each}`" for each in scene.expected.clone_verdicts),
            "Exclusive": NOTHING if scene.expected.exclusive is None else scene.expected.exclusive,
            "Reasons": ", ".join(f"`{each}`" for each in scene.expected.reasons),
        }
        for name, scene in SCENES.items()
    ]


def outbreaks(measured: Mapping[str, Any], group: str, single: str) -> Rows:
    """Return the verdicts on a group of random outbreaks by level of sampling.

    `single` heads the column of `single_clone`: right for one group, false for another.
    """
    rows: Rows = []
    for level, verdicts in measured["outbreaks"]["groups"][group].items():
        total = sum(verdicts.values())
        rows.append(
            {
                "Related background sampled": f"{level} %",
                single: rate(verdicts.get("single_clone", 0), total),
                "`indeterminate`": rate(verdicts.get("indeterminate", 0), total),
                "`multiple_clones`": f"{verdicts.get('multiple_clones', 0)} of {total}",
            }
        )
    return rows


def programs(measured: Mapping[str, Any], tools: Sequence[Tool]) -> Rows:
    """Return what is run of each program, and its version."""
    versions = measured.get("packages", {})
    return [
        {
            "Program": tool.name,
            "How": tool.how,
            "Debian package": f"`{tool.package}` {versions.get(tool.package, '')}".strip()
            if tool.package
            else "",
        }
        for tool in tools
    ]


def distances(measured: Mapping[str, Any]) -> Rows:
    """Return the distances of whole runs against the truth."""
    return [
        {
            "Set": run["name"],
            "Pairs": run["raw"]["pairs"],
            "Raw above the truth": run["raw"]["above"],
            "Close, of them scanned": f"{run['close']}, {run['filtered']['pairs']}",
            "Filtered above the truth": run["filtered"]["above"],
            "Exact": run["filtered"]["exact"],
            "Most missed": run["filtered"]["most_missed"],
            "Missed, pooled": pooled(run["filtered"]["missed_snps"], run["filtered"]["true_snps"]),
            "Least callable": share(run["filtered"]["least_share"]),
        }
        for run in runs(measured)
    ]


def verdicts(measured: Mapping[str, Any]) -> Rows:
    """Return the verdict of each whole run beside the right one."""
    return [
        {
            "Set": run["name"],
            "Right verdict": f"`{run['expected']}`",
            "Verdict": f"`{run['verdict']}`"
            + ("" if run["verdict"] == run["expected"] else " (**wrong**)"),
        }
        for run in runs(measured)
    ]


def case_pairs(measured: Mapping[str, Any]) -> Rows:
    """Return the case pairs of the semi-real runs, those with an import included."""
    return [
        {
            "Set": run["name"],
            "Pair": ", ".join(pair["pair"]),
            "True SNPs, with imports": f"{pair['true_clonal']}, {pair['true_raw']}",
            "Counted": pair["snps"],
            "Raw": pair["snps_raw"],
            "Bases compared": bases(pair["callable_bp"]),
        }
        for run in measured.get("real", {}).get("measured", [])[1:]
        for pair in run["case_pairs"]
    ]


def _cell(result: Mapping[str, Any], words: Callable[[Mapping[str, Any]], str], key: str) -> str:
    """Return a cell on a tool's result, or why there is none."""
    if result["failed"]:
        return "failed"
    return words(result[key]) if key in result else NOTHING


def _matrix(
    measured: Mapping[str, Any],
    words: Callable[[Mapping[str, Any]], str],
    key: str,
    wanted: Callable[[Mapping[str, Any]], bool],
) -> Rows:
    """Return a table of sets by tools."""
    records = [each for each in measured["comparisons"]["measured"] if wanted(each)]
    tools = list(dict.fromkeys(r["tool"] for each in records for r in each["results"]))
    rows: Rows = []
    for each in records:
        by_tool = {result["tool"]: result for result in each["results"]}
        cells = {
            tool: _cell(by_tool[tool], words, key) if tool in by_tool else "absent"
            for tool in tools
        }
        rows.append({"Set": each["title"], **cells})
    return rows


def _scored(record: Mapping[str, Any]) -> bool:
    """Return whether the truth of some close pairs is known."""
    return record["truth_known"] and record["close_pairs"] > 0


def wrong(measured: Mapping[str, Any]) -> Rows:
    """Return false and missed SNPs of each tool on close pairs."""
    return _matrix(measured, _wrong, "score", _scored)


def _wrong(score: Mapping[str, Any]) -> str:
    """Return false SNPs, missed SNPs of the true ones, and pairs without a count."""
    lost = f"; {score['lost']} pairs lost" if score["lost"] else ""
    pairs = f"{score['pairs']} pairs: "
    return f"{pairs}{score['false_snps']}; {pooled(score['missed_snps'], score['true_snps'])}{lost}"


def exact(measured: Mapping[str, Any]) -> Rows:
    """Return exact pairs and the mean error of each tool on close pairs."""

    def words(score: Mapping[str, Any]) -> str:
        return f"{score['exact']}; {signed(score['mean_error'])}"

    return _matrix(measured, words, "score", _scored)


def compared(measured: Mapping[str, Any]) -> Rows:
    """Return the least share of the shared bases that each tool compared."""

    def has_shared(record: Mapping[str, Any]) -> bool:
        return _scored(record) and any(
            not result["failed"] and result["score"]["least_share"] is not None
            for result in record["results"]
        )

    return _matrix(measured, lambda score: share(score["least_share"]), "score", has_shared)


def filtered(measured: Mapping[str, Any]) -> Rows:
    """Return our filtered counts against mutations alone."""
    rows: Rows = []
    for record in measured["comparisons"]["measured"]:
        ours = record["results"][0]
        if _scored(record) and "filtered_score" in ours:
            score = ours["filtered_score"]
            rows.append(
                {
                    "Set": record["title"],
                    "Pairs": score["pairs"],
                    "Above the truth": score["above"],
                    "Exact": score["exact"],
                    "Missed, pooled": pooled(score["missed_snps"], score["true_snps"]),
                }
            )
    return rows


def published(measured: Mapping[str, Any]) -> Rows:
    """Return how each tool follows the distances that others published."""
    rows: Rows = []
    for record in measured["comparisons"]["measured"]:
        for result in record["results"]:
            if record["close_pairs"] and "agreement_close" in result:
                rows.append(
                    {
                        "Program": result["tool"],
                        **_agreement("close", result["agreement_close"]),
                        **_agreement("all", result["agreement_all"]),
                    }
                )
    return rows


def _agreement(which: str, found: Mapping[str, Any]) -> dict[str, object]:
    """Return slope and mean difference over some pairs."""
    slope = NOTHING if found["slope"] is None else f"{found['slope']:.4f}"
    lost = f" ({found['lost']} without a count)" if found["lost"] else ""
    return {
        f"Pairs, {which}": f"{found['pairs']}{lost}",
        f"Slope, {which}": slope,
        f"Mean difference, {which}": signed(found["mean_difference"]),
        f"Greatest, {which}": found["greatest_difference"],
    }


def positions(measured: Mapping[str, Any]) -> Rows:
    """Return which published SNPs of an isolate each program found."""
    return [
        {
            "Program": row["program"],
            "Published SNPs": row["published"],
            "Found, right place and base": row["found"],
            "Others": row["others"],
        }
        for row in measured.get("positions", {}).get("rows", [])
    ]


def counts(measured: Mapping[str, Any], prefixes: Sequence[str]) -> Rows:
    """Return what each tool counts on the pairs of some sets, SNPs over bases compared."""
    rows: Rows = []
    records = [
        each
        for each in measured["comparisons"]["measured"]
        if each["name"].startswith(tuple(prefixes))
    ]
    tools = list(dict.fromkeys(r["tool"] for each in records for r in each["results"]))
    for record in records:
        found = {r["tool"]: r for r in record["results"]}
        pairs = {tuple(row[:2]) for r in record["results"] for row in r.get("counted", [])}
        rows += [_counts(pair, found, tools) for pair in sorted(pairs)]
    return rows


def _counts(
    pair: Sequence[str], found: Mapping[str, Mapping[str, Any]], tools: Sequence[str]
) -> dict[str, object]:
    """Return the row of one pair; our filtered count stands after an arrow where it differs."""
    row: dict[str, object] = {"Pair": ", ".join(pair)}
    for tool in tools:
        result = found.get(tool, {})
        count = _of_pair(result.get("counted") or [], pair)
        kept = _of_pair(result.get("filtered") or [], pair)
        near = _of_pair(result.get("near_ends") or [], pair)
        if count is None:
            row[tool] = NOTHING
            continue
        arrow = f" \N{RIGHTWARDS ARROW} {kept[2]}" if kept and kept[2] != count[2] else ""
        ends = f", {near[2]} near ends" if near else ""
        row[tool] = f"{count[2]}{arrow}{ends} ({_megabases(count[3])})"
    return row


def _of_pair(rows: Sequence[Sequence[Any]], pair: Sequence[str]) -> Sequence[Any] | None:
    """Return the row of a pair."""
    return next((row for row in rows if tuple(row[:2]) == tuple(pair)), None)


def _megabases(compared_bp: int | None) -> str:
    """Return compared bases in Mb."""
    return "not told" if compared_bp is None else f"{compared_bp / 1e6:.2f} Mb"
