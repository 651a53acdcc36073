"""Verifies a status list in both its forms with other people's JOSE and COSE libraries.

Input, as JSON on standard input:
    {"jwt": text, "cwt": hex, "public_key": hex of 32 bytes, "index": number}

Output, as JSON: what each form says, with the entry of the index as it is unpacked here. Exits 1 where a
signature is not good.
"""

import json
import sys
import zlib

import cbor2
import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from jwt.utils import base64url_decode
from pycose.headers import KID
from pycose.keys import OKPKey
from pycose.keys.curves import Ed25519
from pycose.messages import CoseMessage

# Claims of a CWT: RFC 8392 and Token Status List, section 14.3.
ISS, SUB, EXP, IAT, STATUS_LIST, TTL = 1, 2, 4, 6, 65533, 65534
# The header that says what a COSE message is (RFC 9596).
TYP = 16


def entry(bits, compressed, index):
    unpacked = zlib.decompress(compressed)
    per_byte = 8 // bits
    return unpacked[index // per_byte] >> (index % per_byte * bits) & (1 << bits) - 1


def by_jose(request, key):
    token = request["jwt"]
    header = jwt.get_unverified_header(token)
    claims = jwt.decode(token, Ed25519PublicKey.from_public_bytes(key), algorithms=["EdDSA"])
    entries = claims["status_list"]
    compressed = base64url_decode(entries["lst"])
    return {
        "typ": header["typ"], "kid": header["kid"],
        "iss": claims["iss"], "sub": claims["sub"], "iat": claims["iat"],
        "exp": claims["exp"], "ttl": claims["ttl"],
        "entry": entry(entries["bits"], compressed, request["index"]),
    }


def by_cose(request, key):
    message = CoseMessage.decode(bytes.fromhex(request["cwt"]))
    message.key = OKPKey(crv=Ed25519, x=key)
    if not message.verify_signature():
        raise ValueError("the CWT's signature is not good")
    claims = cbor2.loads(message.payload)
    entries = claims[STATUS_LIST]
    return {
        "typ": next(value for label, value in message.phdr.items() if label == TYP),
        "kid": message.phdr[KID].hex(),
        "iss": claims[ISS], "sub": claims[SUB], "iat": claims[IAT],
        "exp": claims[EXP], "ttl": claims[TTL],
        "entry": entry(entries["bits"], entries["lst"], request["index"]),
    }


def main():
    request = json.load(sys.stdin)
    key = bytes.fromhex(request["public_key"])
    try:
        print(json.dumps({"jose": by_jose(request, key), "cose": by_cose(request, key)}))
    except Exception as error:
        print(f"not verified: {error!r}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
