#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The C++ blocks of the README and the documents are the code of examples that the tests compile and run."""

import pathlib
import re
import sys
import textwrap

# Each page's blocks, in their order.
EXAMPLES = {
    "README.md": ["first_packet.cpp", "end_to_end_call.cpp"],
    "docs/short-authentication-string.md": ["compare_strings.cpp"],
    "docs/using.md": ["receive_loop.cpp"],
}

root = pathlib.Path(__file__).resolve().parent.parent
count = 0
for path in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
    page = path.relative_to(root).as_posix()
    blocks = re.findall(r"^```cpp\n(.*?)^```", path.read_text(encoding="utf-8"), re.S | re.M)
    examples = EXAMPLES.get(page, [])
    if len(blocks) != len(examples):
        sys.exit(f"check_readme: {page} has {len(blocks)} C++ blocks, and examples for {len(examples)}")
    for shown, name in zip(blocks, examples):
        example = (root / "examples" / name).read_text(encoding="utf-8")
        run = re.search(rf"^ *// {re.escape(page)}: begin\n(.*?)^ *// {re.escape(page)}: end", example, re.S | re.M)
        if not run:
            sys.exit(f"check_readme: no marks of {page} in examples/{name}")
        code = textwrap.dedent(run.group(1)).strip()
        if code not in shown:
            sys.exit(f"check_readme: {page} shows other code than examples/{name} runs; it should have\n" + code)
        count += 1
missing = set(EXAMPLES) - {p.relative_to(root).as_posix() for p in [root / "README.md", *(root / "docs").glob("*.md")]}
if missing:
    sys.exit(f"check_readme: no {', '.join(sorted(missing))}")
print(f"check_readme: {count} pieces of code are the examples'")
