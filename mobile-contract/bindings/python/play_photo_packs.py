"""Photo packs, what opens of them and what is refused: `vectors/photo_pack.json`."""

import hashlib

import liangzheng_contract as contract
import vectors


def told(entry):
    """An officer of a pack, as the vectors write it."""
    return entry and {
        "hash": entry.hash.hex(),
        "places": [[place.list, place.index] for place in entry.places],
        "fields": entry.fields,
        "area": entry.area,
        "picture": entry.picture.hex(),
    }


def open_pack(vector, verifier, key=None):
    return contract.PhotoPack.open(
        bytes.fromhex(vector["pack"]), bytes.fromhex(vector["key"]) if key is None else key,
        verifier, vector["now"],
    )


def look_up(pack, people):
    """Everybody is found by each place, and nobody by another."""
    places = [(tuple(place), person) for person in people for place in person["places"]]
    for (number, index), person in places:
        assert told(pack.of_place(number, index)) == person, (number, index)
    known = {place for place, _ in places}
    for (number, index), _ in places:
        for near in (number, index + 1), (number + 1, index), (index, number):
            assert near in known or pack.of_place(*near) is None, near
    assert pack.of_place(0, 0) is None and pack.of_place(2**32 - 1, 2**32 - 1) is None
    # The numbers of the pack are those next to each other; who has which, its hash says.
    by_hash = {person["hash"]: person for person in people}
    found = 0
    for number in map(str, range(62000000010, 62000000030)):
        person = by_hash.get(hashlib.sha256(number.encode()).digest()[:16].hex())
        assert told(pack.of_number(number)) == person, number
        found += person is not None
    assert found == len(people)
    assert pack.of_number("") is None


def play():
    file = vectors.read("photo_pack.json")
    root = contract.RootKey(
        algorithm=contract.KeyAlgorithm.ED25519, public_key=bytes.fromhex(file["root"])
    )
    verifier = contract.OfflineVerifier.resume(
        [root], file["issuer"], bytes.fromhex(file["bundle"]), 0
    )
    opened = []
    for vector in file["vectors"]:
        about, answer = vector["about"], vector["answer"]
        if isinstance(answer, str):
            came = vectors.refusal(contract.PackRefusal, open_pack, vector, verifier)
            assert came == answer, f"{about}: {came}"
            continue
        pack = open_pack(vector, verifier)
        assert [told(entry) for entry in pack.entries()] == answer, about
        look_up(pack, answer)
        head = pack.head()
        assert head == contract.PhotoPackHead(
            issuer=file["issuer"], agency=1204, part=1, version=b"\xc3" * 16,
            issued_at=1_799_996_400, expires=1_800_604_800,
        ), about
        assert contract.peek_photo_pack(bytes.fromhex(vector["pack"])) == head, about
        for key in b"", bytes.fromhex(vector["key"])[1:]:
            came = vectors.refusal(contract.PackRefusal, open_pack, vector, verifier, key)
            assert came == "KEY_WRONG", f"{about}: {came}"
        opened.append(len(answer))
    assert sorted(opened) == [0, 3]

    # A head is read without a key, also where the pack is another deployment's; not of what is none.
    by_answer = {v["answer"]: bytes.fromhex(v["pack"]) for v in file["vectors"]
                 if isinstance(v["answer"], str)}
    elsewhere = contract.peek_photo_pack(by_answer["OTHER_ISSUER"])
    assert elsewhere.issuer == "https://zf.elsewhere.cn"
    came = vectors.refusal(
        contract.PackRefusal, contract.peek_photo_pack, by_answer["MALFORMED"]
    )
    assert came == "MALFORMED"
    return (f"{len(opened)} photo packs, {len(by_answer)} refused: all as they should be")
