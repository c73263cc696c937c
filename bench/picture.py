#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Draws the benchmark's JSON as bars: cost as the bar, the latency's p50 and p99 as a line beside it."""
import json
import sys
from html import escape

# One panel per question: which rows answer it, in which order, for each payload size.
PANELS = [
    ("AEAD_AES_128_GCM: a whole packet, beside the bare cipher", [
        ("sotto/protect/aead_aes_128_gcm", "Sotto protect"),
        ("libsrtp2/protect/aead_aes_128_gcm", "libsrtp2 protect"),
        ("sotto/unprotect/aead_aes_128_gcm", "Sotto unprotect"),
        ("libsrtp2/unprotect/aead_aes_128_gcm", "libsrtp2 unprotect"),
        ("sotto/seal/aes_128_gcm", "Sotto, bare seal"),
        ("ipsec_mb/seal/aes_128_gcm", "intel-ipsec-mb, bare seal"),
        ("openssl/seal/aes_128_gcm", "OpenSSL EVP, bare seal"),
        ("floor/seal/aes_128_gcm", "hardware floor"),
    ]),
    ("AES_CM_128_HMAC_SHA1_80: a whole packet", [
        ("sotto/protect/aes_cm_128_hmac_sha1_80", "Sotto protect"),
        ("libsrtp2/protect/aes_cm_128_hmac_sha1_80", "libsrtp2 protect"),
        ("sotto/unprotect/aes_cm_128_hmac_sha1_80", "Sotto unprotect"),
        ("libsrtp2/unprotect/aes_cm_128_hmac_sha1_80", "libsrtp2 unprotect"),
        ("floor/protect/aes_cm_128_hmac_sha1_80", "hardware floor"),
    ]),
]
SIZES = [20, 160, 1200]
COLOURS = {"sotto": "#0b6e4f", "floor": "#9aa5a0"}
OTHERS = "#c9a227"
LABEL_WIDTH, BAR_WIDTH, NUMBER_WIDTH, ROW_HEIGHT = 210, 520, 190, 20
WIDTH = LABEL_WIDTH + BAR_WIDTH + NUMBER_WIDTH


class Drawing:
    def __init__(self):
        self.parts = []
        self.y = 12

    def text(self, x, words, size=12, anchor="start", weight="normal", colour="#1d2521"):
        self.parts.append(f'<text x="{x}" y="{self.y}" font-size="{size}" text-anchor="{anchor}" '
                          f'font-weight="{weight}" fill="{colour}">{escape(words)}</text>')

    def line_break(self, height):
        self.y += height

    def bar(self, row, label, longest):
        scale = BAR_WIDTH / longest
        colour = COLOURS.get(row["name"].split("/")[0], OTHERS)
        cost, p50, p99 = row["real_time"], row["p50"], row["p99"]
        middle = self.y - 4
        self.text(LABEL_WIDTH - 8, label, anchor="end")
        self.parts.append(f'<rect x="{LABEL_WIDTH}" y="{middle - 6}" width="{max(cost * scale, 1):.1f}" height="12" '
                          f'fill="{colour}"><title>{escape(row["name"])}</title></rect>')
        left, right = (LABEL_WIDTH + min(v, longest) * scale for v in (p50, p99))
        self.parts.append(f'<path d="M{left:.1f} {middle - 4}v8M{left:.1f} {middle}H{right:.1f}" fill="none" '
                          f'stroke="#1d2521" stroke-width="1"/>')
        self.text(LABEL_WIDTH + BAR_WIDTH + 8, f"{cost:,.0f}   ({p50:,.0f} / {p99:,.0f})")
        self.line_break(ROW_HEIGHT)

    def svg(self):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{self.y}" '
                f'viewBox="0 0 {WIDTH} {self.y}" font-family="system-ui, sans-serif">\n'
                f'<rect width="{WIDTH}" height="{self.y}" fill="#ffffff"/>\n' + "\n".join(self.parts) + "\n</svg>\n")


def draw(report):
    rows = {row["name"]: row for row in report["benchmarks"]}
    context = report["context"]
    d = Drawing()
    d.line_break(12)
    d.text(12, "Nanoseconds per packet", 17, weight="bold")
    d.line_break(20)
    d.text(12, "bar: cost, median over groups of 64 back-to-back packets; line: latency of single packets, p50 to p99; "
               "numbers: cost (p50 / p99)", 11)
    for key in ("processor", "compiler", "kernels", "libsrtp2", "ipsec_mb", "openssl"):
        if key in context:
            d.line_break(15)
            d.text(12, f"{key}: {context[key]}", 11, colour="#56615c")
    d.line_break(14)
    for title, wanted in PANELS:
        for size in SIZES:
            found = [(rows[f"{name}/{size}"], label) for name, label in wanted if f"{name}/{size}" in rows]
            if not found:
                continue
            d.line_break(22)
            d.text(12, f"{title}, {size} bytes of payload", 13, weight="bold")
            d.line_break(20)
            longest = max(max(row["real_time"], row["p50"]) for row, _ in found)
            for row, label in found:
                d.bar(row, label, longest)
    d.line_break(6)
    return d.svg()


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: picture.py BENCH.json PICTURE.svg")
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            report = json.load(file)
        picture = draw(report)
    except (OSError, ValueError, KeyError) as problem:
        sys.exit(f"picture.py: {sys.argv[1]}: {problem!r}")
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(picture)


if __name__ == "__main__":
    main()
