"""What is in the image, as SPDX 2.3: Debian's packages and our wheels, with versions, licences left to their files."""

import re
from pathlib import Path
from typing import Any

from image.disk import named


def wheel(path: Path) -> tuple[str, str]:
    """Name and version out of a wheel's file name (PEP 427)."""
    name, version = path.name.split("-")[:2]
    return re.sub(r"[-_.]+", "-", name).lower(), version


def package(kind: str, name: str, version: str, purl: str, sha256: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {
        "SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", f"{kind}-{name}"),
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "externalRefs": [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}
        ],
    }
    if sha256:
        found["checksums"] = [{"algorithm": "SHA256", "checksumValue": sha256}]
    return found


def document(
    name: str, arch: str, version: str, created: str, debian: dict[str, str], wheels: dict[Path, str]
) -> dict[str, Any]:
    """`debian`: package → version; `wheels`: file → SHA-256; `created`: ISO 8601 in UTC, the source's own time."""
    packages = [package("image", name, version, f"pkg:generic/{name}@{version}?arch={arch}")]
    packages += [
        package("deb", each, number, f"pkg:deb/debian/{each}@{number}?arch={arch}")
        for each, number in sorted(debian.items())
    ]
    for path, sha256 in sorted(wheels.items()):
        each, number = wheel(path)
        packages.append(package("wheel", each, number, f"pkg:pypi/{each}@{number}", sha256))
    image, *parts = [each["SPDXID"] for each in packages]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{name}-{arch}-{version}",
        "documentNamespace": f"urn:uuid:{named(f'sbom-{arch}-{version}-{created}')}",
        "creationInfo": {"created": created, "creators": [f"Tool: {name}-image"]},
        "packages": packages,
        "relationships": [
            {
                "spdxElementId": "SPDXRef-DOCUMENT",
                "relationshipType": "DESCRIBES",
                "relatedSpdxElement": image,
            },
            *(
                {"spdxElementId": image, "relationshipType": "CONTAINS", "relatedSpdxElement": each}
                for each in parts
            ),
        ],
    }
