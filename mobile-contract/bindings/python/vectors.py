"""What the parts of `play.py` share: the files of vectors, and how they write things."""

import json
import pathlib

import liangzheng_contract as contract

FOLDER = pathlib.Path(__file__).parents[2] / "vectors"
ALGORITHMS = {-8: contract.KeyAlgorithm.ED25519, -7: contract.KeyAlgorithm.ES256}


def read(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def as_hex(value):
    return None if value is None else value.hex()


def from_hex(value):
    return None if value is None else bytes.fromhex(value)


def refusal(kind, call, *arguments):
    """The word that a call is refused with; fails where it is not."""
    try:
        given = call(*arguments)
    except kind.Refused as refused:
        return refused.code
    raise AssertionError(f"taken, and gave {given}")
