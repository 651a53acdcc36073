"""Every scenario of `vectors/offline.json`; whole answers are compared, not only verdicts."""

import hashlib

import liangzheng_contract as contract
import vectors
from vectors import as_hex


def word(value):
    return None if value is None else value.name


def claims(c):
    return c and {
        "certificate_number": c.certificate_number, "nbf": c.not_before, "exp": c.expires,
        "name": c.name, "name_cut": c.name_cut, "agency": c.agency, "kind": c.kind,
        "status_list": c.status_list, "status_index": c.status_index,
    }


def answer(a):
    """An answer as the vectors write it."""
    return {
        "verdict": word(a.verdict),
        "reasons": [word(reason) for reason in a.reasons],
        "evidence": word(a.evidence),
        "credential_id": as_hex(a.credential_id),
        "kid": as_hex(a.kid),
        "shown_at": a.shown_at,
        "status_as_of": a.status_as_of,
        "status_age": a.status_age,
        "claims": claims(a.claims),
        "agency": a.agency and a.agency.name,
        "bundle_age": a.bundle_age,
        "bundle_expired": a.bundle_expired,
    }


def hand_in(app, kind, file, now):
    """The word for what came of a file."""
    try:
        if kind == "bundle":
            app.take_bundle(file, now)
        elif kind == "delta":
            app.take_delta(file, now)
        elif kind == "list":
            app.take_list(file, now)
        elif kind == "kept list":
            app.take_kept_list(file)
        else:
            named = hashlib.sha256(file).digest() in app.genuine()
            taken = app.take_genuine(file)
            assert taken == named, "the lists that are named are those that are taken"
            return "OK" if taken else "UNKNOWN"
        return "OK"
    except (contract.BundleRefusal.Refused, contract.ListRefusal.Refused) as refusal:
        return refusal.code


def resume(app, roots, issuer, file, floor):
    """The app that begins again, or the one that was where it cannot, and the word for it."""
    try:
        return contract.OfflineVerifier.resume(roots, issuer, file, floor), "OK"
    except contract.BundleRefusal.Refused as refusal:
        return app, refusal.code


class Deployment:
    """What the file tells of a deployment."""

    def __init__(self):
        played = vectors.read("offline.json")
        self.roots = [
            contract.RootKey(
                algorithm=vectors.ALGORITHMS[root["alg"]], public_key=bytes.fromhex(root["public"])
            )
            for root in played["roots"]
        ]
        self.issuer = played["issuer"]
        self.files = {name: bytes.fromhex(data) for name, data in played["files"].items()}
        self.scenarios = played["scenarios"]

    def begin(self, scenario):
        """The app at the beginning of a scenario."""
        bundle = self.files[scenario["bundle"]]
        return contract.OfflineVerifier(
            self.roots, self.issuer, bundle, scenario["floor"], scenario["now"]
        )

    def app(self):
        """An app with a list by which everything is valid."""
        first = self.scenarios[0]
        app = self.begin(first)
        app.take_list(self.files["list-valid"], first["now"])
        return app


def play():
    deployment = Deployment()
    roots, issuer, files = deployment.roots, deployment.issuer, deployment.files
    steps = 0
    for scenario in deployment.scenarios:
        app = deployment.begin(scenario)
        for step in scenario["steps"]:
            if "resume" in step:
                file = files[step["resume"]]
                app, came = resume(app, roots, issuer, file, step["floor"])
            elif "take" in step:
                came = hand_in(app, step["take"], files[step["file"]], step["now"])
            else:
                challenge = step["challenge"] and bytes.fromhex(step["challenge"])
                came = answer(app.scan(step["scan"], challenge, step["now"]))
            assert came == step["expect"], f"{scenario['what']}: {step}\ngave {came}"
            steps += 1
    assert steps > 50, f"only {steps} steps"
    return f"{len(deployment.scenarios)} scenarios, {steps} steps: all as they should be"
