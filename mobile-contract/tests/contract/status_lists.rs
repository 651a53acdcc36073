//! Status lists against those of the draft: `vectors/outside/token-status-list.json` holds its test
//! vectors and signed examples.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use mobile_contract::{
    Algorithm, KeyRecord, KeySet, KeyUse, PublicKey, Signer,
    status_list::{ListClaims, ListError, MAX_LIST_BYTES, SignedList, StatusList},
};
use proptest::prelude::*;
use serde_json::Value;

use crate::deployment::{status_signer, zeros_compressed};
use crate::fixtures::*;

fn outside() -> Value {
    let file = "vectors/outside/token-status-list.json";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_lists_of_the_draft_are_read_and_written() {
    let outside = outside();
    let lists = outside["lists"].as_array().unwrap();
    let widths: Vec<_> = lists.iter().map(|list| list["bits"].as_u64().unwrap()).collect();
    assert_eq!(widths, [1, 2], "of each width that is handed out here, and of one bit");
    for vector in lists {
        let bits = u8::try_from(vector["bits"].as_u64().unwrap()).unwrap();
        let size = u32::try_from(vector["size"].as_u64().unwrap()).unwrap();
        let compressed = BASE64.decode(vector["lst"].as_str().unwrap()).unwrap();
        let read = StatusList::decompress(bits, &compressed, MAX_LIST_BYTES).unwrap();
        let mut written = StatusList::new(bits, size).unwrap();
        for entry in vector["nonzero"].as_array().unwrap() {
            let number = |at: usize| u32::try_from(entry[at].as_u64().unwrap()).unwrap();
            assert_eq!(read.get(number(0)), Some(u8::try_from(number(1)).unwrap()));
            assert!(written.set(number(0), u8::try_from(number(1)).unwrap()));
        }
        // The same entries and no others.
        assert_eq!(read, written);
        let again = written.compress(9).unwrap();
        assert_eq!(StatusList::decompress(bits, &again, MAX_LIST_BYTES).unwrap(), read);

        // The CBOR of the draft holds the same bytes under the same names.
        let cbor = hex::decode(vector["cbor_hex"].as_str().unwrap()).unwrap();
        let cbor: ciborium::Value = ciborium::from_reader(cbor.as_slice()).unwrap();
        let held = |name: &str| {
            let entries = cbor.as_map().unwrap();
            entries.iter().find(|(key, _)| key.as_text() == Some(name)).unwrap().1.clone()
        };
        assert_eq!(held("bits"), ciborium::Value::Integer(bits.into()));
        let lst = held("lst").into_bytes().unwrap();
        assert_eq!(StatusList::decompress(bits, &lst, MAX_LIST_BYTES).unwrap(), read);
    }
}

#[test]
fn both_signed_examples_of_the_draft_verify() {
    let outside = outside();
    let jwk = &outside["public_key_jwk"];
    let coordinate = |name: &str| BASE64.decode(jwk[name].as_str().unwrap()).unwrap();
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let key = PublicKey::from_bytes(Algorithm::Es256, &point).unwrap();
    let jwt = outside["status_list_jwt"].as_str().unwrap().as_bytes().to_vec();
    let cwt = hex::decode(outside["status_list_cwt_hex"].as_str().unwrap()).unwrap();
    for (form, bytes) in [("jwt", jwt), ("cwt", cwt)] {
        let read = SignedList::read(&bytes).unwrap().verify_with(&key).unwrap();
        assert_eq!(read.subject, "https://example.com/statuslists/1", "{form}");
        assert_eq!((read.issued_at, read.expires), (1_686_920_170, Some(2_291_720_170)));
        assert_eq!(read.ttl, Some(43_200));
        let entries: Vec<_> = (0..16).map(|index| read.list.get(index).unwrap()).collect();
        assert_eq!(entries, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1], "{form}");
        // Their key is none of ours.
        let known = KeySet::new([record(&issuer())]);
        assert_eq!(SignedList::read(&bytes).unwrap().verify(&known), Err(ListError::UnknownKey));
        let other = SignedList::read(&bytes).unwrap().verify_with(&issuer_es256().public_key());
        assert_eq!(other, Err(ListError::SignatureInvalid));
    }
}

/// A list of ours, about to be signed.
fn claims() -> ListClaims {
    let mut list = StatusList::new(2, 131_072).unwrap();
    assert!(list.set(88_213, 2) && list.set(131_071, 1));
    ListClaims {
        subject: "https://zf.example.cn/status/3".to_owned(),
        issuer: Some("https://zf.example.cn".to_owned()),
        issued_at: NOW,
        expires: Some(NOW + DAY),
        ttl: Some(300),
        list,
    }
}

/// The trusted keys, with one that signs lists, changed as a test wants it.
fn trusted(change: impl FnOnce(&mut KeyRecord)) -> KeySet {
    let mut key = KeyRecord { key_use: KeyUse::Status, ..record(&status_signer()) };
    change(&mut key);
    KeySet::new([record(&issuer()), key])
}

fn both_forms(claims: &ListClaims, signer: &dyn Signer) -> [Vec<u8>; 2] {
    both_forms_of(claims, &claims.list.compress(6).unwrap(), signer)
}

fn both_forms_of(claims: &ListClaims, compressed: &[u8], signer: &dyn Signer) -> [Vec<u8>; 2] {
    let jwt = claims.sign_jwt(compressed, signer).unwrap().into_bytes();
    [jwt, claims.sign_cwt(compressed, signer).unwrap()]
}

#[test]
fn a_list_of_ours_comes_back_whole_in_both_forms() {
    let bare = ListClaims { issuer: None, expires: None, ttl: None, ..claims() };
    for claims in [claims(), bare] {
        for form in both_forms(&claims, &status_signer()) {
            let read = SignedList::read(&form).unwrap().verify(&trusted(|_| ())).unwrap();
            assert_eq!(read, claims);
        }
        // P-256 as well, as a phone's own platform may want it.
        let es256 = KeyRecord { key_use: KeyUse::Status, ..record(&issuer_es256()) };
        for form in both_forms(&claims, &issuer_es256()) {
            let keys = KeySet::new([es256.clone()]);
            assert_eq!(SignedList::read(&form).unwrap().verify(&keys).unwrap(), claims);
        }
    }
}

#[test]
fn an_entry_is_read_with_its_times() {
    let claims = claims();
    let entry = claims.entry(88_213).unwrap();
    assert_eq!((entry.bits, entry.issued_at, entry.ttl), (2, NOW, 300));
    assert_eq!(entry.expires, NOW + DAY);
    assert_eq!(claims.entry(131_072), None);
    let endless = ListClaims { expires: None, ttl: None, ..claims };
    let entry = endless.entry(0).unwrap();
    assert_eq!((entry.expires, entry.ttl), (NOW, 0));
}

/// What is done to the record of the key.
type Change = Box<dyn FnOnce(&mut KeyRecord)>;

#[test]
fn only_a_key_for_lists_that_was_in_force_and_is_whole_signs_one() {
    let cases: [(&str, Change); 5] = [
        ("of another use", Box::new(|key| key.key_use = KeyUse::Credential)),
        ("for bundles", Box::new(|key| key.key_use = KeyUse::Bundle)),
        ("not yet in force", Box::new(|key| key.not_before = NOW + 1)),
        ("no longer in force", Box::new(|key| key.not_after = NOW)),
        ("compromised, though later", Box::new(|key| key.compromised_since = Some(NOW + DAY))),
    ];
    for (what, change) in cases {
        let keys = trusted(change);
        for form in both_forms(&claims(), &status_signer()) {
            let read = SignedList::read(&form).unwrap().verify(&keys);
            assert_eq!(read, Err(ListError::UnknownKey), "{what}");
        }
    }
    for form in both_forms(&claims(), &issuer()) {
        let read = SignedList::read(&form).unwrap().verify(&trusted(|_| ()));
        assert_eq!(read, Err(ListError::UnknownKey), "signed by a key for credentials");
    }
}

#[test]
fn a_bomb_that_is_signed_is_not_unpacked_either() {
    let bomb = StatusList::new(8, 4 * 1024 * 1024).unwrap().compress(9).unwrap();
    let larger = [bomb, vec![0; 3]].concat();
    for form in both_forms_of(&claims(), &larger, &status_signer()) {
        let read = SignedList::read(&form).unwrap().verify(&trusted(|_| ()));
        assert_eq!(read, Err(ListError::Malformed), "something after the stream");
    }
    let huge = zeros_compressed(MAX_LIST_BYTES + 1);
    for form in both_forms_of(&claims(), &huge, &status_signer()) {
        let read = SignedList::read(&form).unwrap().verify(&trusted(|_| ()));
        assert_eq!(read, Err(ListError::TooLarge));
    }
}

#[test]
fn another_kind_of_token_is_no_list() {
    let signer = status_signer();
    let [jwt, cwt] = both_forms(&claims(), &signer);
    let body = String::from_utf8(jwt).unwrap().split('.').nth(1).unwrap().to_owned();
    let sealed_around = |header: &str, body: &str| {
        let message = format!("{}.{body}", BASE64.encode(header));
        let signature = signer.sign(message.as_bytes()).unwrap();
        format!("{message}.{}", BASE64.encode(signature)).into_bytes()
    };
    let sealed = |header: &str| sealed_around(header, &body);
    let kid = signer.kid();
    let header = format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"statuslist+jwt"}}"#);
    let good = sealed(&header);
    assert!(SignedList::read(&good).unwrap().verify(&trusted(|_| ())).is_ok());
    for header in [
        format!(r#"{{"alg":"none","kid":"{kid}","typ":"statuslist+jwt"}}"#),
        format!(r#"{{"alg":"HS256","kid":"{kid}","typ":"statuslist+jwt"}}"#),
        format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"at+jwt"}}"#),
        format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"statuslist+jwt","crit":["b64"]}}"#),
        format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"statuslist+jwt","crit":null}}"#),
        format!(r#"["EdDSA","{kid}","statuslist+jwt"]"#),
    ] {
        assert!(
            matches!(SignedList::read(&sealed(&header)), Err(ListError::Malformed)),
            "{header}"
        );
    }
    // A list of values in order is no object, though it would read as one.
    let of: Value = serde_json::from_slice(&BASE64.decode(&body).unwrap()).unwrap();
    let entries = serde_json::json!([of["status_list"]["bits"], of["status_list"]["lst"]]);
    let listed =
        serde_json::json!([of["exp"], of["iat"], of["iss"], entries, of["sub"], of["ttl"]]);
    let listed = sealed_around(&header, &BASE64.encode(listed.to_string()));
    assert_eq!(SignedList::read(&listed).map(|_| ()), Err(ListError::Malformed));
    // A CWT of another type, signed by the same key.
    let typed = |typ: &str| {
        let protected = ciborium::Value::Map(vec![
            (1.into(), (-8).into()),
            (4.into(), ciborium::Value::Bytes(kid.0.to_vec())),
            (16.into(), typ.into()),
        ]);
        let mut header = Vec::new();
        ciborium::into_writer(&protected, &mut header).unwrap();
        SignedList::read(&crate::fixtures::sealed(&header, &payload_of(&cwt), &[], &signer))
            .and_then(|list| list.verify(&trusted(|_| ())))
    };
    assert_eq!(typed("application/statuslist+cwt"), Ok(claims()));
    assert_eq!(typed("application/cwt"), Err(ListError::Malformed));
    // One key's algorithm does not make another's signature good.
    let crossed = sealed(&format!(r#"{{"alg":"ES256","kid":"{kid}","typ":"statuslist+jwt"}}"#));
    let read = SignedList::read(&crossed).unwrap().verify(&trusted(|_| ()));
    assert_eq!(read, Err(ListError::UnknownKey));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_list_that_was_changed_is_never_accepted(
        which in 0usize..2, at in any::<prop::sample::Index>(), with in 1u8..,
    ) {
        static FORMS: std::sync::LazyLock<([Vec<u8>; 2], KeySet)> =
            std::sync::LazyLock::new(|| (both_forms(&claims(), &status_signer()), trusted(|_| ())));
        let (forms, keys) = &*FORMS;
        let mut bytes = forms[which].clone();
        let at = at.index(bytes.len());
        bytes[at] ^= with;
        let accepted = SignedList::read(&bytes).and_then(|list| list.verify(keys));
        prop_assert!(accepted.is_err(), "byte {} was changed and the list is accepted", at);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(
        which in 0usize..2, bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let _ = SignedList::read(&bytes);
        let start: &[u8] = if which == 0 { b"eyJ" } else { &[0xd2, 0x84] };
        let _ = SignedList::read(&[start, &bytes].concat());
    }
}
