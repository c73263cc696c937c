#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Looks for instructions beyond the x86-64 baseline outside the kernels made for them.

    check_isa_leak.py [--expect KERNELS] OBJECT...   OBJECT: compiled for the baseline, not linked
    check_isa_leak.py --disjoint OBJECT OBJECT...    the same source built with different flags: no shared symbol
    check_isa_leak.py --self-test [--cxx COMPILER]   compiles planted leaks and checks that they are found

Such instructions may stand only in sotto::...::kernels::<algorithm>::<isa>, where <isa> begins with x86_ or arm_.
With --expect, each x86 namespace that a KERNELS/*/select.hpp opens must be in the objects: what isn't there isn't
checked.
"""

import argparse
import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FUNCTION = re.compile(r"^[0-9a-f]+ <(.+)>:$")
INSTRUCTION = re.compile(r"^\s*[0-9a-f]+:\s+(?:(?:rep[nz]*|lock|bnd|notrack|data16|cs|ds|\{\w+\})\s+)*(\S+)\s*(.*)$")

# Everything VEX- or EVEX-encoded begins with v; the rest are the extensions' own mnemonics. Missing on purpose: tzcnt
# and lzcnt, which compilers write for the baseline too (older processors run them as bsf and bsr), and cpuid, xgetbv.
BEYOND_BASELINE = re.compile(
    r"v(?!err|erw|m(?:call|launch|resume|xo|read|write|ptr|clear|func|run|load|save))\w+"
    r"|k(?:mov|and|or|xor|xnor|not|shift|unpck|add|test|ortest)\w*[bwdq]"
    r"|aes\w+|pclmul\w+|sha(?:1|256)\w+|gf2p8\w+"
    r"|pshufb|palignr|pabs[bwd]|psign[bwd]|ph(?:add|sub)\w+|pmaddubsw|pmulhrsw"
    r"|p(?:insr|extr)[bdq]|pblend\w+|pmulld|pmuldq|ptest|pack\wsdw|pcmp(?:eqq|gtq)|p(?:min|max)(?:sb|uw|sd|ud)"
    r"|pmov[sz]x\w+|blend\w+|round[sp][sd]|dpp[sd]|insertps|extractps|crc32\w*|popcnt\w*|movddup|lddqu"
    r"|mulx\w*|rorx\w*|s[ah][rl]x\w*|andn\w?|bextr\w?|bzhi\w?|pdep\w?|pext\w?|bls\w+|adcx\w?|adox\w?|movbe\w?")
WIDE_REGISTER = re.compile(r"%(?:[yz]mm\d+|k[0-7])\b")


def kernel_of(symbol):
    """("aes_gcm", "x86_vaes512") of a mangled name inside that namespace, else None.

    Reads the names that open the mangled name. A template argument or a parameter of the namespace comes later, so
    std::sort over a kernel's type, which the linker may share with everyone, isn't taken for a kernel.
    """
    match = re.match(r"_ZZ?N[rVK]*[RO]?", symbol)
    names, at = [], match.end() if match else len(symbol)
    while length := re.match(r"\d+", symbol[at:]):
        at += length.end()
        names.append(symbol[at:at + int(length.group())])
        at += int(length.group())
    if names[:1] == ["sotto"] and "kernels" in names:
        inside = names[names.index("kernels") + 1:]
        if len(inside) >= 2 and inside[1].startswith(("x86_", "arm_")):
            return inside[0], inside[1]
    return None


def disassemble(path):
    """Yields (symbol, [instruction, ...]) for each function of an object file."""
    listing = subprocess.run(["objdump", "-d", "-w", "--no-show-raw-insn", path],
                             check=True, capture_output=True, text=True).stdout
    symbol, body = None, []
    for line in listing.splitlines():
        if header := FUNCTION.match(line):
            if symbol:
                yield symbol, body
            symbol, body = header.group(1), []
        elif symbol and INSTRUCTION.match(line):
            body.append(line)
    if symbol:
        yield symbol, body


def is_beyond_baseline(line):
    mnemonic, operands = INSTRUCTION.match(line).groups()
    return BEYOND_BASELINE.fullmatch(mnemonic) or WIDE_REGISTER.search(operands)


def check(objects):
    """The leaks as (symbol, first instruction), the number of functions, and functions per kernel."""
    leaks, functions, kernels = [], 0, collections.Counter()
    for path in objects:
        for symbol, body in disassemble(path):
            functions += 1
            kernel = kernel_of(symbol)
            if kernel:
                kernels[kernel] += 1
            elif found := next(filter(is_beyond_baseline, body), None):
                leaks.append((symbol, " ".join(found.split(":", 1)[1].split())))
    return leaks, functions, kernels


def opened_kernels(folder):
    """The (algorithm, isa) of each x86 kernel namespace that a select.hpp below the folder opens."""
    texts = (path.read_text(encoding="utf-8") for path in folder.glob("*/select.hpp"))
    return {kernel for text in texts for kernel in re.findall(r"\bkernels::(\w+)::(x86_\w+)\s*{", text)}


def shared_symbols(objects):
    """Sotto's symbols that a linker would merge across the objects, keeping one unit's instructions for both."""
    holders = collections.Counter()
    for path in objects:
        listing = subprocess.run(["nm", path], check=True, capture_output=True, text=True).stdout
        mergeable = {line.split()[-1] for line in listing.splitlines()
                     if line.split()[-2] in "VvWwu" and "5sotto" in line.split()[-1]}
        if not mergeable:
            sys.exit(f"check_isa_leak: {path} has no symbol of Sotto's")
        holders.update(mergeable)
    return {symbol for symbol, count in holders.items() if count > 1}


def demangle(symbols):
    return subprocess.run(["c++filt"], input="\n".join(symbols), check=True, capture_output=True,
                          text=True).stdout.splitlines()


PLANTED = """
#include <immintrin.h>
#define WIDE __attribute__((target("avx2,bmi2"), noinline))
namespace sotto { inline namespace v0_1_b000 {
namespace kernels::aes::x86_vaes256 {
struct state { int lanes[8]; };
WIDE int allowed(const int* p) { return _mm256_movemask_epi8(_mm256_loadu_si256((const __m256i*)p)); }
template <int N> WIDE int allowed_template(const int* p) { return N + allowed(p) + _mm256_movemask_ps(_mm256_loadu_ps((const float*)p)); }
}
namespace kernels::aes {
WIDE int leak_beside_kernel(const int* p) { return _mm256_movemask_epi8(_mm256_loadu_si256((const __m256i*)p)); }
}
namespace crypto {
template <class T> WIDE int leak_template(const T& s) { return kernels::aes::x86_vaes256::allowed(s.lanes)
    + _mm256_movemask_epi8(_mm256_loadu_si256((const __m256i*)s.lanes)); }
__attribute__((target("aes"))) void leak_aes(__m128i* p) { *p = _mm_aesenc_si128(*p, *p); }
__attribute__((target("sha"))) void leak_sha(__m128i* p) { *p = _mm_sha1rnds4_epu32(*p, *p, 1); }
__attribute__((target("pclmul"))) void leak_clmul(__m128i* p) { *p = _mm_clmulepi64_si128(*p, *p, 0); }
__attribute__((target("ssse3"))) void leak_ssse3(__m128i* p) { *p = _mm_shuffle_epi8(*p, *p); }
__attribute__((target("avx"))) void leak_vex(__m128i* p) { *p = _mm_add_epi32(_mm_loadu_si128(p), p[2]); }
__attribute__((target("bmi2"))) unsigned long long leak_mulx(unsigned long long a, unsigned long long* h) {
  return _mulx_u64(a, a + *h, h); }
int clean(const int* p) { return __builtin_ctz((unsigned)*p) + _mm_movemask_epi8(_mm_loadu_si128((const __m128i*)p)); }
template int leak_template(const kernels::aes::x86_vaes256::state&);
}
template int kernels::aes::x86_vaes256::allowed_template<3>(const int*);
}}
namespace other::kernels::aes::x86_vaes256 { WIDE int leak_elsewhere(const int* p) {
  return _mm256_movemask_epi8(_mm256_loadu_si256((const __m256i*)p)); } }
"""


def self_test(compiler):
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "planted.cpp"), pathlib.Path(folder, "planted.o")
        source.write_text(PLANTED, encoding="utf-8")
        subprocess.run([compiler, "-std=c++20", "-O2", "-c", str(source), "-o", str(target)], check=True)
        leaks, functions, kernels = check([target])
    expected = set(re.findall(r"\b(leak_\w+)\(", PLANTED))
    found = {next((name for name in expected if name in symbol), symbol) for symbol, _ in leaks}
    seen = kernels[("aes", "x86_vaes256")]
    print(f"self-test: {len(found & expected)} of {len(expected)} planted leaks found, {seen} kernel functions allowed")
    for symbol in sorted(expected - found):
        print(f"self-test: missed {symbol}")
    for symbol in sorted(found - expected):
        print(f"self-test: wrongly reported {symbol}")
    return found == expected and seen == 2


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("objects", nargs="*", metavar="OBJECT")
    parser.add_argument("--expect", type=pathlib.Path, metavar="KERNELS")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--cxx", default=os.environ.get("CXX", "c++"))
    parser.add_argument("--disjoint", action="store_true")
    options = parser.parse_args()
    if options.disjoint:
        shared = sorted(shared_symbols(options.objects))
        for name in demangle(shared):
            print(f"shared: {name}")
        print(f"check_isa_leak: {len(shared)} symbols shared by {len(options.objects)} objects")
        return 1 if shared or len(options.objects) < 2 else 0
    if options.self_test:
        return 0 if self_test(options.cxx) else 1
    if not options.objects:
        parser.error("no object file")

    leaks, functions, kernels = check(options.objects)
    names = demangle([symbol for symbol, _ in leaks])
    for name, (_, instruction) in zip(names, leaks):
        print(f"leak: {name}: {instruction}")
    unseen = sorted(opened_kernels(options.expect) - kernels.keys()) if options.expect else []
    for algorithm, isa in unseen:
        print(f"unseen: kernels::{algorithm}::{isa}: none of its functions is in the objects")
    for (algorithm, isa), count in sorted(kernels.items()):
        print(f"  kernels::{algorithm}::{isa}: {count} functions")
    print(f"check_isa_leak: {functions} functions, {len(leaks)} leaks, {len(unseen)} kernels unseen")
    return 1 if leaks or unseen or not functions else 0


if __name__ == "__main__":
    sys.exit(main())
