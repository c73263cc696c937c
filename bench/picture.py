#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Draws the benchmark's JSON as bars: cost as the bar, the latency's p50 and p99 as a line beside it."""
import json
import sys
from html import escape

PACKETS = [f"/{size}" for size in (20, 160, 1200)]
MESSAGES = [f"/{size}" for size in (64, 1024, 8192)]
ONE_LENGTH = [""]

# One panel per question and length: which rows answer it, in which order.
PANELS = [
    ("AEAD_AES_128_GCM: a whole packet, beside the bare cipher", PACKETS, [
        ("sotto/protect/aead_aes_128_gcm", "Sotto protect"),
        ("libsrtp2/protect/aead_aes_128_gcm", "libsrtp2 protect"),
        ("sotto/unprotect/aead_aes_128_gcm", "Sotto unprotect"),
        ("libsrtp2/unprotect/aead_aes_128_gcm", "libsrtp2 unprotect"),
        ("sotto/seal/aes_128_gcm", "Sotto, bare seal"),
        ("ipsec_mb/seal/aes_128_gcm", "intel-ipsec-mb, bare seal"),
        ("openssl/seal/aes_128_gcm", "OpenSSL EVP, bare seal"),
        ("floor/seal/aes_128_gcm", "hardware floor"),
    ]),
    ("AES_CM_128_HMAC_SHA1_80: a whole packet", PACKETS, [
        ("sotto/protect/aes_cm_128_hmac_sha1_80", "Sotto protect"),
        ("libsrtp2/protect/aes_cm_128_hmac_sha1_80", "libsrtp2 protect"),
        ("sotto/unprotect/aes_cm_128_hmac_sha1_80", "Sotto unprotect"),
        ("libsrtp2/unprotect/aes_cm_128_hmac_sha1_80", "libsrtp2 unprotect"),
        ("floor/protect/aes_cm_128_hmac_sha1_80", "hardware floor"),
    ]),
    ("ChaCha20-Poly1305: a whole packet", PACKETS, [
        ("sotto/protect/aead_chacha20_poly1305", "Sotto protect"),
        ("sotto/unprotect/aead_chacha20_poly1305", "Sotto unprotect"),
    ]),
    ("ChaCha20-Poly1305: the bare AEAD", [*PACKETS, "/8192"], [
        ("sotto/seal/chacha20_poly1305", "Sotto seal"),
        ("sotto_batch/seal/chacha20_poly1305", "Sotto seal, 16 keys a call"),
        ("openssl/seal/chacha20_poly1305", "OpenSSL EVP seal"),
        ("sodium/seal/chacha20_poly1305", "libsodium seal"),
        ("sotto/open/chacha20_poly1305", "Sotto open"),
        ("sotto_batch/open/chacha20_poly1305", "Sotto open, 16 keys a call"),
        ("openssl/open/chacha20_poly1305", "OpenSSL EVP open"),
        ("sodium/open/chacha20_poly1305", "libsodium open"),
        ("floor/seal/chacha20_poly1305", "hardware floor"),
    ]),
    ("X25519: a shared secret", ONE_LENGTH, [
        ("sotto/agree/x25519", "Sotto"),
        ("sotto_batch/agree/x25519", "Sotto, 8 a call"),
        ("openssl/agree/x25519", "OpenSSL EVP"),
        ("sodium/agree/x25519", "libsodium"),
    ]),
    ("X25519: a public key", ONE_LENGTH, [
        ("sotto/public_key/x25519", "Sotto"),
        ("openssl/public_key/x25519", "OpenSSL EVP"),
        ("sodium/public_key/x25519", "libsodium"),
    ]),
    ("SHA-256 and HMAC", MESSAGES, [
        ("sotto/digest/sha256", "Sotto SHA-256"),
        ("openssl_evp/digest/sha256", "OpenSSL EVP SHA-256"),
        ("openssl/digest/sha256", "OpenSSL one-shot SHA-256"),
        ("sodium/digest/sha256", "libsodium SHA-256"),
        ("sotto/mac/hmac_sha256", "Sotto HMAC"),
        ("openssl/mac/hmac_sha256", "OpenSSL EVP HMAC"),
        ("sodium/mac/hmac_sha256", "libsodium HMAC"),
    ]),
    ("HKDF-SHA-256: 42 bytes from 32", ONE_LENGTH, [
        ("sotto/derive/hkdf_sha256", "Sotto"),
        ("openssl/derive/hkdf_sha256", "OpenSSL EVP"),
    ]),
]
COLOURS = {"sotto": "#0b6e4f", "sotto_batch": "#0b6e4f", "floor": "#9aa5a0"}
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
    d.text(12, "Nanoseconds per packet, message or key", 17, weight="bold")
    d.line_break(20)
    d.text(12, "bar: cost of one, median over groups of back-to-back calls; line: latency of single calls, p50 to p99; "
               "numbers: cost (p50 / p99)", 11)
    for key in ("processor", "compiler", "features", "kernels", "libsrtp2", "ipsec_mb", "openssl", "sodium"):
        if key in context:
            d.line_break(15)
            d.text(12, f"{key}: {context[key]}", 11, colour="#56615c")
    d.line_break(14)
    for title, lengths, wanted in PANELS:
        for length in lengths:
            found = [(rows[name + length], label) for name, label in wanted if name + length in rows]
            if not found:
                continue
            d.line_break(22)
            d.text(12, title + (f", {length[1:]} bytes" if length else ""), 13, weight="bold")
            d.line_break(20)
            # The latency of a batch is that of all its packets; its line may leave the picture.
            longest = max(row["real_time"] if row["name"].startswith("sotto_batch/")
                          else max(row["real_time"], row["p50"]) for row, _ in found)
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
