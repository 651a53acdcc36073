//! Which keys are tried for a code, and what comes of it.

use curve25519_dalek::{
    Scalar,
    constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION},
};
use ed25519_dalek::{Verifier as _, VerifyingKey};
use mobile_contract::{
    Algorithm, DeviceKey, Ed25519Signer, KeyRecord, KeySet, KeyUse, Kid, PublicKey, Signer,
    Verdict,
    keys::{MAX_KID_MATCHES, SIGNATURE_BYTES, Unverified},
    open,
    sign::raw_from_der,
};
use p256::ecdsa::{Signature, signature::Signer as _};

use crate::fixtures::*;
use sha2::{Digest, Sha256, Sha512};

fn verdict(code: &str, keys: &KeySet) -> Verdict {
    open(code, keys, None).map_or_else(|refusal| refusal.verdict, |_| Verdict::Valid)
}

#[test]
fn a_kid_is_a_hash_of_the_published_bytes() {
    let signers: [&dyn Signer; 2] = [&issuer(), &issuer_es256()];
    for signer in signers {
        let key = signer.public_key();
        let bytes = key.to_bytes();
        assert_eq!(key.kid().0, Sha256::digest(&bytes)[..4]);
        assert_eq!(PublicKey::from_bytes(signer.algorithm(), &bytes), Ok(key));
    }
    assert_eq!(issuer().public_key().to_bytes().len(), 32);
    let point = issuer_es256().public_key().to_bytes();
    assert_eq!((point.len(), point[0]), (65, 4));
}

#[test]
fn bytes_that_are_no_key_are_refused() {
    let mut off_curve = issuer_es256().public_key().to_bytes();
    off_curve[64] ^= 1;
    let small_order = [0; 32];
    for (algorithm, bytes) in [
        (Algorithm::Ed25519, &[][..]),
        (Algorithm::Ed25519, &[1; 31]),
        (Algorithm::Ed25519, &small_order),
        (Algorithm::Es256, &off_curve),
        (Algorithm::Es256, &[0]),
        (Algorithm::Es256, &off_curve[..33]),
        (Algorithm::Sm2, &[2; 65]),
        (Algorithm::Sm2, &[4; 64]),
    ] {
        assert!(PublicKey::from_bytes(algorithm, bytes).is_err(), "{algorithm:?} {bytes:x?}");
    }
}

#[test]
fn nobody_we_know_signed_it() {
    assert_eq!(verdict(&printed_code(), &KeySet::default()), Verdict::UnknownIssuer);
    assert_eq!(
        verdict(&printed_code(), &KeySet::new([record(&issuer_es256())])),
        Verdict::UnknownIssuer
    );
}

#[test]
fn a_key_of_another_use_is_not_asked() {
    for key_use in [KeyUse::Status, KeyUse::Bundle, KeyUse::Audit, KeyUse::AccessToken] {
        let keys = KeySet::new([KeyRecord { key_use, ..record(&issuer()) }]);
        assert_eq!(verdict(&printed_code(), &keys), Verdict::UnknownIssuer);
    }
}

/// Signs with one key under the kid of another.
struct Borrowed(Ed25519Signer, Kid);

impl Signer for Borrowed {
    fn public_key(&self) -> PublicKey {
        self.0.public_key()
    }
    fn kid(&self) -> Kid {
        self.1
    }
    fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_BYTES], mobile_contract::SignError> {
        self.0.sign(message)
    }
}

#[test]
fn the_name_of_a_key_is_not_the_key() {
    let thief = Ed25519Signer::from_seed(&[66; 32]);
    let forged = printed().issue(&Borrowed(thief, issuer().kid())).unwrap();
    assert_eq!(scan(&forged.digits()).verdict, Verdict::SignatureInvalid);
    // The algorithm is the record's, whatever the header says.
    let es256_under_our_name = {
        let kid = issuer().kid();
        let unsigned = printed().unsigned(Algorithm::Es256, kid).unwrap();
        unsigned.seal(&issuer_es256().sign(unsigned.message()).unwrap())
    };
    assert_eq!(scan(&digits(&es256_under_our_name)).verdict, Verdict::SignatureInvalid);
}

#[test]
fn at_most_four_keys_of_a_kid_are_tried() {
    // Two keys whose kids collide are not to be had cheaply: the same one stands in for them.
    let same = || record(&issuer());
    let keys = KeySet::new((0..10).map(|_| same()));
    assert_eq!(keys.named(issuer().kid(), KeyUse::Credential).count(), MAX_KID_MATCHES);
    let others = (0..10).map(|_| KeyRecord { key_use: KeyUse::Status, ..same() });
    let keys = KeySet::new(others.chain([same()]));
    assert_eq!(keys.named(issuer().kid(), KeyUse::Credential).count(), 1);
    assert_eq!(verdict(&printed_code(), &keys), Verdict::Valid);
}

#[test]
fn sm2_can_be_named_but_not_verified() {
    let key = PublicKey::from_bytes(Algorithm::Sm2, &[4; 65]).unwrap();
    assert_eq!(key.verify(b"", &[0; SIGNATURE_BYTES]), Err(Unverified::Unsupported));
    assert_eq!(DeviceKey::new(&key), None);
    let unsigned = printed().unsigned(Algorithm::Sm2, key.kid()).unwrap();
    let code = digits(&unsigned.seal(&[1; SIGNATURE_BYTES]));
    let keys = KeySet::new([KeyRecord { public_key: key, ..record(&issuer()) }]);
    assert_eq!(verdict(&code, &keys), Verdict::UnknownIssuer);
    assert_eq!(verdict(&code, &KeySet::default()), Verdict::UnknownIssuer);
}

#[test]
fn algorithms_keep_their_numbers() {
    for algorithm in [Algorithm::Ed25519, Algorithm::Es256, Algorithm::Sm2] {
        assert_eq!(Algorithm::from_number(algorithm.number()), Some(algorithm));
    }
    let numbers = [Algorithm::Ed25519, Algorithm::Es256, Algorithm::Sm2].map(Algorithm::number);
    assert_eq!(numbers, [-8, -7, -65_538]);
    for other in [0, 5, -35, -65_537] {
        assert_eq!(Algorithm::from_number(other), None);
    }
}

#[test]
fn the_other_signature_of_an_ecdsa_code_is_the_same_credential() {
    let issued = printed().issue(&issuer_es256()).unwrap();
    let (rest, signature) = issued.bytes.split_at(issued.bytes.len() - SIGNATURE_BYTES);
    let signature = Signature::from_slice(signature).unwrap();
    let negated = Signature::from_scalars(signature.r(), -signature.s()).unwrap();
    let other = [rest, &negated.to_bytes()].concat();
    assert_ne!(other, issued.bytes);
    let judgement = scan(&digits(&other));
    assert_eq!(judgement.verdict, Verdict::Valid);
    assert_eq!(judgement.credential_id, Some(issued.id));
}

#[test]
fn a_key_store_s_der_becomes_raw() {
    let key = p256::ecdsa::SigningKey::from_slice(&[3; 32]).unwrap();
    let signature: Signature = key.sign(b"message");
    let raw = raw_from_der(signature.to_der().as_bytes()).unwrap();
    assert_eq!(raw[..], signature.to_bytes()[..]);
    assert_eq!(phone().public_key().verify(b"message", &raw), Ok(()));
    for wrong in [&[][..], &raw, &[0x30, 0x80]] {
        assert!(raw_from_der(wrong).is_err());
    }
}

/// Signatures that the owner of a key bends by points of small order, in its key, in R or in both.
#[test]
fn what_strict_verification_refuses_is_refused_and_nothing_else() {
    // Identity, and y = 0, as a number that is not reduced; identity with a sign.
    let unreduced = |low: u8| {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (low, 0x7f);
        bytes
    };
    let mut signed_identity = [0; 32];
    (signed_identity[0], signed_identity[31]) = (1, 0x80);
    let odd = [unreduced(0xee), unreduced(0xed), signed_identity];

    let secret = Scalar::from_bytes_mod_order([7; 32]);
    let (mut accepted, mut only_by_strictness) = (0, 0);
    for bend in EIGHT_TORSION {
        let public = (ED25519_BASEPOINT_POINT * secret + bend).compress().to_bytes();
        let theirs = VerifyingKey::from_bytes(&public).unwrap();
        let ours = PublicKey::from_bytes(Algorithm::Ed25519, &public).unwrap();
        for nonce in [Scalar::ZERO, Scalar::from(5_u8)] {
            let point = ED25519_BASEPOINT_POINT * nonce;
            let bent = EIGHT_TORSION.map(|bend| (point + bend).compress().to_bytes());
            for r in bent.into_iter().chain(odd) {
                for message in 0..16_u8 {
                    let hash = Sha512::digest([&r[..], &public, &[message]].concat());
                    let h = Scalar::from_bytes_mod_order_wide(&hash.into());
                    let s = (nonce + h * secret).to_bytes();
                    let signature: [u8; SIGNATURE_BYTES] = [r, s].concat().try_into().unwrap();
                    let dalek = ed25519_dalek::Signature::from_bytes(&signature);
                    let strict = theirs.verify_strict(&[message], &dalek).is_ok();
                    let loose = theirs.verify(&[message], &dalek).is_ok();
                    assert_eq!(ours.verify(&[message], &signature).is_ok(), strict, "{r:x?}");
                    accepted += u32::from(strict);
                    only_by_strictness += u32::from(loose && !strict);
                }
            }
        }
    }
    assert!(accepted > 50 && only_by_strictness > 50, "{accepted} {only_by_strictness}");
}
