#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The README's first C++ block is the code of examples/first_packet.cpp, which the tests compile and run."""

import pathlib
import re
import sys
import textwrap

root = pathlib.Path(__file__).resolve().parent.parent
readme = (root / "README.md").read_text(encoding="utf-8")
example = (root / "examples/first_packet.cpp").read_text(encoding="utf-8")

shown = re.search(r"^```cpp\n(.*?)^```", readme, re.S | re.M)
run = re.search(r"^ *// README: begin\n(.*?)^ *// README: end", example, re.S | re.M)
if not shown or not run:
    sys.exit("check_readme: no C++ block in README.md, or no marks in examples/first_packet.cpp")
code = textwrap.dedent(run.group(1)).strip()
if code not in shown.group(1):
    sys.exit("check_readme: README.md shows other code than examples/first_packet.cpp runs; it should have\n" + code)
print("check_readme: the README's code is the example's")
