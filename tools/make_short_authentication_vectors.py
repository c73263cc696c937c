#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the frozen vectors of short and long authentication strings: whole handshakes, from their keys to the digits.

    make_short_authentication_vectors.py FOLDER      e.g. tests/vectors

Written from the documentation and from the standards (RFC 7748, RFC 8439, RFC 5869, Noise revision 34) with Python's
integers, hmac and hashlib: none of the library's code runs here. Inputs are SHA-256 digests of their own descriptions,
so that nothing in them was chosen.
"""

import hashlib
import hmac
import pathlib
import sys

HEAD = """\
# Handshakes of Noise XX with a commitment, and the strings that people compare after them.
#
# Format: lines `name = hex` (an empty value is zero bytes); a blank line ends a record; `#` begins a comment.
# Fields: hash (32: Noise_XX_25519_ChaChaPoly_SHA256, 64: ..._SHA512; one byte), prologue, initiator_static,
#   initiator_number, initiator_ephemeral, responder_static, responder_number, responder_ephemeral (secret keys and random
#   numbers, 32 bytes each), payload2, payload3, message1, message2, message3, hash2 and hash3 (the handshake hash after
#   these messages), bits (of the two words, 3 bytes), digits (7, as text), long_digits (60, as text)
# Source: tools/make_short_authentication_vectors.py: ours; Noise, X25519, ChaCha20-Poly1305 and HKDF in plain Python
"""


def chosen_by_nobody(description, length=32):
    return b"".join(hashlib.sha256(f"{description} {i}".encode()).digest() for i in range(length // 32 + 1))[:length]


def x25519(scalar, point):
    """RFC 7748 5."""
    p = 2**255 - 19
    k = int.from_bytes(scalar, "little") & ~7 & (2**255 - 1) | 2**254
    u = int.from_bytes(point, "little") & (2**255 - 1)
    x1, x2, z2, x3, z3, swap = u, 1, 0, u, 1, 0
    for t in range(254, -1, -1):
        bit = k >> t & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb, aa, bb = d * a % p, c * b % p, a * a % p, b * b % p
        x3, z3 = (da + cb)**2 % p, x1 * (da - cb)**2 % p
        e = aa - bb
        x2, z2 = aa * bb % p, e * (aa + 121665 * e) % p
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, p - 2, p) % p).to_bytes(32, "little")


def public(secret):
    return x25519(secret, (9).to_bytes(32, "little"))


def chacha20(key, counter, nonce):
    """RFC 8439 2.3."""
    words = [int.from_bytes(b"expand 32-byte k"[i:i + 4], "little") for i in range(0, 16, 4)]
    words += [int.from_bytes(key[i:i + 4], "little") for i in range(0, 32, 4)]
    words += [counter] + [int.from_bytes(nonce[i:i + 4], "little") for i in range(0, 12, 4)]
    x = list(words)

    def add_xor_rotate(a, b, d, n):
        x[a] = x[a] + x[b] & 0xffffffff
        x[d] ^= x[a]
        x[d] = (x[d] << n | x[d] >> 32 - n) & 0xffffffff

    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            add_xor_rotate(a, b, d, 16)
            add_xor_rotate(c, d, b, 12)
            add_xor_rotate(a, b, d, 8)
            add_xor_rotate(c, d, b, 7)
    return b"".join((v + w & 0xffffffff).to_bytes(4, "little") for v, w in zip(x, words))


def seal(key, counter, aad, text):
    """RFC 8439 2.8 with Noise's nonce."""
    nonce = bytes(4) + counter.to_bytes(8, "little")
    stream = b"".join(chacha20(key, i + 1, nonce) for i in range(-(-len(text) // 64)))
    sealed = bytes(a ^ b for a, b in zip(text, stream))
    one_time = chacha20(key, 0, nonce)
    r = int.from_bytes(one_time[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff
    tag = 0
    padded = aad + bytes(-len(aad) % 16) + sealed + bytes(-len(sealed) % 16)
    padded += len(aad).to_bytes(8, "little") + len(sealed).to_bytes(8, "little")
    for i in range(0, len(padded), 16):
        tag = (tag + int.from_bytes(padded[i:i + 16] + b"\1", "little")) * r % (2**130 - 5)
    tag = tag + int.from_bytes(one_time[16:32], "little") & (2**128 - 1)
    return sealed + tag.to_bytes(16, "little")


class Symmetric:
    """Noise 5.2."""

    def __init__(self, name, algorithm):
        self.algorithm = algorithm
        length = algorithm().digest_size
        self.h = name + bytes(length - len(name)) if len(name) <= length else self.digest(name)
        self.ck, self.k, self.n = self.h, None, 0

    def digest(self, data):
        return self.algorithm(data).digest()

    def mix_hash(self, data):
        self.h = self.digest(self.h + data)

    def mix_key(self, secret):
        temporary = hmac.new(self.ck, secret, self.algorithm).digest()
        self.ck = hmac.new(temporary, b"\1", self.algorithm).digest()
        self.k, self.n = hmac.new(temporary, self.ck + b"\2", self.algorithm).digest()[:32], 0

    def encrypt_and_hash(self, text):
        if self.k is not None:
            text = seal(self.k, self.n, self.h, text)
            self.n += 1
        self.mix_hash(text)
        return text


def hkdf(salt, secret, length):
    """RFC 5869 over SHA-256, with an empty info."""
    prk, out, block = hmac.new(salt, secret, hashlib.sha256).digest(), b"", b""
    for i in range(1, -(-length // 32) + 1):
        block = hmac.new(prk, block + bytes([i]), hashlib.sha256).digest()
        out += block
    return out[:length]


def record(comment, hash_len, prologue, payload2, payload3):
    algorithm = {32: hashlib.sha256, 64: hashlib.sha512}[hash_len]
    secret = {name: chosen_by_nobody(f"{comment}: {name}") for name in (
        "initiator_static", "initiator_number", "initiator_ephemeral",
        "responder_static", "responder_number", "responder_ephemeral")}
    s_i, e_i = secret["initiator_static"], secret["initiator_ephemeral"]
    s_r, e_r = secret["responder_static"], secret["responder_ephemeral"]
    state = Symmetric(f"Noise_XX_25519_ChaChaPoly_SHA{8 * hash_len}".encode(), algorithm)
    state.mix_hash(prologue)

    commitment = hashlib.sha256(b"sotto 1 short authentication commitment" + secret["initiator_number"] + public(s_i)
                                + hashlib.sha256(payload3).digest()).digest()
    state.mix_hash(public(e_i))
    message1 = public(e_i) + state.encrypt_and_hash(commitment)

    state.mix_hash(public(e_r))
    state.mix_key(x25519(e_r, public(e_i)))
    message2 = public(e_r) + state.encrypt_and_hash(public(s_r))
    state.mix_key(x25519(s_r, public(e_i)))
    message2 += state.encrypt_and_hash(payload2 + secret["responder_number"])
    hash2 = state.h

    message3 = state.encrypt_and_hash(public(s_i))
    state.mix_key(x25519(s_i, public(e_r)))
    message3 += state.encrypt_and_hash(payload3 + secret["initiator_number"])

    short = hkdf(b"sotto 1 short authentication string",
                 bytes([hash_len]) + hash2 + secret["initiator_number"] + secret["responder_number"] + public(s_i), 12)
    digits = f"{int.from_bytes(short[:8], 'big') % 10**7:07}"
    bits = int.from_bytes(short[8:], "big") >> 12
    long = hkdf(b"sotto 1 long authentication string", state.h, 96)
    long_digits = "".join(f"{int.from_bytes(long[i:i + 8], 'big') % 10**5:05}" for i in range(0, 96, 8))

    fields = {"hash": bytes([hash_len]), "prologue": prologue, **secret, "payload2": payload2, "payload3": payload3,
              "message1": message1, "message2": message2, "message3": message3, "hash2": hash2, "hash3": state.h,
              "bits": bits.to_bytes(3, "big"), "digits": digits.encode(), "long_digits": long_digits.encode()}
    return "\n".join([f"# {comment}", *(f"{name} = {value.hex()}".rstrip() for name, value in fields.items())]) + "\n"


def self_test():
    # RFC 7748 5.2 and RFC 8439 2.8.2 (its tag needs other nonces: the one-time key's block stands for it, 2.6.2).
    scalar = bytes.fromhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    point = bytes.fromhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    assert x25519(scalar, point).hex() == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
    block = chacha20(bytes(range(0x80, 0xa0)), 0, bytes.fromhex("000000000001020304050607"))
    assert block[:32].hex() == "8ad5a08b905f81cc815040274ab29471a833b637e3fd0da508dbb8e2fdd1a646"


def main(arguments):
    if len(arguments) != 1:
        print(__doc__)
        return 2
    self_test()
    records = []
    for hash_len in (32, 64):
        name = f"SHA{8 * hash_len}"
        records += [record(f"{name}, nothing but the comparison", hash_len, b"", b"", b""),
                    record(f"{name}, prologue and payloads", hash_len, b"a call", b"from the callee", b"from the caller"),
                    record(f"{name}, long payloads", hash_len, chosen_by_nobody("prologue", 200),
                           chosen_by_nobody("payload 2", 300), chosen_by_nobody("payload 3", 500))]
    path = pathlib.Path(arguments[0], "short_authentication.txt")
    path.write_text(HEAD + "\n" + "\n".join(records), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
