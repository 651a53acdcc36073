"""Every code of `vectors/credential.json`, shown to an app with the bundle and the list of
`offline.json`, by which all of them are valid.
"""

import play_scenarios
import vectors
from vectors import as_hex

# An app does not believe a clock that is behind its bundle, and says so first.
OTHERWISE = {"printed, before its first day": "CLOCK_UNTRUSTED"}


def play():
    codes = vectors.read("credential.json")["vectors"]
    for code in codes:
        app = play_scenarios.Deployment().app()
        challenge = code["challenge"] and bytes.fromhex(code["challenge"])
        a = app.scan(code["digits"], challenge, code["now"])
        came = {
            "verdict": a.verdict.name,
            "reasons": [reason.name for reason in a.reasons],
            "id": as_hex(a.credential_id),
            "claims": play_scenarios.claims(a.claims),
            "shown_at": a.shown_at,
        }
        expected = {name: code[name] for name in came}
        expected["verdict"] = OTHERWISE.get(code["what"], code["verdict"])
        assert came == expected, f"{code['what']}\ngave {came}\nnot  {expected}"
    assert len(codes) >= 14 and OTHERWISE.keys() <= {code["what"] for code in codes}
    return f"{len(codes)} codes: all as they should be"
