#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks that include/sotto keeps to its floors. Prints each violation and exits non-zero if there is one.

    check_layers.py [ROOT]         ROOT: the repository, by default the one this script lies in
    check_layers.py --self-test    plants each violation in a temporary tree and checks that it is found
"""

import pathlib
import re
import sys
import tempfile

FLOORS = {"core": 1, "cpu": 2, "kernels": 3, "crypto": 4, "srtp": 5, "noise": 5, "sframe": 5}

LITERAL_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|//[^\n]*|/\*.*?\*/', re.S)
INCLUDE = re.compile(r"^[ \t]*#[ \t]*include(?:_next)?\b[ \t]*([^\n]*)", re.M)
TARGET = re.compile(r'(<|")([^>"\n]+)[>"]')

# Target attributes leak into what is instantiated inside a region, and some constructs they do not reach.
INL_RULES = [
    (INCLUDE, "an .inl has no #include: its candidates.hpp includes what it needs before the region"),
    (re.compile(r"\bstd::(?!(?:u?int(?:8|16|32|64)_t|size_t)\b)\w*"),
     "an .inl uses nothing of std:: but fixed-width integers and size_t"),
    (re.compile(r"\bnamespace\s*\{"), "an .inl has no unnamed namespace"),
    (re.compile(r"(?<![\w\])\[])\[(?!\[)[^\[\]]*\]\s*(?:[({]|mutable\b|noexcept\b|->)"),
     "an .inl has no lambda: target regions don't reach it"),
]


def without_comments(text):
    """The text with each comment blanked, line numbers unchanged."""
    def blank(match):
        found = match.group()
        return re.sub(r"[^\n]", " ", found) if found.startswith("/") else found
    return LITERAL_OR_COMMENT.sub(blank, text)


def line_of(text, match):
    return text.count("\n", 0, match.start()) + 1


def find_cycles(graph):
    """Each cycle that a depth-first walk meets, as a list of nodes whose last is its first."""
    cycles, done, path = [], set(), []

    def visit(node):
        if node in path:
            cycles.append(path[path.index(node):] + [node])
        elif node not in done:
            path.append(node)
            for target in sorted(graph.get(node, ())):
                visit(target)
            path.pop()
            done.add(node)

    for node in sorted(graph):
        visit(node)
    return cycles


def check(root):
    """All violations in ROOT/include/sotto, as lines of text."""
    base = (pathlib.Path(root) / "include" / "sotto").resolve()
    errors, files, algorithms = [], {}, {}

    def folder(path):
        """The top folder of a file below include/sotto, or None for an umbrella header."""
        return path.parts[0] if len(path.parts) > 1 else None

    def resolve(path, kind, name):
        """The included file relative to include/sotto; None for a system header; raises if it is ours and absent."""
        if kind == "<":
            if not name.startswith("sotto/"):
                return None
            target = base.parent / name
        else:
            target = (base / path).parent / name
        target = target.resolve()
        if not target.is_file() or base not in target.parents:
            raise FileNotFoundError
        return target.relative_to(base)

    def check_edge(where, path, target):
        own, other = folder(path), folder(target)
        if target.suffix == ".inl" and path.name != "candidates.hpp":
            errors.append(f"{where}: only a candidates.hpp includes an .inl, here {target}")
        if own is None or own == other:
            return
        if other is None:
            errors.append(f"{where}: includes the umbrella header {target}")
        elif own not in FLOORS or other not in FLOORS:
            return  # Said once, about the file itself.
        elif FLOORS[other] > FLOORS[own]:
            errors.append(f"{where}: {own}/ (floor {FLOORS[own]}) includes {target} (floor {FLOORS[other]})")
        elif FLOORS[other] == FLOORS[own]:
            errors.append(f"{where}: {own}/ and {other}/ are siblings, yet it includes {target}")

    for file in sorted(base.rglob("*")):
        if not file.is_file():
            continue
        path = file.relative_to(base)
        if path.suffix not in (".hpp", ".inl"):
            errors.append(f"{path}: only .hpp and .inl files belong here")
            continue
        if folder(path) is not None and folder(path) not in FLOORS:
            errors.append(f"{path}: {folder(path)}/ is not a floor: {', '.join(FLOORS)}")
        text = without_comments(file.read_text(encoding="utf-8"))
        files[path] = set()
        if path.suffix == ".inl":
            for pattern, rule in INL_RULES:
                errors.extend(f"{path}:{line_of(text, m)}: {rule}" for m in pattern.finditer(text))
            continue
        for match in INCLUDE.finditer(text):
            where = f"{path}:{line_of(text, match)}"
            form = TARGET.match(match.group(1))
            if not form:
                errors.append(f"{where}: an include through a macro can't be checked")
                continue
            try:
                target = resolve(path, *form.groups())
            except FileNotFoundError:
                errors.append(f"{where}: {match.group(1).strip()} is no file of include/sotto")
                continue
            if target is None:
                continue
            files[path].add(target)
            check_edge(where, path, target)
            if folder(path) == folder(target) == "kernels" and path.parts[1] != target.parts[1]:
                algorithms.setdefault(path.parts[1], set()).add(target.parts[1])

    errors.extend("include cycle: " + " -> ".join(map(str, cycle)) for cycle in find_cycles(files))
    errors.extend("kernels include each other: " + " -> ".join(cycle) for cycle in find_cycles(algorithms))
    return errors, len(files)


# Each case: what it plants on top of a sound tree, and a part of the message it must cause ("" for none).
SOUND = {
    "core/bytes.hpp": "#include <cstdint>\n",
    "cpu/isa.hpp": "#include <sotto/core/bytes.hpp>\n",
    "kernels/aes/contract.hpp": '#include "../../core/bytes.hpp"\n',
    "kernels/aes/x86_aesni.inl": "// std::move(x) and #include <x> are only words here\n"
                                 "inline std::uint8_t f(const std::uint8_t* a, std::size_t i) { return a[i]; }\n"
                                 "[[nodiscard]] inline int g(int (*t[2])(int)) { return t[0](1); }\n",
    "kernels/aes/candidates.hpp": '#include <sotto/cpu/isa.hpp>\n#include "contract.hpp"\n#include "x86_aesni.inl"\n',
    "kernels/aes_gcm/candidates.hpp": "#include <sotto/kernels/aes/candidates.hpp>\n",
    "crypto/aes_gcm.hpp": "#include <sotto/kernels/aes_gcm/candidates.hpp>\n",
    "srtp/sender.hpp": "#include <sotto/crypto/aes_gcm.hpp>\n",
    "noise/handshake.hpp": "#include <sotto/crypto/aes_gcm.hpp>\n",
    "sotto.hpp": "#include <sotto/srtp/sender.hpp>\n#include <sotto/noise/handshake.hpp>\n",
}
SELF_TEST = [
    ("a sound tree", {}, ""),
    ("higher floor", {"core/x.hpp": "#include <sotto/cpu/isa.hpp>\n"}, "core/ (floor 1) includes cpu/isa.hpp"),
    ("higher floor, relative", {"crypto/x.hpp": '#include "../srtp/sender.hpp"\n'}, "(floor 5)"),
    ("spaces and a comment", {"core/x.hpp": "# /**/ include <sotto/cpu/isa.hpp>\n"}, "(floor 2)"),
    ("sibling", {"srtp/x.hpp": "#include <sotto/noise/handshake.hpp>\n"}, "are siblings"),
    ("umbrella", {"core/x.hpp": "#include <sotto/sotto.hpp>\n"}, "umbrella"),
    ("absent, angle", {"core/x.hpp": "#include <sotto/core/absent.hpp>\n"}, "is no file"),
    ("absent, quotes", {"core/x.hpp": '#include "absent.hpp"\n'}, "is no file"),
    ("quotes where <> is meant", {"core/x.hpp": '#include "sotto/core/bytes.hpp"\n'}, "is no file"),
    ("outside", {"core/x.hpp": '#include "../../../outside.hpp"\n', "../../outside.hpp": ""}, "is no file"),
    ("computed", {"core/x.hpp": "#define F <a>\n#include F\n"}, "through a macro"),
    ("cycle", {"core/x.hpp": '#include "y.hpp"\n', "core/y.hpp": '#include "x.hpp"\n'}, "include cycle"),
    ("includes itself", {"core/x.hpp": '#include "x.hpp"\n'}, "include cycle"),
    ("kernel cycle", {"kernels/aes/x.hpp": "#include <sotto/kernels/aes_gcm/candidates.hpp>\n"}, "kernels include each"),
    (".inl elsewhere", {"kernels/aes/x.hpp": '#include "x86_aesni.inl"\n'}, "only a candidates.hpp"),
    ("#include in .inl", {"kernels/aes/x.inl": "#include <cstdint>\n"}, "x.inl:1: an .inl has no #include"),
    ("std:: in .inl", {"kernels/aes/x.inl": "\nauto f() { return std::min(1, 2); }\n"}, "x.inl:2: an .inl uses"),
    ("std::byte in .inl", {"kernels/aes/x.inl": "std::byte b;\n"}, "nothing of std::"),
    ("unnamed namespace", {"kernels/aes/x.inl": "namespace {\n}\n"}, "unnamed namespace"),
    ("lambda", {"kernels/aes/x.inl": "auto f = [&](int i) { return i; };\n"}, "no lambda"),
    ("lambda without parameters", {"kernels/aes/x.inl": "auto f = [] { return 1; };\n"}, "no lambda"),
    ("unknown floor", {"attic/x.hpp": ""}, "attic/ is not a floor"),
    ("other file", {"core/x.cpp": ""}, "only .hpp and .inl"),
]


def self_test():
    failed = 0
    for name, planted, expected in SELF_TEST:
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**SOUND, **planted}.items():
                file = pathlib.Path(root, "include", "sotto", path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            errors, _ = check(root)
        found = any(expected in error for error in errors) if expected else not errors
        if not found:
            failed += 1
            print(f"self-test: {name}: expected {expected or 'no error'!r}, got {errors}")
    print(f"self-test: {len(SELF_TEST) - failed} passed, {failed} failed")
    return failed


def main(arguments):
    if arguments == ["--self-test"]:
        return 1 if self_test() else 0
    if len(arguments) > 1 or any(a.startswith("-") for a in arguments):
        print(__doc__)
        return 2
    root = arguments[0] if arguments else pathlib.Path(__file__).resolve().parent.parent
    errors, count = check(root)
    for error in errors:
        print(error)
    print(f"check_layers: {count} files, {len(errors)} violations")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
