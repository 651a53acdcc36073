"""Verifies the evidence file of an officer without the server that made it (docs/evidence.md).

    python verify_evidence.py evidence.json KEY

KEY is the Ed25519 public key of the audit log in hexadecimal, as the authority has published it; the one in the
file proves nothing by itself. Needs the package `cryptography`. Prints a line of JSON; exits 0 if all holds.
"""

import hashlib
import json
import sys
import uuid

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def digest(*parts):
    h = hashlib.sha256()
    for part in parts:
        h.update(len(part).to_bytes(8, "big"))
        h.update(part)
    return h.digest()


def content(entry):
    texts = [entry[name].encode() for name in ("at", "actor", "action", "subject", "body")]
    return digest(b"liangzheng/audit-entry-content/1", entry["stream"].encode(),
                  entry["seq"].to_bytes(8, "big"), uuid.UUID(entry["id"]).bytes, *texts)


def verify(file, key):
    point = file["proof"]["checkpoint"]
    signed = digest(b"liangzheng/audit-checkpoint/1", point["seq"].to_bytes(8, "big"), point["at"].encode(),
                    point["body"].encode(), bytes.fromhex(point["prevHash"]))
    if signed.hex() != point["hash"]:
        return "the checkpoint does not match its hash"
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(point["signature"]), signed)
    except (InvalidSignature, ValueError):
        return "the checkpoint is not signed with this key"
    heads = json.loads(point["body"])
    entries = {(entry["stream"], entry["seq"]): entry for entry in file["log"]}
    if len(entries) != len(file["log"]):
        return "an entry stands twice"
    proven = set()
    for run in file["proof"]["runs"]:
        at, last = bytes.fromhex(run["before"]), run["from"] - 1
        for told in run["contents"]:
            last += 1
            entry = entries.get((run["stream"], last))
            if entry and content(entry).hex() != told:
                return f"entry {last} of {run['stream']} was changed"
            at = digest(b"liangzheng/audit-entry/2", bytes.fromhex(told), at)
            if entry:
                if at.hex() != entry["hash"]:
                    return f"entry {last} of {run['stream']} does not match its hash"
                proven.add((run["stream"], last))
        if heads.get(run["stream"]) != [last, at.hex()]:
            return f"the chain {run['stream']} does not lead to the checkpoint"
    return {"entries": len(entries), "proven": len(proven), "checkpoint": point["seq"], "at": point["at"]}


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as source:
        result = verify(json.load(source), bytes.fromhex(sys.argv[2]))
    print(json.dumps(result))
    sys.exit(0 if isinstance(result, dict) else 1)
