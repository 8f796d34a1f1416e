"""Where templates, styles, scripts and libraries of the report lie, and the digest of them."""

import hashlib
from pathlib import Path

from oneclone.shipped import shipped_file

FOLDER = "resources"


def template_folder() -> Path:
    """Return the folder of templates, styles and scripts."""
    return shipped_file(FOLDER, "report/page.html.j2").parent


def look_digest() -> str:
    """Return the sha256 of all that the report looks by: templates, styles, scripts, libraries."""
    folder = template_folder()
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
