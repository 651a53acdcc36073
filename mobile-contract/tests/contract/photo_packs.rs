//! Photo packs: what was sealed opens with its key and is found; whatever else is refused, and the
//! vectors stand on their own. `UPDATE_VECTORS=1` writes them anew.

use std::path::Path;

use mobile_contract::{
    Ed25519Signer, Signer,
    bundle::Bundle,
    photo_pack::{
        Entry, Head, MAX_PACK_BYTES, MAX_PACK_ENTRIES, MAX_PACK_SECONDS, MAX_PICTURE_BYTES,
        MAX_PLACES, PackError, PackKey, PhotoPack, SealError, number_hash, seal,
    },
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::deployment::*;
use crate::fixtures::*;

const KEY: PackKey = [0xc1; 32];
const NONCE: [u8; 24] = [0xc2; 24];

fn head() -> Head {
    Head {
        issuer: ISSUER.to_owned(),
        agency: 1_204,
        part: 1,
        version: [0xc3; 16],
        issued_at: NOW - HOUR,
        expires: NOW + 7 * DAY,
    }
}

fn entry(number: &str, places: &[(u32, u32)]) -> Entry {
    Entry {
        hash: number_hash(number),
        places: places.to_vec(),
        fields: vec!["01".to_owned(), "07".to_owned()],
        area: "620102".to_owned(),
        picture: [&[0xff, 0xd8, 0xff][..], number.as_bytes()].concat(),
    }
}

fn people() -> Vec<Entry> {
    vec![
        entry("62000000017", &[(3, 88_213)]),
        // A printed code, the one before it, and a phone.
        entry("62000000018", &[(3, 7), (3, 131_071), (4, 0)]),
        entry("62000000019", &[]),
    ]
}

fn trusted() -> Bundle {
    Bundle::accept(&bundle(5), &pinned(), NOW).unwrap()
}

fn sealed(head: &Head, people: &[Entry]) -> Vec<u8> {
    seal(head, people, &KEY, NONCE, &bundle_signer()).unwrap()
}

fn refusal(bytes: &[u8], key: &PackKey, now: i64) -> PackError {
    PhotoPack::open(bytes, key, &trusted(), now).unwrap_err()
}

#[test]
fn a_pack_opens_with_its_key_and_everybody_in_it_is_found() {
    let bytes = sealed(&head(), &people());
    assert_eq!(PhotoPack::peek(&bytes).unwrap(), head());
    let pack = PhotoPack::open(&bytes, &KEY, &trusted(), NOW).unwrap();
    assert_eq!(pack.head(), &head());
    assert_eq!(pack.entries().len(), 3);
    for person in people() {
        for (list, index) in &person.places {
            assert_eq!(pack.of_place(*list, *index), Some(&person));
        }
    }
    assert_eq!(pack.of_number("62000000019"), Some(&people()[2]));
    for (list, index) in [(3, 8), (4, 7), (2, 88_213), (0, 0), (u32::MAX, u32::MAX)] {
        assert_eq!(pack.of_place(list, index), None);
    }
    assert_eq!(pack.of_number("62000000020"), None);
    let none = PhotoPack::open(&sealed(&head(), &[]), &KEY, &trusted(), NOW).unwrap();
    assert_eq!((none.of_place(3, 7), none.of_number("")), (None, None));
    // Nothing of whom it holds stands in the clear.
    for said in [&number_hash("62000000017")[..], b"620102", &[0xff, 0xd8, 0xff]] {
        assert!(!bytes.windows(said.len()).any(|window| window == said));
    }
}

#[test]
fn each_thing_that_is_wrong_has_its_own_word() {
    let good = sealed(&head(), &people());
    assert_eq!(refusal(&good, &[0; 32], NOW), PackError::KeyWrong);
    assert_eq!(refusal(&good, &KEY, NOW + 7 * DAY), PackError::Expired);
    let long = Head { expires: NOW - HOUR + MAX_PACK_SECONDS + 1, ..head() };
    assert_eq!(refusal(&sealed(&long, &people()), &KEY, NOW), PackError::Expired);
    let endless = Head { issued_at: NOW, expires: i64::MIN, ..head() };
    assert_eq!(refusal(&sealed(&endless, &people()), &KEY, NOW), PackError::Malformed);
    let elsewhere = Head { issuer: "https://zf.elsewhere.cn".to_owned(), ..head() };
    assert_eq!(refusal(&sealed(&elsewhere, &people()), &KEY, NOW), PackError::OtherIssuer);
    let stranger = Ed25519Signer::from_seed(&[0xd0; 32]);
    // Keys of other uses sign no packs, though the bundle tells them.
    let others: [&dyn Signer; 3] = [&stranger, &status_signer(), &issuer()];
    for signer in others {
        let bytes = seal(&head(), &people(), &KEY, NONCE, signer).unwrap();
        assert_eq!(refusal(&bytes, &KEY, NOW), PackError::UnknownKey);
    }
    let mut forged = good.clone();
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(refusal(&forged, &KEY, NOW), PackError::SignatureInvalid);
    // The head of another version, whose key this is not, under a good signature.
    let other = Head { version: [0; 16], ..head() };
    let other_key = seal(&other, &people(), &[9; 32], NONCE, &bundle_signer()).unwrap();
    assert_eq!(refusal(&other_key, &KEY, NOW), PackError::KeyWrong);
    for wrong in [&[][..], &[0xd2], &good[1..], &vec![0; MAX_PACK_BYTES + 1], &bundle(5)] {
        assert_eq!(refusal(wrong, &KEY, NOW), PackError::Malformed);
    }
    let codes = [
        PackError::Malformed,
        PackError::UnknownKey,
        PackError::SignatureInvalid,
        PackError::OtherIssuer,
        PackError::Expired,
        PackError::KeyWrong,
    ]
    .map(PackError::code);
    assert_eq!(
        codes,
        ["MALFORMED", "UNKNOWN_KEY", "SIGNATURE_INVALID", "OTHER_ISSUER", "EXPIRED", "KEY_WRONG"]
    );
}

#[test]
fn what_no_reader_takes_is_not_sealed() {
    let refused = |people: &[Entry]| seal(&head(), people, &KEY, NONCE, &bundle_signer());
    let one = entry("1", &[]);
    let large = Entry { picture: vec![0; MAX_PICTURE_BYTES + 1], ..one.clone() };
    let many_places = Entry { places: vec![(1, 1); MAX_PLACES + 1], ..one.clone() };
    let crowd: Vec<Entry> = (0..=MAX_PACK_ENTRIES).map(|n| entry(&n.to_string(), &[])).collect();
    for people in [vec![large], vec![many_places], vec![one.clone(), one], crowd.clone()] {
        assert_eq!(refused(&people), Err(SealError::OutOfBounds));
    }
    // The largest that is, is read.
    let most: Vec<Entry> = crowd[1..]
        .iter()
        .map(|entry| Entry {
            picture: vec![0xff; MAX_PICTURE_BYTES],
            places: vec![(65_535, u32::MAX); MAX_PLACES],
            ..entry.clone()
        })
        .collect();
    let bytes = refused(&most).unwrap();
    assert!(bytes.len() <= MAX_PACK_BYTES, "{}", bytes.len());
    assert_eq!(PhotoPack::open(&bytes, &KEY, &trusted(), NOW).unwrap().entries().len(), 500);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_byte_that_is_turned_opens_anything_else(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let good = sealed(&head(), &people());
        let mut turned = good.clone();
        turned[at.index(good.len())] ^= 1 << bit;
        prop_assert!(PhotoPack::open(&turned, &KEY, &trusted(), NOW).is_err());
    }

    #[test]
    fn no_input_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = PhotoPack::open(&bytes, &KEY, &trusted(), NOW);
        let _ = PhotoPack::peek(&bytes);
    }
}

fn vectors() -> Value {
    let mut forged = sealed(&head(), &people());
    *forged.last_mut().unwrap() ^= 1;
    let elsewhere = Head { issuer: "https://zf.elsewhere.cn".to_owned(), ..head() };
    let vector = |about: &str, bytes: &[u8], key: &PackKey, now: i64| {
        let opened = PhotoPack::open(bytes, key, &trusted(), now);
        json!({
            "about": about,
            "pack": hex::encode(bytes),
            "key": hex::encode(key),
            "now": now,
            "answer": match &opened {
                Ok(pack) => json!(pack.entries().iter().map(told).collect::<Vec<_>>()),
                Err(refusal) => json!(refusal.code()),
            },
        })
    };
    let good = sealed(&head(), &people());
    json!({
        "about": "Photo packs and what opens of them. Times are Unix seconds, bytes hexadecimal. The \
                  keys are published here: trust them in tests only.",
        "issuer": ISSUER,
        "root": hex::encode(root().public_key().to_bytes()),
        "bundle": hex::encode(bundle(5)),
        "vectors": [
            vector("three people, one with a phone", &good, &KEY, NOW),
            vector("nobody", &sealed(&head(), &[]), &KEY, NOW),
            vector("another key", &good, &[0; 32], NOW),
            vector("at its exp", &good, &KEY, head().expires),
            vector("last bit turned", &forged, &KEY, NOW),
            vector("of another deployment", &sealed(&elsewhere, &people()), &KEY, NOW),
            vector("cut short", &good[..good.len() - 1], &KEY, NOW),
        ],
    })
}

fn told(entry: &Entry) -> Value {
    json!({
        "hash": hex::encode(entry.hash),
        "places": entry.places,
        "fields": entry.fields,
        "area": entry.area,
        "picture": hex::encode(&entry.picture),
    })
}

#[test]
fn the_vectors_of_packs_have_not_changed_and_stand_on_their_own() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/photo_pack.json");
    let now = serde_json::to_string_pretty(&vectors()).unwrap() + "\n";
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text, now);
    let file: Value = serde_json::from_str(&text).unwrap();
    let decode = |v: &Value| hex::decode(v.as_str().unwrap()).unwrap();
    let answers: Vec<String> = file["vectors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|vector| {
            let key = decode(&vector["key"]).try_into().unwrap();
            let now = vector["now"].as_i64().unwrap();
            match PhotoPack::open(&decode(&vector["pack"]), &key, &trusted(), now) {
                Ok(pack) => format!("{} people", pack.entries().len()),
                Err(refusal) => refusal.code().to_owned(),
            }
        })
        .collect();
    assert_eq!(
        answers,
        [
            "3 people",
            "0 people",
            "KEY_WRONG",
            "EXPIRED",
            "SIGNATURE_INVALID",
            "OTHER_ISSUER",
            "MALFORMED"
        ]
    );
}
