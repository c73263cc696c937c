#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Writes the seeds in corpus/: vectors, edges and short conversations, in the order in which each harness reads its input.
import pathlib
import random
import struct

ROOT = pathlib.Path(__file__).parent / "corpus"
VECTORS = pathlib.Path(__file__).parent.parent / "tests" / "vectors"


def seed(harness, name, *parts):
    folder = ROOT / harness
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"".join(bytes([p]) if isinstance(p, int) else p for p in parts))


def length(n, limit):
    """What input::length() reads."""
    return bytes([1, n]) if n <= min(200, limit) else b"\0" + struct.pack(">H", n)


def unhex(text):
    return bytes.fromhex(text)


def records(file, most=1000):
    """The first records of a file of the tests' vectors."""
    found, record = [], {}
    for line in (VECTORS / file).read_text().splitlines() + [""]:
        if line.startswith("#"):
            continue
        name, is_field, value = line.partition("=")
        if is_field:
            record[name.strip()] = unhex(value)
        elif record:
            found.append(record)
            record = {}
    return found[:most]


# RFC 7714, 16 and 17: keys, an RTP and an RTCP packet, and the RTP packet protected.
KEY_128 = bytes(range(16))
KEY_256 = bytes(range(32))
RTP_HEADER = unhex("8040f17b8041f8d35501a0b2")
RTP_TEXT = b"Gallia est omnis divisa in partes tres"
RTP_NONCE = unhex("51753c6580c2726f20718414")
SRTP = RTP_HEADER + unhex(
    "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce")
RTCP = unhex("81c8000d4d617273" + "4e5450314e5450325254502000000" "42a0000e9304c756e61" + "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef")


def regions(opening, aad, text, out_from, out_choice):
    """What choose_facade_call() reads up to the key; the output's length is chosen to fit."""
    return bytes([2, *aad, 2, *text, 2, out_from, 0, 1, opening, 1, out_choice])


def aead(key, nonce, aad, text, tail=0, in_place=0, offsets=bytes(6), limit=4096, forgery=b"", which_bit=b"\0\x07", same_key=b""):
    """What aead_on_every_kernel() reads, or with a forgery's number a message of a batch."""
    return b"".join([length(len(aad), 300), length(len(text), limit), bytes([in_place, tail]), offsets, forgery, which_bit,
                     same_key, key, nonce, aad, text])


def gcm(name, key, *message, **where):
    seed("fuzz_aes_gcm", name, 2, len(key) // 8 - 2, aead(key, *message, **where))


gcm("rfc7714_16_1", KEY_128, RTP_NONCE, RTP_HEADER, RTP_TEXT, in_place=1)
gcm("rfc7714_16_2", KEY_256, RTP_NONCE, RTP_HEADER, RTP_TEXT)
gcm("rfc7714_17_1", KEY_128, unhex("517524055203726f207170bb"), RTCP[:8] + unhex("800005d4"), RTCP[8:], tail=4,
    offsets=bytes([1, 2, 3, 4, 5, 6]))
gcm("rfc7714_17_3_clear", KEY_128, unhex("517524055203726f207170bb"), RTCP + unhex("000005d4"), b"", tail=4)
gcm("long", KEY_256[:24], RTP_NONCE, RTP_HEADER, bytes(1200), in_place=1, offsets=bytes([0, 0, 0, 63, 0, 0]))

# SP 800-38A F.5.1, and a counter that wraps through 96 bits.
CTR_TEXT = unhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                 "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710")
CTR_KEY = unhex("2b7e151628aed2a6abf7158809cf4f3c")
seed("fuzz_aes_gcm", "sp800_38a_ctr", 0, 0, length(64, 4096), 0, bytes(3), 0, CTR_KEY,
     unhex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"), CTR_TEXT)
seed("fuzz_aes_gcm", "ctr_wrap", 0, 2, length(600, 4096), 1, bytes(3), 12, KEY_256, bytes(16), 3, bytes(600))


def facade(name, how, opening, aad, text, out_from, out_choice):
    seed("fuzz_aes_gcm", name, 1, how, 0, bytes(16), struct.pack(">H", 200), bytes(5),
         regions(opening, aad, text, out_from, out_choice), KEY_128, RTP_NONCE, RTP_HEADER, RTP_TEXT)


facade("facade_seal_in_place", 3, 0, (0, 12), (12, 38), 12, 1)
facade("facade_seal_overlapping", 3, 0, (0, 12), (12, 38), 20, 1)
facade("facade_open", 3, 1, (0, 12), (12, 54), 100, 1)
facade("facade_open_too_small", 3, 1, (0, 12), (12, 54), 100, 0)
facade("facade_ctr", 1, 0, (0, 12), (12, 38), 12, 1)


def stitched(name, key, auth, iv, suffix, header, text, tag_len, in_place=1, behind=1):
    seed("fuzz_aes_cm_hmac_sha1", name, len(key) // 8 - 2, int(len(auth) == 20),
         b"" if len(auth) == 20 else bytes([len(auth)]), length(len(header), 400), length(len(text), 4096), in_place,
         behind, tag_len - 1, bytes(5), b"\0\x0b", key, auth, iv, suffix, header, text)


# RFC 3711 B.2's key and counter, with RFC 2202's HMAC keys.
IV = unhex("f0f1f2f3f4f5f6f7f8f9fafbfcfd0000")
stitched("rfc3711_b2", CTR_KEY, b"\x0b" * 20, IV, bytes(4), RTP_HEADER, bytes(48), 10)
stitched("short_tag_apart", KEY_256, b"Jefe", IV, b"\0\0\0\1", RTP_HEADER, RTP_TEXT, 4, 0, 0)
stitched("srtcp", KEY_256[:24], b"\xaa" * 64, IV, unhex("80000001"), RTCP[:8], RTCP[8:], 10)
stitched("authenticated_only", CTR_KEY, b"\x0c" * 20, IV, unhex("00000007"), RTCP, b"", 10)
stitched("long", CTR_KEY, b"\x0b" * 20, IV, bytes(4), RTP_HEADER, bytes(1500), 10)


CHACHA = "fuzz_chacha20_poly1305"
ODD = bytes([1, 2, 3, 4, 5, 6])
for i, r in enumerate(records("chacha20_poly1305.txt")):
    seed(CHACHA, f"vector_{i}", 3, aead(r["key"], r["nonce"], r["aad"], r["plaintext"], tail=i, in_place=i % 2))
for n in 0, 1, 63, 64, 65, 160, 192, 256, 257, 512, 513, 1024, 1200, 4096:
    seed(CHACHA, f"length_{n}", 3, aead(KEY_256, RTP_NONCE, RTP_HEADER, bytes(n), in_place=n % 2, offsets=ODD))
for i, r in enumerate(records("chacha20.txt", 8)):
    seed(CHACHA, f"stream_{i}", 0, 1, length(len(r["plaintext"]), 4096), i % 2, 0, r["counter"], bytes(3), r["key"], r["nonce"],
         r["plaintext"])
for before_wrap in 0, 1, 2, 3, 7, 15:
    seed(CHACHA, f"stream_wraps_after_{before_wrap + 1}", 0, 1, length(1200, 4096), before_wrap % 2, 1, before_wrap, 1, 2, 3,
         KEY_256, RTP_NONCE)
for i, r in enumerate(records("hchacha20.txt")):
    seed(CHACHA, f"subkey_{i}", 0, 0, 3, r["key"], r["nonce"])


def poly1305(name, key, message, r_choice=5, s_choice=5, blocks=b""):
    seed(CHACHA, f"poly1305_{name}", 0, 4, length(len(message), 4096), bytes(3), r_choice, s_choice, key, message, len(blocks),
         blocks)


P1305 = 2**130 - 5


def clamped_r(one_time_key):
    return int.from_bytes(one_time_key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF


def accumulate(r, message, a=0):
    for i in range(0, len(message), 16):
        a = (a + int.from_bytes(message[i:i + 16], "little") + 2**128) * r % P1305
    return a


def ending_at(accumulator, r, before, block_count, behind, rng):
    """Two or more random blocks between `before` and `behind` after all of which the accumulator is this."""
    for i in reversed(range(0, len(behind), 16)):
        accumulator = (accumulator * pow(r, -1, P1305) - int.from_bytes(behind[i:i + 16], "little") - 2**128) % P1305
    while True:
        blocks = rng.randbytes(16 * (block_count - 1))
        last = (accumulator * pow(r, -1, P1305) - accumulate(r, before + blocks)) % P1305 - 2**128
        if 0 <= last < 2**128:
            return blocks + last.to_bytes(16, "little")


def chacha20_block(key, counter, nonce):
    """RFC 8439 2.3."""
    start = list(struct.unpack("<16I", b"expand 32-byte k" + key + struct.pack("<I", counter) + nonce))
    x = start[:]
    for i in range(80):
        row = i % 8
        turn = row // 4
        a, b, c, d = (4 * j + (row + j * turn) % 4 for j in range(4))
        for into, other, by, distance in (a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7):
            x[into] = (x[into] + x[other]) % 2**32
            word = x[by] ^ x[into]
            x[by] = (word << distance | word >> 32 - distance) % 2**32
    return struct.pack("<16I", *((v + w) % 2**32 for v, w in zip(x, start)))


for i, r in enumerate(records("poly1305.txt")):
    poly1305(f"vector_{i}", r["key"], r["message"])
rng = random.Random(8439)
ENDS = [0, 1, 4, 5, 2**130 - 6, 2**130 - 7, 2**128 - 1, 2**128, 2**129, 2**64 - 1, 2**104 - 1, 2**88]
for block_count in 2, 3, 4, 9, 16, 33:
    for i, end in enumerate(ENDS[block_count % 3::3]):
        key = rng.randbytes(16) + b"\xff" * 16
        poly1305(f"{block_count}_blocks_end_{i}", key, ending_at(end, clamped_r(key), b"", block_count, b"", rng))
# The same for whole packets: the one-time key is what it is, but the ciphertext may be chosen.
for n, block_count in enumerate((2, 6, 7, 8, 9, 14, 15, 16, 17, 30, 31, 47, 75)):
    key, aad = rng.randbytes(32), RTP_HEADER + rng.randbytes(16)
    r = clamped_r(chacha20_block(key, 0, RTP_NONCE))
    lengths = struct.pack("<QQ", len(aad), 16 * block_count)
    text = ending_at(ENDS[n % len(ENDS)], r, aad + bytes(-len(aad) % 16), block_count, lengths, rng)
    seed(CHACHA, f"packet_{block_count}_blocks_end_{n % len(ENDS)}", 3, aead(key, RTP_NONCE, aad, text, tail=4), 1, 0)
# Blocks of ones under keys whose r has full limbs.
KEYS = sorted((bytes([i, j]) * 16 for i in range(40) for j in range(40)),
              key=lambda key: bin(clamped_r(chacha20_block(key, 0, RTP_NONCE))).count("1"))
for i, key in enumerate(KEYS[-3:] + KEYS[:1]):
    for n in 160, 1200, 4096:
        seed(CHACHA, f"ones_{n}_{i}", 3, aead(key, RTP_NONCE, b"\xff" * 32, bytes(n)), 1, 1, 0)
for r_choice in 0, 3 + 8, 3 + 16, 4 + 8 * 9:
    poly1305(f"all_ones_{r_choice}", bytes(32), bytes(600), r_choice=r_choice, s_choice=0, blocks=b"\0")
    poly1305(f"edges_{r_choice}", bytes(32), bytes(333), r_choice=r_choice, s_choice=0, blocks=bytes([0, 2 + 8 * 27, 3 + 8, 5]))


def batch(name, *messages):
    seed(CHACHA, f"batch_{name}", 2, 1, len(messages), *messages)


def batched(text_len, forgery=7, same_key=0, key=KEY_256, aad=RTP_HEADER, in_place=1):
    return aead(key[:0] if same_key else key, RTP_NONCE, aad, bytes(text_len), in_place=in_place, limit=1200,
                forgery=bytes([forgery]), same_key=bytes([same_key]))


batch("none")
batch("one", batched(160))
batch("same_key", batched(20), *[batched(160, same_key=1) for _ in range(7)])
batch("lengths", *[batched(n, key=bytes([n % 251]) * 32, in_place=n % 2) for n in (0, 1, 15, 16, 64, 100, 160, 192, 193, 300, 512, 1200)])
batch("forgeries", *[batched(100 + i, forgery=i % 5, key=bytes([i]) * 32) for i in range(17)])
batch("aads", *[batched(20, aad=bytes(n), key=bytes([n]) * 32) for n in (0, 1, 12, 15, 16, 17, 31, 32, 33, 64)])

for i, cipher, nonce in (1, "chacha", RTP_NONCE), (0, "xchacha", RTP_NONCE * 2):
    def facade(name, opening, aad, text, out_from, out_choice, how=3):
        seed(CHACHA, f"{cipher}_{name}", 1, i, how, struct.pack(">H", 200), bytes(5),
             regions(opening, aad, text, out_from, out_choice), KEY_256, nonce, RTP_HEADER, RTP_TEXT)

    facade("seal_in_place", 0, (0, 12), (12, 38), 12, 1)
    facade("seal_overlapping", 0, (0, 12), (12, 38), 20, 1)
    facade("seal_over_aad", 0, (65, 12), (12, 38), 12, 1)
    facade("open", 1, (0, 12), (12, 54), 100, 1)
    facade("open_in_place", 1, (0, 12), (12, 54), 12, 1)
    facade("open_too_small", 1, (0, 12), (12, 54), 100, 0)
    facade("too_long", 1, (0, 12), (12, 54), 100, 0, how=2)


def facade_batch(name, opening, *calls, mixed=0, hidden=0):
    """Calls are key choice, AAD, text and the output's start."""
    seed(CHACHA, f"facade_batch_{name}", 1, 2, int(len(calls) < 10), len(calls), struct.pack(">H", 255), 0, opening, mixed, struct.pack(">I", hidden),
         *[bytes([key]) + regions(opening, aad, text, out, 1) + KEY_256 + RTP_NONCE for key, aad, text, out in calls])


facade_batch("apart", 0, (0, (0, 12), (12, 20), 12), (1, (60, 12), (72, 20), 72), (2, (120, 12), (132, 20), 132))
facade_batch("chain", 0, (0, (0, 12), (12, 20), 60), (1, (60, 12), (72, 20), 120), (2, (120, 12), (132, 20), 12))
facade_batch("same_output", 0, (0, (0, 12), (12, 20), 60), (1, (0, 12), (30, 20), 60), (0, (0, 12), (12, 20), 60))
facade_batch("open", 1, (0, (0, 12), (12, 36), 12), (1, (60, 12), (72, 36), 150), (31, (120, 12), (132, 20), 132))
facade_batch("open_same_input", 1, (0, (0, 12), (12, 36), 60), (0, (0, 12), (12, 36), 100), (0, (0, 12), (12, 36), 12))
facade_batch("open_then_onto_its_tag", 1, (0, (0, 12), (12, 36), 60), (0, (0, 12), (100, 36), 36))
facade_batch("onto_a_tag_then_open", 1, (0, (0, 12), (100, 36), 36), (0, (0, 12), (12, 36), 60))
facade_batch("many", 1, *[(0, (0, 12), (16, 16), 40) for _ in range(70)])
facade_batch("kernels", 0, *[(i, (0, 12), (12, 4), 20 * i) for i in range(2, 9)], mixed=1, hidden=0xFFFFFFFF)

HASHES = {"sha1": (0, 20, 64), "sha256": (1, 32, 64), "sha512": (2, 64, 128)}


def hmac(name, algorithm, key, message, cuts=b"", tag_len=None, altered=0):
    which, digest_len, _ = HASHES[algorithm]
    tag = b"\1" if tag_len is None else bytes([0, tag_len])
    seed("fuzz_hash", f"{algorithm}_{name}", which, 2, length(len(key), 300), length(len(message), 4096), tag, altered,
         b"\0\0", key, len(cuts), cuts, message)


def continued(name, algorithm, absorbed, rest, cuts=b""):
    which, digest_len, block_len = HASHES[algorithm]
    shift = 4 if block_len == 64 else 1
    state = bytes(range(64))
    seed("fuzz_hash", f"{algorithm}_continued_{name}", which, 1, length(len(rest), 4096),
         struct.pack(">Q", absorbed << shift), len(cuts), cuts, state[:64] if digest_len != 20 else state[:40], rest)


def hkdf(name, algorithm, ikm, salt, info, out_len, extracting=1, cuts=0, cut_at=0, arena=(0, 0, 0, 0)):
    which, digest_len, _ = HASHES[algorithm]
    out = bytes([1, out_len]) if out_len < 5 * digest_len else b"\0" + struct.pack(">H", out_len)
    if 5 * digest_len > 256 and out[0]:
        out = b"\1" + struct.pack(">H", out_len)
    seed("fuzz_hash", f"{algorithm}_hkdf_{name}", which, 0, extracting, length(len(salt), 300), length(len(ikm), 300),
         length(len(info), 300), out, cuts, struct.pack(">H", cut_at), struct.pack(">H", 100),
         bytes([2, arena[0], arena[1], 2, arena[2], arena[3]]), salt, ikm, info)


for algorithm, (_, digest_len, block_len) in HASHES.items():
    for i, r in enumerate(records(f"hmac_{algorithm}.txt", 7)):
        hmac(f"hmac_{i}", algorithm, r["key"], r["message"], tag_len=None if len(r["tag"]) == digest_len else len(r["tag"]))
    for n in 0, block_len - 9, block_len - 8, block_len - 1, block_len, block_len + 1, 3 * block_len:
        hmac(f"length_{n}", algorithm, bytes(block_len), bytes(n), bytes([1, block_len, 0, block_len - 1]))
    hmac("truncated", algorithm, bytes(block_len + 1), RTP_TEXT, tag_len=digest_len // 2)
    hmac("truncated_too_far", algorithm, b"", RTP_TEXT, tag_len=digest_len // 2 - 1)
    hmac("too_long_a_tag", algorithm, b"Jefe", RTP_TEXT, tag_len=digest_len + 1)
    hmac("altered", algorithm, b"Jefe", RTP_TEXT, altered=1)
    continued("length_above_32_bits", algorithm, 1 << 30, RTP_TEXT)
    continued("longest", algorithm, (1 << (60 if block_len == 64 else 63)) - block_len, bytes(block_len - 1), b"\7\1")
    for i, r in enumerate(records(f"hkdf_{algorithm}.txt")):
        hkdf(f"vector_{i}", algorithm, r["input"], r["salt"], r["info"], len(r["output"]), cuts=i, cut_at=11)
    hkdf("longest", algorithm, bytes(digest_len), b"", b"label", 255 * digest_len, extracting=0)
    hkdf("too_long", algorithm, bytes(digest_len), b"", b"label", 255 * digest_len + 1, extracting=0)
    hkdf("too_short_a_key", algorithm, bytes(digest_len - 1), b"", b"label", 1, extracting=0)
    hkdf("overlapping", algorithm, b"secret", b"", b"", 0, arena=(10, 20, 29, 30))
    hkdf("behind_info", algorithm, b"secret", b"", b"", 0, cuts=24, arena=(10, 20, 30, 40))

P = 2**255 - 19
CURVE_ORDER = 2**252 + 27742317777372353535851937790883648493  # RFC 7748 4.1
TWIST_ORDER = 2**253 - 55484635554744707071703875581767296995


def ladder(k, u):
    """RFC 7748 5 without clamping."""
    x2, z2, x3, z3 = 1, 0, u, 1
    for bit in bin(k)[2:]:
        if bit == "1":
            x2, z2, x3, z3 = x3, z3, x2, z2
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        x3, z3 = (d * a + c * b)**2 % P, u * (d * a - c * b)**2 % P
        x2, z2 = a * a * b * b % P, (a * a - b * b) * (a * a + 121665 * (a * a - b * b)) % P
        if bit == "1":
            x2, z2, x3, z3 = x3, z3, x2, z2
    return x2 * pow(z2, P - 2, P) % P, z2


def number(n):
    """What choose_number() takes as it is."""
    return b"\7" + n.to_bytes(32, "little")


def clamped(rng):
    return (int.from_bytes(rng.randbytes(32), "little") | 2**254) % 2**255 & -8


def multiplication_giving(result, rng):
    """Scalar and u whose product is the result or the next number below that has a large order."""
    while True:
        for order in CURVE_ORDER, TWIST_ORDER:
            if result not in (0, 1) and ladder(order, result)[1] == 0:
                scalar = clamped(rng)
                return number(scalar), number(ladder(pow(scalar, -1, order), result)[0]), b"\0"
        result -= 1


def x25519(name, scalar, u, where=0):
    seed("fuzz_x25519", name, 4, where, 1, 2, 3, scalar, u)


rng = random.Random(7748)
SPECIAL = [b"\0\0\0", b"\1\0\0", b"\1\1\1", b"\0\xff\0"]
SPECIAL += [bytes([2, 128 + k, top]) for k in (-2, -1, 0, 1, 2, 18, 19, 20) for top in (0, 1)]
SPECIAL += [bytes([3, n, 0]) for n in (1, 2, 5, 9, 255)]
for i, u in enumerate(SPECIAL):
    x25519(f"special_u_{i}", number(clamped(rng)), u, i % 3)
RESULTS = [18, 9, P - 2, P - 20, 2**51 - 1, 2**102 + 2**51 - 1, 2**255 - 2**204 - 20, 2**204 - 1, 2**26 - 1, 2**51 - 2**25, 2**52 - 1,
           2**104 - 1, 2**208 - 1, 2**64 - 1, 2**128 - 1, 2**192 - 1, 2**255 - 2**230 - 20, 2**230 - 1]
PRODUCTS = [multiplication_giving(result, rng) for result in RESULTS]
for i, (scalar, u, top) in enumerate(PRODUCTS):
    x25519(f"result_{i}", scalar, u + top, i % 3)
for i, scalar in enumerate((b"\0\0", b"\0\xff", b"\0\x88", b"\0\x77", b"\0\x80", b"\0\x7f", b"\0\x08", b"\0\xf7", b"\0\x55", b"\0\xaa",
                            b"\5\0\xff", b"\5\x80\xff", b"\4\x80\x7f", b"\4\xfb\x7f", number(clamped(rng)))):
    seed("fuzz_x25519", f"base_{i}", 0, i % 2, 1, 2, 3, scalar)
# Scalars that are a few more or less than a multiple of the order.
for few in range(-9, 10):
    scalar = few * 8 * pow(8, -1, CURVE_ORDER) % (8 * CURVE_ORDER)
    if 2**254 <= scalar < 2**255:
        seed("fuzz_x25519", f"base_times_{few}", 0, 0, bytes(3), number(scalar))
        x25519(f"times_{few}", number(scalar), b"\3\x09\0")
for count in 0, 1, 3, 4, 5, 7, 8, 9, 16, 17:
    mixed = PRODUCTS[count:count + 3] + [(number(clamped(rng)), u[:-1], u[-1:]) for u in SPECIAL[count:count + 2]]
    seed("fuzz_x25519", f"batch_{count}", 1, len(mixed) - 1, *[b"".join(m) for m in mixed], int(count < 10), count,
         *[bytes([i % len(mixed), i % 3, i, 0, 1]) for i in range(count)])

def keys(name, scalar, u, parsed=b"\1", random_works=0, before=b"", after=b"", hidden=0):
    seed("fuzz_x25519", f"keys_{name}", 2, struct.pack(">I", hidden), parsed, random_works, scalar, u, len(before), before,
         len(after), after)


keys("agree", number(clamped(rng)), SPECIAL[2], hidden=0xFFFFFFFF)
keys("mixed", number(clamped(rng)), PRODUCTS[0][1] + b"\0", before=b"before", after=b"after")
keys("no_random", number(clamped(rng)), SPECIAL[2], random_works=7)
keys("of_31_bytes", number(clamped(rng)), SPECIAL[2], parsed=bytes([0, 31]))
keys("of_33_bytes", number(clamped(rng)), SPECIAL[2], parsed=bytes([0, 33]))
for i, u in enumerate(SPECIAL):
    keys(f"special_{i}", number(clamped(rng)), u)


def agreements(name, *jobs, hidden=(0, 0)):
    """Two ends, and peers of which the second has low order; jobs are end, peer and kind."""
    ends = [struct.pack(">I", h) + number(clamped(rng)) for h in hidden]
    seed("fuzz_x25519", f"agreements_{name}", 3, len(ends) - 1, *ends, 1, PRODUCTS[3][1], 0, SPECIAL[0], int(len(jobs) < 10),
         len(jobs), *[bytes(job) for job in jobs])


STATIC, EPHEMERAL, WITHOUT_KEY, WITHOUT_PEER, BOTH_KEYS = 0, 9, 13, 12, 15
agreements("none")
agreements("of_each_kind", (0, 0, STATIC), (0, 0, EPHEMERAL), (1, 0, WITHOUT_KEY), (1, 0, WITHOUT_PEER), (1, 0, BOTH_KEYS),
           (1, 1, STATIC), (1, 1, EPHEMERAL))
agreements("twice", (0, 0, EPHEMERAL), (0, 0, EPHEMERAL), (0, 0, STATIC))
agreements("first_without_peer", (0, 0, WITHOUT_PEER), (0, 0, EPHEMERAL))
agreements("far_apart", (0, 0, EPHEMERAL), *[(i % 2, 0, STATIC) for i in range(11)], (0, 0, EPHEMERAL))
agreements("kernels", *[(i % 2, i % 2, STATIC) for i in range(9)], hidden=(0xFFFFFFFF, 0))

seed("fuzz_rtp_packet", "rfc7714_rtp", RTP_HEADER, RTP_TEXT)
seed("fuzz_rtp_packet", "rfc7714_srtp", SRTP)
seed("fuzz_rtp_packet", "rfc7714_rtcp", RTCP)
seed("fuzz_rtp_packet", "all_csrcs", 0x8F, RTP_HEADER[1:], bytes(60), RTP_TEXT)
seed("fuzz_rtp_packet", "extension", 0x91, RTP_HEADER[1:], bytes(4), unhex("bede000110ff0000"), RTP_TEXT)
seed("fuzz_rtp_packet", "extension_beyond", 0x90, RTP_HEADER[1:], unhex("bedeffff"), RTP_TEXT)
seed("fuzz_rtp_packet", "padding", 0xA0, RTP_HEADER[1:], RTP_TEXT, bytes([0, 0, 0, 4]))
seed("fuzz_rtp_packet", "padding_beyond", 0xA0, RTP_HEADER[1:], bytes([0, 0, 9]))

IN_PLACE, APART, OVERLAPPING, SHORT = b"\x10", b"\x14", bytes([0x17, 70]), bytes([0x0C, 0])


def rtp(stream=0, jump=None, payload=20, shape=2, where=IN_PLACE, std_byte=0):
    """send_rtp; jump is an absolute sequence number."""
    choose = bytes([stream]) if jump is None else bytes([204 + stream]) + struct.pack(">H", jump)
    csrcs = 4 * (shape // 16) if shape % 4 < 2 else 0
    return b"".join([b"\0", choose, bytes([shape, 96]), b"time", bytes(csrcs), bytes([payload]), where, bytes([std_byte])])


def rtcp(stream=0, payload=20, where=IN_PLACE):
    return bytes([3, 0, stream, payload]) + where + b"\0"


def deliver(back=0, where=APART, std_byte=0):
    return bytes([4, back]) + where + bytes([std_byte])


def flipped(at_end, bit=0, back=0, where=IN_PLACE):
    return bytes([8, back, 4, at_end, 0, bit]) + where + b"\0"


def anything(packet, is_rtp, where=APART):
    return bytes([10, is_rtp, len(packet)]) + packet + where + b"\0"


def call(name, profile, *operations, shape=0, mki=2, hidden=(0, 0), lifetimes=(0, 0), first=0, rtcp_first=0, joins=0,
         sequences=(0, 0, 0, 0, 0)):
    seed("fuzz_srtp_unprotect", name, profile, shape, mki, struct.pack(">II", *hidden), bytes(lifetimes),
         struct.pack(">QIB5H", first << 16, rtcp_first << 1, joins, *sequences), *operations)


ALL, AES_CM, AES_CM_32, NULL, GCM, GCM_256, CHACHA20 = range(11), 2, 3, 0, 8, 9, 10
for profile in ALL:
    call(f"in_order_{profile}", profile, *[rtp() + deliver() for _ in range(3)], rtcp(), deliver(), deliver(),
         mki=profile % 2 * 2, hidden=(0xFFF * (profile % 3 == 0), 0xC00 * (profile % 3 == 1)))
for profile in ALL:
    # Every byte of both trailers, with one wrong bit each; then the packet itself.
    for kind, packet in ("rtp", rtp(payload=3)), ("rtcp", rtcp(payload=3)):
        call(f"every_{kind}_trailer_byte_{profile}", profile, packet, *[flipped(i, bit=i % 8) for i in range(24)], deliver())
call("reordered", GCM, *[rtp() for _ in range(6)], *[deliver(b) for b in (0, 2, 1, 2, 5, 3)])
call("wrap", AES_CM, *[rtp() + deliver() for _ in range(12)], *[deliver(b) for b in range(8)], first=65530, joins=3)
call("wrap_lost", GCM, rtp(), deliver(), *[rtp() for _ in range(6)], deliver(), deliver(5), deliver(1), first=65533, joins=3)
call("wrap_from_start", GCM, rtp(1), rtp(1), rtp(1), deliver(), deliver(1), deliver(2), sequences=(65535, 0, 0, 0, 0))
call("joined_without_roc", AES_CM_32, rtp(), deliver(), first=3 << 16, joins=1)
call("last_index", GCM_256, *[rtp() + deliver() for _ in range(4)], joins=0x2B)
call("last_rtcp_index", AES_CM, *[rtcp() + deliver() for _ in range(4)], joins=0x27)
call("beyond_window", AES_CM, rtp(jump=1), rtp(jump=70), rtp(jump=6), rtp(jump=5), deliver(3), deliver(2), deliver(1),
     deliver(0), shape=1)
call("half_a_round_apart", AES_CM, rtp(jump=16), deliver(), rtp(jump=0x8010), deliver(), rtp(jump=16), deliver(),
     rtp(jump=0x8011), deliver())
call("forged_then_genuine", GCM, rtp(), *[flipped(i) for i in range(4)], deliver(), deliver(), shape=2)
call("mki", AES_CM, rtp(), flipped(12), deliver(where=IN_PLACE), rtcp(), flipped(11), deliver(), mki=0)
call("one_cipher", CHACHA20, rtp(), flipped(1), deliver(), rtcp(), flipped(5), deliver(), shape=3, mki=0)
call("mki_aead", GCM, rtp(), flipped(1), deliver(), rtcp(), flipped(1), flipped(5), deliver(), mki=0)
call("full_table", NULL, *[rtp(s) + deliver() for s in range(6)], bytes([11, 0]), deliver(2), deliver(4), shape=1)
call("removed_from_sender", GCM, rtp(), bytes([12, 0]), rtp(), shape=3)
call("exhausted", AES_CM, *[rtp() + deliver() for _ in range(4)], *[rtcp() + deliver() for _ in range(3)],
     lifetimes=(0x0B, 0x0F))
call("continued", GCM, rtp(), deliver(), bytes([13]), deliver(), rtp(), deliver(), bytes([14, 0]), rtp(), deliver())
call("rekeyed", AES_CM, rtp(), deliver(), rtp(), bytes([14, 1, 5]), deliver(), rtp(), deliver(), shape=2)
call("rekeyed_at_last_rtcp_index", AES_CM, *[rtcp() + deliver() for _ in range(3)], bytes([14, 1, 5]), rtcp(), deliver(),
     joins=0x17)
call("bad_buffers", GCM, rtp(where=OVERLAPPING), rtp(where=SHORT), rtp(), deliver(where=OVERLAPPING), deliver(where=SHORT),
     deliver())
call("headers", AES_CM, rtp(shape=0xF0), deliver(), rtp(shape=0x31), deliver(), rtp(payload=0), deliver(),
     rtp(payload=255), deliver(std_byte=1))
call("clear_srtcp", GCM, rtcp(), deliver(), rtcp(), deliver(1), lifetimes=(0, 1))
call("rfc7714_packets", GCM, anything(SRTP, 1), anything(SRTP, 0), anything(RTCP, 0), anything(RTP_HEADER, 1))

# RFC 4568's examples, what other suites look like, and lines that are almost right.
KEY_40, KEY_37 = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj", "A" * 37 + "="
LINES = [
    f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY_40}|2^20|1:4",
    f"a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:{KEY_40}|2^20|1:32 KDR=4 UNENCRYPTED_SRTP UNENCRYPTED_SRTCP WSH=64",
    f"crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY_40}|1:4;inline:{KEY_40[::-1]}|2:4 FEC_ORDER=SRTP_FEC",
    f"a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:{KEY_40}|4096 FEC_KEY=inline:{KEY_40[::-1]} -x\r\n",
    f"a=crypto:999999999 AEAD_AES_128_GCM inline:{KEY_37}=", f"a=crypto:1 AEAD_AES_128_GCM inline:{KEY_37}",
    f"a=crypto:01 AES_CM_128_HMAC_SHA1_80 inline:{KEY_40}", "a=crypto:", "a=crypto:1 F8_128_HMAC_SHA1_80 inline:" + KEY_40]
for i, line in enumerate(LINES):
    seed("fuzz_sdes", f"line_{i}", 0, line.encode())
for i in range(6):
    seed("fuzz_sdes", f"composed_{i}", 1, i, struct.pack(">I", 10**i), i % 4, i, 40, bytes(range(i, i + 60)), i * 5, 3 * i)
    seed("fuzz_sdes", f"altered_{i}", 2, i, struct.pack(">I", i), i % 4, i, 8, bytes(range(60)), i, 15, 1, 0, 9 + i, 2, 0x20 + i)


def conversation(name, profile, options, *packets, mki=1):
    seed("fuzz_srtp_options", name, profile, mki, *options, 0, 0, 10, *packets)


def plain_rtp(shape, extension=b"", payload=20, fate=5):
    return bytes([shape, 96]) + bytes(range(8)) + bytes(4 * (shape // 16) if shape % 4 else 0) + extension + bytes([payload]) + bytes(
        payload) + bytes([1, fate])


ONE_BYTE = bytes([0, 1, 2, 0, 3]) + b"abcd" + bytes([1, 1]) + b"xy"
TWO_BYTE = bytes([1, 1, 2, 6, 3]) + b"abc" + bytes([5, 0])
for profile in ALL:
    for i, choice in enumerate((0, 1, 2, 4, 33, 32, 96)):
        names = bytes([1, 2, 7, 15]) if choice & 32 else b""
        rate = bytes([2]) if choice & 64 else b""
        conversation(f"options_{profile}_{i}", profile, [choice, names, rate, i % 4, 1 + i % 3, 1],
                     *[plain_rtp(shape, ext, fate=fate) for shape, ext, fate in
                       ((0, b"", 5), (0x31, b"", 3), (0x32, ONE_BYTE, 5), (0x12, TWO_BYTE, 3), (2, ONE_BYTE, 1), (0x21, b"", 5))])


# Every pattern: alone, and with a psk at its end and somebody in between.
for i in range(38):
    for how in range(2):
        secrets = random.Random(2 * i + how).randbytes(400)
        seed("fuzz_noise", f"pattern_{i}_{how}", i % 4, i, how * 4, bytes(4), 9, secrets[:9], secrets[9:105], 0, i % 3, how,
             *[bytes([0, 5]) + secrets[5 * n:5 * n + 5] + bytes([n % 2]) + secrets[105 + 32 * n:137 + 32 * n] +
               bytes([25 + i % 7 if how and n == i % 4 else 0]) for n in range(4)], secrets)


# Two people's calls: one that goes well, twice; then each message spoilt in turn; then a stranger at either end.
CALLER, CALLEE = bytes([1]), bytes([0])
BOTH_HANG_UP = CALLER + b"\x0d" + CALLEE + b"\x0d"
TALK = ((CALLER, 64), (CALLEE, 0), (CALLEE, 64), (CALLER, 0), (CALLER, 0), (CALLEE, 0))


def comparison(name, *actions, hidden=bytes(4)):
    seed("fuzz_short_authentication", name, hidden, 2, 2, KEY_256, KEY_256[::-1], 2, b"ab", *actions)


def talk(differ=0):
    """A call with its comparison."""
    rng = random.Random(differ)
    steps = [who + b"\0\0" + rng.randbytes(drawn) for who, drawn in TALK]
    verdicts = [who + bytes([8, differ]) for who in (CALLER, CALLEE)]
    return b"".join([CALLER, b"\0", CALLEE, b"\0", *steps, *verdicts, BOTH_HANG_UP])


def spoilt_talk(step, treatment):
    """A call up to the message that arrives at this step, which is treated as delivered() says; then both hang up."""
    steps = [who + b"\0\0" + bytes(drawn) for who, drawn in TALK[:step]]
    return b"".join([CALLER, b"\0", CALLEE, b"\0", *steps, TALK[step][0], b"\0", treatment, BOTH_HANG_UP])


comparison("equal_twice", talk(), talk())
comparison("differ", talk(differ=1), CALLER, b"\x0b", CALLEE, b"\x0b", talk())
for step in (1, 3, 5):
    for treatment in (b"\x19", b"\x1a\0", b"\x1c\0\5abcde", b"\x1d\3abcd", b"\x1e\x20", b"\x1f\0\x09"):
        comparison(f"spoilt_{step}_{treatment[0]}", spoilt_talk(step, treatment), talk())
for caller in (0, 1):
    for forged in (0, 7):
        secrets = random.Random(2 * caller + forged).randbytes(300)
        seed("fuzz_short_authentication", f"stranger_{caller}_{forged}", bytes(4), caller, secrets, forged, secrets)


def sframe_number(value):
    return bytes([value]) if value < 64 else b"\xff" + struct.pack(">Q", value)


for i, r in enumerate(records("sframe_headers.txt")[::9]):
    kid, ctr = (int.from_bytes(r[name], "big") for name in ("kid", "ctr"))
    seed("fuzz_sframe", f"header_{i}", 0, sframe_number(kid), sframe_number(ctr), 17 + i % 3, r["encoded"])
for i, encoded in enumerate(("08", "0800", "0807", "090001", "f000000000000000ff", "ff", "8f")):
    seed("fuzz_sframe", f"not_a_header_{i}", 0, 5, 5, 1, unhex(encoded))


def sframe(name, suite, *operations, bits=4, ahead=8, limit=None, hidden=(0, 0)):
    """The suite's number, and operations between a sender of KIDs with so many bits of steps and its receiver."""
    seed("fuzz_sframe", name, 1, suite - 1, bits - 1, 0, 1, ahead - 1, b"\0" if limit is None else bytes([1, limit]), 16, KEY_256,
         struct.pack(">II", *hidden), *operations)


def frame(text_len=20, metadata=b"", in_place=1, short_by=0):
    return b"".join([bytes([0, 1, text_len]), bytes(text_len), bytes([1, len(metadata)]), metadata, bytes([in_place]),
                     bytes([0, short_by - 1]) if short_by else b"\1", b"\1\2"])


def arriving(in_place=1):
    return bytes([1, 3, 0]) if in_place else bytes([0, 1, 3, 5])


def taken(back=0, in_place=1):
    return bytes([3, back, 1]) + arriving(in_place)


def changed(how, back=0):
    return bytes([5, back]) + how + arriving()


STEP, FORGET, MOVE = bytes([2, 0]), bytes([7, 0]), bytes([7, 2])
FLIP_LAST, CUT, LONGER, OTHER_STEP = b"\3\0\x90", b"\0\2", b"\1\0\7", b"\2\5\1"
for suite in range(1, 6):
    sframe(f"suite_{suite}", suite, frame(), taken(), frame(160, b"metadata", 0), taken(0, 0), taken(0), frame(0), taken())
    sframe(f"altered_{suite}", suite, frame(), changed(FLIP_LAST), changed(CUT), changed(LONGER), changed(OTHER_STEP), taken())
sframe("reordered", 4, *[frame(5)] * 20, *[taken(back) for back in (3, 7, 0, 19, 3, 1, 0, 2)])
sframe("steps", 4, frame(), taken(), *[STEP + frame() + taken() for _ in range(18)])
sframe("lost_steps", 1, frame(), frame(), taken(1), *[STEP] * 5, frame(), taken(), taken(1), FORGET, taken(1), *[STEP] * 9, frame(), taken())
sframe("one_bit", 5, frame(), taken(), STEP, frame(), taken(), taken(1), STEP, frame(), taken(), bits=1, ahead=1)
sframe("forgeries", 3, frame(), *[changed(FLIP_LAST)] * 4, taken(), STEP, frame(), *[changed(FLIP_LAST)] * 4, taken(), limit=3)
sframe("forged_ahead_then_genuine", 3, STEP, frame(), changed(FLIP_LAST), taken(), frame(), changed(FLIP_LAST), taken(), limit=3)
sframe("no_room", 2, frame(short_by=1), frame(short_by=30), frame(), bytes([3, 0, 1, 0, 0, 3, 1, 2]), taken())
sframe("moved", 2, frame(), taken(), MOVE, taken(), frame(), taken())
sframe("kernels", 1, frame(160), taken(), frame(200), taken(), hidden=(0xFFFFFFFF, 0))
sframe("arbitrary", 4, frame(), bytes([6, 3, 0x10, 1, 2]) + arriving(), bytes([6, 20]) + bytes(20) + arriving(0))
