"""What all rules share: the plan of the run, wildcards, and functions for inputs and messages.

REQUIRED INPUTS: the configuration, the isolate table, the clone panel and the assemblies
OUTPUTS: `.oneclone/plan/` (roster, cases, isolates, panel, mask, genes, loci, batches, code, history) and
`.oneclone/assemblies/` (links)
"""

import os
import sys
from dataclasses import asdict
from pathlib import Path

from snakemake.exceptions import WorkflowError

WORKFLOW_FOLDER = Path(str(workflow.current_basedir)).parents[1]
sys.path.insert(0, str(WORKFLOW_FOLDER / "scripts"))

from oneclone.call_batches import load_batches, plan_batches
from oneclone.digests import keep_rule_digests, read_rule_digests
from oneclone.disk_space import refuse_full_disk, refuse_unwritable
from oneclone.errors import OnecloneError
from oneclone.exports.files import EXPORTS
from oneclone.jobs import as_parameter, paths
from oneclone.plan import load_run, prepare_run
from oneclone.plan_history import load_identity, prepare_history
from oneclone.private_files import FOLDERS, keep_private
from oneclone.reporting.look import look_digest
from oneclone.run_guard import refuse_when_over
from oneclone.run_lock import lock_run
from oneclone.run_record import RunRecord
from oneclone.run_versions import engine_at_hand, shown_versions
from oneclone.system_errors import explanation

STATE = ".oneclone"
PLANNED_CODE = f"{STATE}/plan/code.json"
MAIN_RESULTS = [
    "results/ledger.tsv",
    "results/typing.tsv",
    "results/markers.tsv",
    "results/mixtures.tsv",
    "results/distances/pairs.tsv",
    "results/distances/pairs.parquet",
    "results/distances/matrix.tsv",
    "results/distances/recombination.tsv",
    "results/distances/coverage.tsv",
    "results/distances/recombination.bed",
    "results/alignment/core.snps.fasta",
    "results/alignment/core.json",
    "results/alignment/core_sites.tsv",
    "results/alignment/core_curve.tsv",
    "results/alignment/core_by_isolate.tsv",
    "results/tree/core.nwk",
    "results/tree/core.json",
    "results/tree/local_trees.json",
    "results/tree/placement.tsv",
    "results/clusters.tsv",
    "results/robustness.tsv",
    "results/verdict.json",
    "results/verdict_pairs.tsv",
    "results/time.json",
    "results/changes.tsv",
    "results/report.html",
    *EXPORTS,
]
RESULTS = [*MAIN_RESULTS, "results/provenance/manifest.sha256"]


wildcard_constraints:
    key="[0-9a-f]{24}-[0-9a-f]{24}",
    batch="[0-9a-f]{16}",


VERSIONS = shown_versions()
try:
    keep_private(map(Path, FOLDERS))
    if workflow.is_main_process:
        refuse_unwritable(Path.cwd())
        LOCK = lock_run(Path(STATE), Path("results"))
        os.environ.update(LOCK.environment)
        PLAN = prepare_run(
            config, Path.cwd(), WORKFLOW_FOLDER, list(map(Path, workflow.configfiles))
        )
        RUN = RunRecord.begin(PLAN, Path(STATE) / "calls")
        refuse_full_disk(PLAN, RUN.missing, Path.cwd())
        PLACES = (
            workflow.resource_settings.nodes or workflow.resource_settings.cores or 1
        )
        BATCHES = plan_batches(PLAN, Path.cwd(), RUN.missing, RUN.altered, PLACES)
        CODE = keep_rule_digests(WORKFLOW_FOLDER / "scripts", Path(PLANNED_CODE))
        ENGINE = engine_at_hand(PLAN.settings.tree)
        IDENTITY = prepare_history(PLAN, Path.cwd(), {**VERSIONS, "engine": ENGINE})
    else:
        refuse_when_over()  # before Snakemake removes what this job is to write
        PLAN = load_run(config, Path.cwd())
        BATCHES = load_batches(Path.cwd())
        CODE = read_rule_digests(Path(PLANNED_CODE))
        ENGINE = engine_at_hand(PLAN.settings.tree)
        IDENTITY = load_identity(Path.cwd())
except (OnecloneError, OSError) as error:
    raise WorkflowError(explanation(error) or str(error)) from None

SETTINGS = PLAN.settings
PANEL_ASSEMBLIES = sorted({reference.assembly for reference in PLAN.panel.references})
GATHERED = f"{STATE}/calls.json"
PREPARED = expand(f"{STATE}/references/{{key}}.npz", key=PLAN.reference_key_of.values())
INDEXES = expand(f"{STATE}/references/{{key}}.mmi", key=PLAN.reference_key_of.values())
SKETCHES = expand(
    f"{STATE}/sketches/{PLAN.panel_key}/{{assembly}}.sketch", assembly=PANEL_ASSEMBLIES
)
MASKED = SETTINGS.tree.mask_recombination != "none"
if MASKED:
    MAIN_RESULTS.append("results/tree/gubbins.bed")
    RESULTS.append("results/tree/gubbins.bed")
TREE_ALIGNMENT = (
    [f"{STATE}/tree/masked.fasta", f"{STATE}/tree/masked.json"]
    if MASKED
    else ["results/alignment/core.snps.fasta", "results/alignment/core.json"]
)
FURTHER_PAIRS = f"{STATE}/distances/further.parquet"
STRETCHES = f"{STATE}/distances/stretches.tsv"
MARKERS = f"{STATE}/sketches/{PLAN.panel_key}/markers.bin"


def code_of(rule):
    """Return the digest of the code of a rule, the parameter by which another code runs it again.

    Snakemake's own trigger is switched off in the profiles: it goes by the dates of the scripts,
    which a fresh clone of the repository renews.
    """
    return CODE[rule]


def assembly_of_reference(wildcards):
    """Return the link to the assembly of a counting reference."""
    keys = PLAN.reference_key_of
    return next(
        f"{STATE}/assemblies/{sha}" for sha in keys if keys[sha] == wildcards.key
    )
