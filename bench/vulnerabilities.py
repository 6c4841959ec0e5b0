"""Lists known vulnerabilities of the libraries that spark-vae ships.

    git clone --depth 1 https://github.com/github/advisory-database   # 3 GB
    mvn -Dcomplete=true -DskipTests pre-integration-test
    python3 bench/vulnerabilities.py advisory-database

Matches target/spark-vae-sbom.json with the Maven advisories in a folder of OSV JSON files, such as a clone of GitHub's
advisory database. Prints a table. docs/development/security.md explains what each finding means for this job.
"""

import json
import pathlib
import re
import sys

SBOM = pathlib.Path(__file__).parent.parent / "target" / "spark-vae-sbom.json"
SEVERITIES = ["CRITICAL", "HIGH", "MODERATE", "LOW"]
PRE_RELEASE_ORDER = {"alpha": -5, "beta": -4, "milestone": -3, "m": -3, "rc": -2, "cr": -2, "snapshot": -1}


def sort_key(version):
    """Returns a key that sorts versions as Maven does: 1.0-M2 < 1.0 = 1.0.Final < 1.0.1."""
    key = []
    for token in re.findall(r"\d+|[a-z]+", version.lower()) + [""]:
        if token.isdigit():
            key.append((1, int(token)))
        elif token not in ("final", "ga", "release", "jre", "android"):
            while key and key[-1] == (1, 0):
                key.pop()
            key.append((PRE_RELEASE_ORDER.get(token, 0), 0))
    return key


def is_affected(version, affected):
    if version in affected.get("versions", []):
        return True
    key = sort_key(version)
    last_known = affected.get("database_specific", {}).get("last_known_affected_version_range", "")
    for events in (version_range["events"] for version_range in affected.get("ranges", [])):
        in_range = False
        for event in events:
            if "introduced" in event:
                in_range = in_range or event["introduced"] == "0" or key >= sort_key(event["introduced"])
            elif "fixed" in event:
                in_range = in_range and key < sort_key(event["fixed"])
            elif "last_affected" in event:
                in_range = in_range and key <= sort_key(event["last_affected"])
        if last_known.startswith("<="):
            in_range = in_range and key <= sort_key(last_known[2:])
        elif last_known.startswith("<"):
            in_range = in_range and key < sort_key(last_known[1:])
        if in_range:
            return True
    return False


def fixed_in(affected):
    events = [event for version_range in affected.get("ranges", []) for event in version_range["events"]]
    return " or ".join(event["fixed"] for event in events if "fixed" in event) or "-"


def findings(components, advisories):
    for advisory in advisories:
        for affected in advisory.get("affected", []):
            package = affected["package"]
            for version in components.get(package["name"], ()) if package["ecosystem"] == "Maven" else ():
                if is_affected(version, affected):
                    name = next(iter(advisory.get("aliases", [])), advisory["id"])
                    severity = advisory.get("database_specific", {}).get("severity", "-")
                    yield severity, f"{package['name']} {version}", name, fixed_in(affected), advisory["summary"]


def main(database):
    components = {}
    for component in json.loads(SBOM.read_text())["components"]:
        components.setdefault(f"{component['group']}:{component['name']}", set()).add(component["version"])
    advisories = [json.loads(file.read_text()) for file in pathlib.Path(database).rglob("*.json")]
    advisories = [advisory for advisory in advisories if "affected" in advisory and "withdrawn" not in advisory]
    if not advisories:
        sys.exit(f"{database}: the folder has no advisories. Clone https://github.com/github/advisory-database.")
    rows = sorted(
        set(findings(components, advisories)),
        key=lambda row: (SEVERITIES.index(row[0]) if row[0] in SEVERITIES else len(SEVERITIES), row))
    print("| severity | package | advisory | fixed in | |\n|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    newest = max(advisory["published"] for advisory in advisories)
    print(f"\n{len(components)} packages, {len(advisories)} advisories (newest: {newest[:10]}), {len(rows)} findings")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
