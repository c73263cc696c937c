#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Each promise of docs/threat-model.md names to whom, under which condition, and a test that exists and is run.

    check_threat_model.py [ROOT]         ROOT: the repository, by default the one this script lies in
    check_threat_model.py --self-test    plants each fault in a temporary tree and checks that it is found
"""

import pathlib
import re
import sys
import tempfile

sys.dont_write_bytecode = True  # no __pycache__ beside the sources
from check_features import LINK  # noqa: E402

PAGE = "docs/threat-model.md"
COLUMNS = ["promise", "to whom", "holds if", "test"]


def promises(text):
    """The rows of the table of promises, as lists of cells."""
    inside = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells == COLUMNS:
            inside = True
        elif inside and not set("".join(cells)) <= set("-"):
            yield cells


def not_a_test(root, path):
    """Why this file shows nothing, or None. Examples are tests because ctest runs them and asks for their exit code."""
    if root not in path.parents or path.relative_to(root).parts[0] not in ("tests", "examples", "fuzz"):
        return "is no test"
    if not path.is_file():
        return "doesn't exist"
    lists = [folder / "CMakeLists.txt" for folder in path.parents if root in folder.parents]
    named = any(path.name in found.read_text(encoding="utf-8") for found in lists if found.exists())
    # Folders of tests are read as a whole: there a file has to have test cases.
    cases = path.suffix == ".cpp" and re.search(r"TEST_CASE\(", path.read_text(encoding="utf-8"))
    return None if named or cases else "isn't run"


def check(root):
    """All faults, as lines of text."""
    root = pathlib.Path(root).resolve()
    page = root / PAGE
    rows = list(promises(page.read_text(encoding="utf-8"))) if page.exists() else []
    faults = [] if rows else ["no promises"]
    for cells in rows:
        said = f"\"{cells[0]}\""
        if len(cells) != len(COLUMNS) or not all(cells):
            faults.append(f"{said}: not {len(COLUMNS)} cells with something in each")
            continue
        links = LINK.findall(cells[-1])
        if not links:
            faults.append(f"{said}: no test")
        for link in links:
            reason = not_a_test(root, (page.parent / link.split("#")[0]).resolve())
            if reason:
                faults.append(f"{said}: {link} {reason}")
    return [f"{PAGE}: {fault}" for fault in faults]


def self_test():
    head = "# Page\n\n| promise | to whom | holds if | test |\n|---|---|---|---|\n"
    row = "| none reads | all | – | [a](../tests/srtp/a.cpp), [b](../examples/b/b.cpp), [c](../tests/c.cmake#x) |\n"
    other = "\n| left | right |\n|---|---|\n| no | links |\n"
    sound = {
        PAGE: head + row + other,
        "tests/srtp/a.cpp": 'TEST_CASE("a") {}\n',
        "tests/CMakeLists.txt": "add_test(NAME c COMMAND cmake -P c.cmake)\n",
        "tests/c.cmake": "\n",
        "tests/silent.cpp": "int f();\n",
        "examples/CMakeLists.txt": "add_executable(b b/b.cpp)\n",
        "examples/b/b.cpp": "int main() {}\n",
        "docs/other.md": "\n",
    }
    faults = {
        "no promises": {PAGE: "nothing\n" + other},
        "not 4 cells": {PAGE: head + row + "| short | all | [a](../tests/srtp/a.cpp) |\n"},
        "\"vague\": not 4 cells": {PAGE: head + "| vague | | – | [a](../tests/srtp/a.cpp) |\n"},
        "\"bare\": no test": {PAGE: head + row + "| bare | all | – | some day |\n"},
        "absent.cpp doesn't exist": {PAGE: head + "| x | all | – | [a](../tests/absent.cpp) |\n"},
        "srtp doesn't exist": {PAGE: head + "| x | all | – | [a](../tests/srtp) |\n"},
        "other.md is no test": {PAGE: head + "| x | all | – | [a](other.md) |\n"},
        "outside.cpp is no test": {PAGE: head + "| x | all | – | [a](../../outside.cpp) |\n"},
        "silent.cpp isn't run": {PAGE: head + "| x | all | – | [a](../tests/silent.cpp) |\n"},
        "b.cpp isn't run": {"examples/CMakeLists.txt": "\n"},
    }
    wrong = 0
    for said, change in {"": {}, **faults}.items():
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder) / "repository"
            for name, text in {**sound, **change}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            found = check(root)
        if (not said and found) or (said and not any(said in line for line in found)):
            print(f"check_threat_model: self-test {said or 'sound tree'}: found {found}")
            wrong += 1
    print(f"check_threat_model: self-test, {len(faults)} faults planted, {wrong} wrong")
    return wrong == 0


def main(arguments):
    if arguments == ["--self-test"]:
        return 0 if self_test() else 1
    root = arguments[0] if arguments else pathlib.Path(__file__).resolve().parent.parent
    faults = check(root)
    for fault in faults:
        print(fault)
    print(f"check_threat_model: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
