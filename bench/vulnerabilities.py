"""Known vulnerabilities of what spark-vae brings along.

    git clone --depth 1 https://github.com/github/advisory-database   # 3 GB
    mvn -DskipTests pre-integration-test
    python3 bench/vulnerabilities.py advisory-database

Matches target/spark-vae-sbom.json with the advisories for Maven in a folder that has them in OSV's
JSON, as GitHub's database does. Prints a table; docs/security.md says what each means for this job.
"""

import json
import pathlib
import re
import sys

SBOM = pathlib.Path(__file__).parent.parent / "target" / "spark-vae-sbom.json"
SEVERITIES = ["CRITICAL", "HIGH", "MODERATE", "LOW"]
BEFORE_A_RELEASE = {"alpha": -5, "beta": -4, "milestone": -3, "m": -3, "rc": -2, "cr": -2, "snapshot": -1}


def order(version):
    """As Maven sorts versions; 1.0-M2 < 1.0 = 1.0.Final < 1.0.1."""
    key = []
    for word in re.findall(r"\d+|[a-z]+", version.lower()) + [""]:
        if word.isdigit():
            key.append((1, int(word)))
        elif word not in ("final", "ga", "release", "jre", "android"):
            while key and key[-1] == (1, 0):
                key.pop()
            key.append((BEFORE_A_RELEASE.get(word, 0), 0))
    return key


def is_affected(version, affected):
    if version in affected.get("versions", []):
        return True
    here = order(version)
    known = affected.get("database_specific", {}).get("last_known_affected_version_range", "")
    for events in (each["events"] for each in affected.get("ranges", [])):
        hit = False
        for event in events:
            if "introduced" in event:
                hit = hit or event["introduced"] == "0" or here >= order(event["introduced"])
            elif "fixed" in event:
                hit = hit and here < order(event["fixed"])
            elif "last_affected" in event:
                hit = hit and here <= order(event["last_affected"])
        if known.startswith("<="):
            hit = hit and here <= order(known[2:])
        elif known.startswith("<"):
            hit = hit and here < order(known[1:])
        if hit:
            return True
    return False


def fixed_in(affected):
    events = [event for each in affected.get("ranges", []) for event in each["events"]]
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
    for each in json.loads(SBOM.read_text())["components"]:
        components.setdefault(f"{each['group']}:{each['name']}", set()).add(each["version"])
    advisories = [json.loads(file.read_text()) for file in pathlib.Path(database).rglob("*.json")]
    advisories = [each for each in advisories if "affected" in each and "withdrawn" not in each]
    if not advisories:
        sys.exit(f"{database}: no advisories there; clone https://github.com/github/advisory-database")
    found = sorted(
        set(findings(components, advisories)),
        key=lambda row: (SEVERITIES.index(row[0]) if row[0] in SEVERITIES else len(SEVERITIES), row))
    print("| severity | package | advisory | fixed in | |\n|---|---|---|---|---|")
    for row in found:
        print("| " + " | ".join(row) + " |")
    newest = max(each["published"] for each in advisories)
    print(f"\n{len(components)} packages, {len(advisories)} advisories, the newest of {newest[:10]}: {len(found)} findings")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
