//! The committed vectors in `vectors/credential.json`: what other implementations are held against.
//!
//! `UPDATE_VECTORS=1` writes them anew; once cards are printed, that must change nothing.

use std::{collections::HashSet, path::Path};

use mobile_contract::{
    CertificateStatus, Credential, KeyRecord, KeySet, KeyUse, Moment, PublicKey, Signer, Verdict,
    Verifier, keys::Kid, present, verify,
};
use serde_json::{Value, json};

use crate::fixtures::*;

fn key(signer: &dyn Signer, private: u8) -> Value {
    json!({
        "alg": signer.algorithm().number(),
        "kid": hex::encode(signer.kid().0),
        "private": hex::encode([private; 32]),
        "public": hex::encode(signer.public_key().to_bytes()),
    })
}

/// A vector: a code, when and with what challenge it is scanned, and the whole of what comes out.
fn vector(what: &str, code: &str, now: i64, challenge: bool) -> Value {
    let judgement = scanned(code, now, challenge);
    let claims = |c: &Credential| {
        json!({
            "certificate_number": c.certificate_number, "nbf": c.not_before, "exp": c.expires,
            "name": c.name, "name_cut": c.name_cut, "agency": c.agency, "kind": c.kind,
            "status_list": c.status_list, "status_index": c.status_index,
        })
    };
    json!({
        "what": what,
        "digits": code,
        "now": now,
        "challenge": challenge.then(|| hex::encode(CHALLENGE)),
        "verdict": judgement.verdict.code(),
        "reasons": judgement.reasons.iter().map(|r| r.code()).collect::<Vec<_>>(),
        "id": judgement.credential_id.map(|id| id.to_string()),
        "claims": judgement.credential.as_ref().map(claims),
        "shown_at": judgement.shown_at,
    })
}

fn scanned(code: &str, now: i64, challenge: bool) -> mobile_contract::Judgement {
    let verifier = Verifier {
        keys: &keys(),
        known_genuine: &HashSet::new(),
        challenge: challenge.then_some(&CHALLENGE),
        moment: Moment { now, floor: None },
    };
    verify(code, verifier, |_| fresh(CertificateStatus::Valid))
}

fn vectors() -> Value {
    let issue = |credential: &Credential, signer: &dyn Signer| credential.issue(signer).unwrap();
    let card = printed_code();
    let es256 = issue(&printed(), &issuer_es256()).digits();
    let longest = issue(&printed().named("买买提艾力江·阿不都热依木·吐尔逊"), &issuer());
    let bare = phone_credential();
    let mut forged = bytes(&card);
    *forged.last_mut().unwrap() ^= 1;
    let other_device = present(&bare, NOW, None, &issuer_es256()).unwrap();
    json!({
        "about": "Codes and their verdicts, where the status is known to be valid. Times are \
                  Unix seconds. The issuers' and the phone's private keys are published here: trust them \
                  in tests only.",
        "issuers": [key(&issuer(), 1), key(&issuer_es256(), 2)],
        "phone": key(&phone(), 3),
        "vectors": [
            vector("printed, Ed25519", &card, NOW, false),
            vector("printed, ES256", &es256, NOW, false),
            vector("printed, a name that is cut", &longest.digits(), NOW, false),
            vector("printed, before its first day", &card, NOW - 40 * DAY, false),
            vector("printed, at its exp", &card, printed().expires, false),
            vector("printed, last bit turned", &digits(&forged), NOW, false),
            vector("printed, a digit lost", &card[..card.len() - 1], NOW, false),
            vector("phone", &phone_code(NOW - 10, None), NOW, false),
            vector("phone, after 91 seconds", &phone_code(NOW - 91, None), NOW, false),
            vector("phone, from the future", &phone_code(NOW + 31, None), NOW, false),
            vector("phone, challenged", &phone_code(NOW, Some(&CHALLENGE)), NOW, true),
            vector("phone, challenged by another", &phone_code(NOW, Some(&CHALLENGE)), NOW, false),
            vector("phone, without its presentation", &digits(&bare), NOW, false),
            vector("phone, shown by another device", &other_device, NOW, false),
        ],
    })
}

#[test]
fn the_vectors_have_not_changed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/credential.json");
    let now = serde_json::to_string_pretty(&vectors()).unwrap() + "\n";
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), now);
}

/// Reads the file as a stranger would: keys and digits from it, nothing else.
#[test]
fn the_vectors_stand_on_their_own() {
    use Verdict::{
        ChallengeBound, Expired, NotYetValid, PresentationMissing, SignatureInvalid, StaleCode,
        Unreadable, Valid,
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/credential.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let decode = |v: &Value| hex::decode(v.as_str().unwrap()).unwrap();
    let records = file["issuers"].as_array().unwrap().iter().map(|key| {
        let algorithm =
            mobile_contract::Algorithm::from_number(key["alg"].as_i64().unwrap()).unwrap();
        let public_key = PublicKey::from_bytes(algorithm, &decode(&key["public"])).unwrap();
        assert_eq!(public_key.kid(), Kid(decode(&key["kid"]).try_into().unwrap()));
        KeyRecord { public_key, key_use: KeyUse::Credential, ..record(&issuer()) }
    });
    let keys = KeySet::new(records);
    let mut seen = Vec::new();
    for vector in file["vectors"].as_array().unwrap() {
        let challenge = vector["challenge"].as_str().map(|c| hex::decode(c).unwrap());
        let challenge = challenge.map(|c| c.try_into().unwrap());
        let verifier = Verifier {
            keys: &keys,
            known_genuine: &HashSet::new(),
            challenge: challenge.as_ref(),
            moment: Moment { now: vector["now"].as_i64().unwrap(), floor: None },
        };
        let code = vector["digits"].as_str().unwrap();
        let judgement = verify(code, verifier, |_| fresh(CertificateStatus::Valid));
        assert_eq!(vector["verdict"], judgement.verdict.code(), "{}", vector["what"]);
        seen.push(judgement.verdict);
    }
    assert_eq!(
        seen,
        [
            Valid,
            Valid,
            Valid,
            NotYetValid,
            Expired,
            SignatureInvalid,
            Unreadable,
            Valid,
            StaleCode,
            StaleCode,
            Valid,
            ChallengeBound,
            PresentationMissing,
            SignatureInvalid,
        ]
    );
}
