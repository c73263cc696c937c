#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""What the pages and tables say exists: links of docs/*.md, a link for each feature, the tests of the known mistakes.

    check_features.py [ROOT]         ROOT: the repository, by default the one this script lies in
    check_features.py --self-test    plants each fault in a temporary tree and checks that it is found
"""

import pathlib
import re
import sys
import tempfile

LINK = re.compile(r"\[[^\]\[]*\]\(([^()\s]+)\)")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|#")
# Of known_mistakes.cpp's table: `file.cpp "name"`, in which comment signs and line ends count as one space.
ENTRY = re.compile(r'(\w+\.cpp) "([^"]+)"')
NO_FEATURE = ("no", "not yet")


def broken_links(root):
    """Relative links of docs/*.md that lead to nothing, or out of the repository."""
    for page in sorted((root / "docs").glob("*.md")):
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            target = (page.parent / link.split("#")[0]).resolve()
            if not ELSEWHERE.match(link) and (not target.exists() or root not in target.parents):
                yield f"docs/{page.name}: {link} leads nowhere"


def features_without_test(root):
    """Rows of docs/features.md that claim something without a link; tables of other libraries only have two columns."""
    page = root / "docs" / "features.md"
    rows = 0
    for line in page.read_text(encoding="utf-8").splitlines() if page.exists() else []:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or len(cells) < 3 or cells[1] == "Sotto" or set(cells[1]) <= set("-"):
            continue
        rows += 1
        if not LINK.search(cells[1]) and re.sub(r" \(\d\)$", "", cells[1]) not in NO_FEATURE:
            yield f"docs/features.md: no test shows \"{cells[0]}\""
    if rows == 0:
        yield "docs/features.md: no features"


def absent_tests(root):
    """Tests that the table of known mistakes names and that don't exist."""
    folder = root / "tests" / "srtp"
    page = folder / "known_mistakes.cpp"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    table = re.sub(r"\s*\n//\s*", " ", text.split("#include")[0])
    entries = ENTRY.findall(table)
    if not entries:
        yield "tests/srtp/known_mistakes.cpp: no table"
    for file, name in entries:
        path = folder / file
        if not path.exists() or f'TEST_CASE("{name}"' not in path.read_text(encoding="utf-8"):
            yield f"tests/srtp/known_mistakes.cpp: {file} has no test \"{name}\""


def check(root):
    """All faults, as lines of text."""
    root = pathlib.Path(root).resolve()
    return [*broken_links(root), *features_without_test(root), *absent_tests(root)]


def self_test():
    sound = {
        "docs/features.md": "| | Sotto | x |\n|---|---|---|\n| a | [yes](../tests/srtp/a.cpp) | ? |\n"
                            "| b | not yet (1) | no |\n[web](https://example.org/none) [here](#part) [part](features.md#part)\n",
        "tests/srtp/a.cpp": 'TEST_CASE("one two", "[srtp]") {}\n',
        "tests/srtp/known_mistakes.cpp": '// Table:\n//   mistake: a.cpp "one\n//     two"\n#include <a>\n',
    }
    faults = {
        "leads nowhere": {"docs/other.md": "See [it](../tests/srtp/b.cpp).\n"},
        "out of the repository": {"docs/other.md": "See [it](../../).\n"},
        "no test shows \"c\"": {"docs/features.md": sound["docs/features.md"] + "| c | yes | no |\n"},
        "no features": {"docs/features.md": "nothing\n"},
        "has no test \"one two\"": {"tests/srtp/a.cpp": 'TEST_CASE("one") {}\n'},
        "a.cpp has no test": {"tests/srtp/a.cpp": "\n"},
        "no table": {"tests/srtp/known_mistakes.cpp": "#include <a>\n"},
    }
    wrong = 0
    for said, change in {"": {}, **faults}.items():
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**sound, **change}.items():
                path = pathlib.Path(folder) / "repository" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            found = check(pathlib.Path(folder) / "repository")
        expected = "leads nowhere" if said == "out of the repository" else said
        if (not said and found) or (said and not any(expected in line for line in found)):
            print(f"check_features: self-test {said or 'sound tree'}: found {found}")
            wrong += 1
    print(f"check_features: self-test, {len(faults)} faults planted, {wrong} wrong")
    return wrong == 0


def main(arguments):
    if arguments == ["--self-test"]:
        return 0 if self_test() else 1
    root = arguments[0] if arguments else pathlib.Path(__file__).resolve().parent.parent
    faults = check(root)
    for fault in faults:
        print(fault)
    print(f"check_features: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
