"""What a phone signs to be enrolled: `vectors/enrolment.json`."""

import liangzheng_contract as contract
import vectors


def arguments(one):
    return {
        "nonce": bytes.fromhex(one["nonce"]),
        "invitation": one["invitation"],
        "officer": one["officer"],
        "algorithm": vectors.ALGORITHMS[one["alg"]],
        "public_key": bytes.fromhex(one["public"]),
    }


def message(one, **changed):
    return contract.message_to_enrol(**{**arguments(one), **changed})


def refusal(one, **changed):
    return vectors.refusal(contract.ShowError, lambda: message(one, **changed))


def play():
    enrolments = vectors.read("enrolment.json")["enrolments"]
    assert {one["alg"] for one in enrolments} == {-7, -8}
    for one in enrolments:
        signed = bytes.fromhex(one["message"])
        assert message(one) == signed, one
        typed = one["invitation"].upper().replace("-", " ")
        assert message(one, invitation=typed) == signed, "an invitation is typed as one likes"
        for changed in (
            {"nonce": bytes(32)}, {"invitation": "k7mp"}, {"officer": one["officer"] + "1"},
        ):
            assert message(one, **changed) != signed, changed
        assert refusal(one, nonce=bytes(31)) == "NONCE_MALFORMED"
        assert refusal(one, public_key=b"") == "KEY_MALFORMED"
        other = {-7: -8, -8: -7}[one["alg"]]
        assert refusal(one, algorithm=vectors.ALGORITHMS[other]) == "KEY_MALFORMED"
    return f"{len(enrolments)} enrolments: all as they should be"
