"""Results that were altered after a job wrote them are made again.

REQUIRED INPUTS: `.oneclone/written/`, in which every job lists what it wrote
OUTPUTS: none
"""


def sound_results(wildcards):
    """Return all results; what was altered after a job wrote it is removed first.

    Snakemake looks at no content, so it would take an altered result as it is. Asked here, it
    tells whether jobs will run: a dry run removes nothing.
    """
    is_run = workflow.executor_plugin and not (workflow.dryrun or workflow.touch)
    if workflow.is_main_process:
        try:
            for line in RUN.find_altered(RESULTS, remove=bool(is_run)):
                print(line, file=sys.stderr)
        except OnecloneError as error:
            raise WorkflowError(str(error)) from None
    return RESULTS
