#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the frozen vectors of what a finished handshake's secret gives.

    make_end_to_end_vectors.py FOLDER      e.g. tests/vectors

Written from the documentation alone, with Python's hmac and hashlib: none of the library's code runs here. Inputs are
SHA-256 digests of their own descriptions, so that nothing in them was chosen.
"""

import hashlib
import hmac
import pathlib
import sys

HEAD = """\
# {title}
#
# Format: lines `name = hex` (an empty value is zero bytes); a blank line ends a record; `#` begins a comment.
# Fields: {fields}
# Source: tools/make_end_to_end_vectors.py: ours, for no standard has this step; HKDF-Expand from Python's hmac
"""

PROFILES = [  # name, key and salt in bytes
    ("NULL_HMAC_SHA1_80", 16, 14), ("NULL_HMAC_SHA1_32", 16, 14),
    ("AES_CM_128_HMAC_SHA1_80", 16, 14), ("AES_CM_128_HMAC_SHA1_32", 16, 14),
    ("AES_192_CM_HMAC_SHA1_80", 24, 14), ("AES_192_CM_HMAC_SHA1_32", 24, 14),
    ("AES_256_CM_HMAC_SHA1_80", 32, 14), ("AES_256_CM_HMAC_SHA1_32", 32, 14),
    ("AEAD_AES_128_GCM", 16, 12), ("AEAD_AES_256_GCM", 32, 12), ("aead_chacha20_poly1305", 32, 12)]


def chosen_by_nobody(description, length=32):
    return b"".join(hashlib.sha256(f"{description} {i}".encode()).digest() for i in range(length // 32 + 1))[:length]


def expand(prk, info, length):
    """RFC 5869 2.3 over SHA-256."""
    out, block = b"", b""
    for i in range(1, -(-length // 32) + 1):
        block = hmac.new(prk, block + info + bytes([i]), hashlib.sha256).digest()
        out += block
    return out[:length]


def info_of(label, context, initiator, responder):
    return (label + b"\0" + len(context).to_bytes(2, "big") + context + bytes([len(initiator)]) + initiator
            + bytes([len(responder)]) + responder)


def record(comment, **fields):
    lines = [f"{name} = {value.hex()}".rstrip() for name, value in fields.items()]
    return "\n".join([f"# {comment}", *lines]) + "\n"


def secrets():
    """Records of end_to_end_secret::expand."""
    prk, i, r = chosen_by_nobody("prk"), chosen_by_nobody("initiator"), chosen_by_nobody("responder")
    cases = [
        ("one block", b"sotto 1 test", b"context", i, r, 32),
        ("no context", b"sotto 1 test", b"", i, r, 32),
        ("identities exchanged", b"sotto 1 test", b"context", r, i, 32),
        ("no initiator's key", b"sotto 1 test", b"context", b"", r, 32),
        ("no responder's key", b"sotto 1 test", b"context", i, b"", 32),
        ("neither", b"sotto 1 test", b"context", b"", b"", 32),
        ("a label of one byte, output of one byte", b"a", b"\0", i, r, 1),
        ("bytes that look like the next part", b"a", b"\0\0\0\x20", b"\x20" * 32, b"", 33),
        ("a context of 300 bytes, output over several blocks", b"sotto 1 test", chosen_by_nobody("context", 300), i, r,
         100),
        ("the longest output's end tells of all before it", b"sotto 1 test", b"", i, r, 8160),
    ]
    for comment, label, context, initiator, responder, length in cases:
        output = expand(prk, info_of(label, context, initiator, responder), length)
        yield record(comment, prk=prk, label=label, context=context, initiator=initiator, responder=responder,
                     output_len=length.to_bytes(2, "big"), output_end=output[-100:])


def srtp_keys():
    """Records of derive_end_to_end_keys."""
    prk, i, r = chosen_by_nobody("srtp prk"), chosen_by_nobody("caller"), chosen_by_nobody("callee")
    for name, key_len, salt_len in PROFILES:
        for mki, initiator in ((b"", i), (b"\1\2\3\4", i), (b"", b"")):
            context = name.encode() + b"\0" + mki
            material = expand(prk, info_of(b"sotto 1 srtp", context, initiator, r), 2 * (key_len + salt_len))
            keys, salts = material[:2 * key_len], material[2 * key_len:]
            yield record(f"{name}, MKI of {len(mki)} bytes" + ("" if initiator else ", initiator without a static key"),
                         profile=name.encode(), prk=prk, initiator=initiator, responder=r, mki=mki,
                         initiator_key=keys[:key_len], responder_key=keys[key_len:],
                         initiator_salt=salts[:salt_len], responder_salt=salts[salt_len:])


def main(arguments):
    if len(arguments) != 1:
        print(__doc__)
        return 2
    folder = pathlib.Path(arguments[0])
    files = {
        "end_to_end_secret.txt": (
            "Key material from a finished handshake's secret (crypto/end_to_end_secret.hpp).",
            "prk (32 bytes), label (text), context, initiator and responder (static public keys; empty: none),\n"
            "#   output_len (2 bytes), output_end (the last 100 bytes of the output, or all of a shorter one)",
            secrets()),
        "srtp_end_to_end_keys.txt": (
            "SRTP master keys from a finished handshake's secret (srtp/end_to_end_keys.hpp).",
            "profile (its name as text), prk (32 bytes), initiator and responder (static public keys; empty: none),\n"
            "#   mki, and what each end writes with: initiator_key, responder_key, initiator_salt, responder_salt",
            srtp_keys()),
    }
    for name, (title, fields, records) in files.items():
        text = HEAD.format(title=title, fields=fields) + "\n" + "\n".join(records)
        (folder / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
