"""Check sbom.cdx.json against the schema of CycloneDX, in the environment of tests/sbom.txt."""

import sys
from pathlib import Path

SBOM = Path(__file__).resolve().parents[2] / "sbom.cdx.json"


def main() -> None:
    """End with what is wrong, if anything is."""
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415 (in that environment alone)
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    if found := validator.validate_str(SBOM.read_text("utf-8")):
        sys.exit(str(found))


if __name__ == "__main__":
    main()
