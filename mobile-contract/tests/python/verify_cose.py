"""Verifies a credential, or a phone's presentation of one, with somebody else's COSE library, and prints
its payload.

Input, as JSON in the first argument or on standard input:
    {"cose": hex, "public_key": hex, "external_aad": hex}
The public key is the published one: 32 bytes for Ed25519, the uncompressed point for P-256.

Output, as JSON: {"verified": bool, "alg": name, "kid": hex, "payload": {...}}, where bytes are hex and the
holder's name is decoded too. A presentation names no key and has a list for a payload, whose last item is
the credential. Exits 0 if the signature is good, 1 if not, 2 if the input is no COSE_Sign1.
"""

import hashlib
import json
import sys

import cbor2
from pycose.headers import KID, Algorithm
from pycose.keys import EC2Key, OKPKey
from pycose.keys.curves import P256, Ed25519
from pycose.messages import CoseMessage, Sign1Message


def readable(value):
    """CBOR as JSON can hold it."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(key): readable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [readable(item) for item in value]
    return value


def public_key(raw):
    if len(raw) == 32:
        return OKPKey(crv=Ed25519, x=raw)
    if len(raw) == 65 and raw[0] == 4:
        return EC2Key(crv=P256, x=raw[1:33], y=raw[33:])
    raise ValueError("a public key has 32 bytes, or 65 of which the first is 4")


def main():
    request = json.loads(sys.argv[1] if len(sys.argv) > 1 else sys.stdin.read())
    key = bytes.fromhex(request["public_key"])
    try:
        message = CoseMessage.decode(bytes.fromhex(request["cose"]))
        if not isinstance(message, Sign1Message):
            raise ValueError("not a COSE_Sign1")
        payload = cbor2.loads(message.payload)
    except Exception as error:
        print(f"unreadable: {error}", file=sys.stderr)
        return 2
    message.key = public_key(key)
    message.external_aad = bytes.fromhex(request["external_aad"])
    kid = message.phdr.get(KID)
    try:
        verified = message.verify_signature() and kid in (None, hashlib.sha256(key).digest()[:4])
    except Exception as error:
        print(f"not verified: {error}", file=sys.stderr)
        verified = False
    answer = {
        "verified": verified,
        "alg": message.phdr[Algorithm].__name__,
        "kid": kid.hex() if kid else None,
        "payload": readable(payload),
        "name": payload[-65537][1].decode("utf-16-be") if isinstance(payload, dict) else None,
    }
    print(json.dumps(answer, ensure_ascii=False))
    return 0 if verified else 1


if __name__ == "__main__":
    sys.exit(main())
