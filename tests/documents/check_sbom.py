"""Check sbom.cdx.json against the schema of CycloneDX, in the environment of tests/sbom.txt."""

import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

sys.exit(
    str(found)
    if (
        found := JsonStrictValidator(SchemaVersion.V1_6).validate_str(
            Path("sbom.cdx.json").read_text("utf-8")
        )
    )
    else 0
)
