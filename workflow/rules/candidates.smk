"""The candidates of the screen, looked at only where the screen is asked for.

REQUIRED INPUTS: section `screen` of the configuration
OUTPUTS: none
"""

from oneclone.candidate_files import listing_digest, read_screen_settings

SCREEN = read_screen_settings(config)


def candidates_of_screen(wildcards):
    """Return the state of the candidates' files, so that a changed one is screened again."""
    try:
        return listing_digest(SCREEN.candidates)
    except OnecloneError as error:
        raise WorkflowError(str(error)) from None
