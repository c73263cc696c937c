#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The README's C++ blocks are the code of examples that the tests compile and run, in this order."""

import pathlib
import re
import sys
import textwrap

EXAMPLES = ["first_packet.cpp", "end_to_end_call.cpp"]

root = pathlib.Path(__file__).resolve().parent.parent
readme = (root / "README.md").read_text(encoding="utf-8")
blocks = re.findall(r"^```cpp\n(.*?)^```", readme, re.S | re.M)
if len(blocks) != len(EXAMPLES):
    sys.exit(f"check_readme: README.md has {len(blocks)} C++ blocks, and examples for {len(EXAMPLES)}")
for shown, name in zip(blocks, EXAMPLES):
    example = (root / "examples" / name).read_text(encoding="utf-8")
    run = re.search(r"^ *// README: begin\n(.*?)^ *// README: end", example, re.S | re.M)
    if not run:
        sys.exit(f"check_readme: no marks in examples/{name}")
    code = textwrap.dedent(run.group(1)).strip()
    if code not in shown:
        sys.exit(f"check_readme: README.md shows other code than examples/{name} runs; it should have\n" + code)
print("check_readme: the README's code is the examples'")
