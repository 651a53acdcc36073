"""The text by which a challenge is shown to the other phone: `vectors/challenge.json`."""

import liangzheng_contract as contract
import vectors


def play():
    file = vectors.read("challenge.json")
    for symbol in file["symbols"]:
        challenge = bytes.fromhex(symbol["challenge"])
        assert contract.challenge_symbol(challenge) == symbol["text"], symbol
        assert contract.challenge_of_symbol(symbol["text"]) == challenge, symbol
    for symbol in file["refused"]:
        assert contract.challenge_of_symbol(symbol["text"]) is None, symbol
    for wrong in b"", bytes(15), bytes(17):
        came = vectors.refusal(contract.ShowError, contract.challenge_symbol, wrong)
        assert came == "CHALLENGE_MALFORMED"
    assert len(file["symbols"]) >= 3 and len(file["refused"]) >= 10
    return (f"{len(file['symbols'])} challenges, {len(file['refused'])} refused: "
            "all as they should be")
