"""Check records, made from their fields, signed and read back, and what is refused:
`vectors/records.json`."""

import hashlib

import liangzheng_contract as contract
import vectors
from vectors import as_hex, from_hex

MAX_SEQUENCE = 2**31 - 1


def record(fields):
    """A record from its fields, as the vectors write them."""
    seen, mark, verdict = fields["seen"], fields["mark"], fields["verdict"]
    kind = getattr(contract.Seen, seen)
    return contract.CheckRecord(
        id=from_hex(fields["id"]),
        sequence=fields["sequence"],
        previous=from_hex(fields["previous"]),
        seen=kind(digits=fields["digits"]) if seen == "CODE" else kind(),
        challenge=from_hex(fields["challenge"]),
        clock=fields["clock"],
        elapsed=contract.Elapsed(
            since=contract.Since[fields["elapsed"]["since"]], millis=fields["elapsed"]["millis"]
        ),
        mark=mark and contract.SyncMark(at=mark["at"], proof=from_hex(mark["proof"])),
        verdict=verdict and contract.Verdict[verdict],
        place=fields["place"],
    )


def fields_of(r):
    """A record's fields, as the vectors write them."""
    kinds = [k for k in ("CODE", "NOT_SHOWN", "REFUSED", "CODE_DAMAGED")
             if isinstance(r.seen, getattr(contract.Seen, k))]
    assert len(kinds) == 1, r.seen
    return {
        "id": as_hex(r.id),
        "sequence": r.sequence,
        "previous": as_hex(r.previous),
        "seen": kinds[0],
        "digits": r.seen.digits if kinds[0] == "CODE" else None,
        "challenge": as_hex(r.challenge),
        "clock": r.clock,
        "elapsed": {"since": r.elapsed.since.name, "millis": r.elapsed.millis},
        "mark": r.mark and {"at": r.mark.at, "proof": as_hex(r.mark.proof)},
        "verdict": r.verdict and r.verdict.name,
        "place": r.place,
    }


def byte_string(value):
    """A byte string in deterministic CBOR."""
    n = len(value)
    head = bytes([0x40 | n]) if n < 24 else b"\x58" + bytes([n]) if n < 256 else (
        b"\x59" + n.to_bytes(2, "big"))
    return head + value


def sig_structure(payload):
    """What is signed of a record by ES256 (RFC 9052, section 4.4), written by hand."""
    parts = b"\xa1\x01\x26", b"liangzheng/check/1", payload
    return b"\x84\x6aSignature1" + b"".join(map(byte_string, parts))


def unsound(first, full):
    """Fields that no reader takes, and the word for each."""
    none_shown = {**first, "seen": "NOT_SHOWN", "digits": None, "verdict": None}
    return [
        ("ID", {**first, "id": first["id"][2:]}),
        ("ID", {**first, "id": "00" * 16}),
        ("SEQUENCE", {**first, "sequence": 0}),
        ("SEQUENCE", {**full, "sequence": MAX_SEQUENCE + 1}),
        ("PREVIOUS", {**full, "previous": None}),
        ("PREVIOUS", {**full, "previous": full["previous"][2:]}),
        ("PREVIOUS", {**full, "sequence": 1}),
        ("SEEN", {**first, "digits": "012"}),
        ("SEEN", {**first, "digits": "https://zf.example.cn/v/12"}),
        ("SEEN", {**first, "digits": "9" * 801}),
        ("CHALLENGE", {**full, "challenge": full["challenge"][2:]}),
        ("CHALLENGE", {**none_shown, "challenge": full["challenge"]}),
        ("CLOCK", {**first, "clock": -1}),
        ("ELAPSED", {**first, "elapsed": {"since": "BOOT", "millis": -1}}),
        ("ELAPSED", {**full, "mark": None}),
        ("MARK", {**full, "mark": {**full["mark"], "proof": "5a"}}),
        ("MARK", {**full, "mark": {**full["mark"], "at": -1}}),
        ("VERDICT", {**first, "verdict": None}),
        ("VERDICT", {**none_shown, "verdict": "VALID"}),
        ("PLACE", {**full, "place": "620102001"}),
    ]


def play():
    file = vectors.read("records.json")
    algorithm = vectors.ALGORITHMS[file["phone"]["alg"]]
    key = from_hex(file["phone"]["public"])

    def word(call, *arguments):
        return vectors.refusal(contract.RecordRefusal, call, *arguments)

    for vector in file["records"]:
        made, signed = record(vector["record"]), from_hex(vector["signed"])
        payload, digest = from_hex(vector["payload"]), from_hex(vector["hash"])
        what = vector["what"]
        assert contract.message_to_record(made, algorithm) == sig_structure(payload), what
        # The signature of the vector: ES256 signs anew each time.
        signature = signed[-64:]
        assert contract.seal_record(made, algorithm, signature) == signed, what
        assert contract.record_hash(made) == digest == hashlib.sha256(payload).digest(), what
        received = contract.read_record(signed, algorithm, key)
        assert fields_of(received.record) == vector["record"], what
        assert received.hash == digest, what
        for wrong in signature[1:], signature + b"\0":
            assert word(contract.seal_record, made, algorithm, wrong) == "SIGNATURE_MALFORMED"
        turned = signed[:-1] + bytes([signed[-1] ^ 1])
        assert word(contract.read_record, turned, algorithm, key) == "SIGNATURE_INVALID", what

    first, full = (vector["record"] for vector in file["records"][:2])
    assert contract.record_hash(record(first)) == record(full).previous
    digits = first["digits"]
    for read in digits, f"https://zf.example.cn/v/{digits}?from=timeline":
        assert contract.scanned(read) == contract.Seen.CODE(digits=digits)
    for read in "", "https://example.cn/menu", "/v/012":
        assert contract.scanned(read) == contract.Seen.CODE_DAMAGED()

    for vector in file["refused"]:
        came = word(contract.read_record, from_hex(vector["signed"]), algorithm, key)
        assert came == vector["refused"], f"{vector['what']}: {came}"
    assert word(contract.read_record, b"", algorithm, key[1:]) == "KEY_MALFORMED"
    for what, fields in unsound(first, full):
        for call, rest in (
            (contract.message_to_record, [algorithm]),
            (contract.seal_record, [algorithm, bytes(64)]),
            (contract.record_hash, []),
        ):
            came = word(call, record(fields), *rest)
            assert came == f"{what}_OUT_OF_RANGE", f"{what}: {came} of {fields}"
    assert len(file["records"]) >= 7 and len(file["refused"]) >= 29
    return (f"{len(file['records'])} check records, {len(file['refused'])} refused: "
            "all as they should be")
