//! Check records: one spelling each, one signer, one hash; and the committed vectors in
//! `vectors/records.json`, which `UPDATE_VECTORS=1` writes anew.

use std::path::Path;

use ciborium::Value as Cbor;
use mobile_contract::{
    Algorithm, CheckRecord, PublicKey, Seen, Signer, SyncMark, Verdict,
    record::{Elapsed, MAX_RECORD_BYTES, MAX_SEQUENCE, RecordError, Refused, Since, read},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::fixtures::*;

const AAD: &[u8] = b"liangzheng/check/1";
const MILLIS: i64 = NOW * 1_000;

fn uuid(n: u8) -> [u8; 16] {
    [1, 0xa3, 0x18, 0x5c, 0x50, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, n]
}

fn first() -> CheckRecord {
    CheckRecord {
        id: uuid(1),
        sequence: 1,
        previous: None,
        seen: Seen::scanned(&printed_code()),
        challenge: None,
        clock: MILLIS,
        elapsed: Elapsed { since: Since::Boot, millis: 5_000 },
        mark: None,
        verdict: Some(Verdict::Valid),
        place: None,
    }
}

fn full() -> CheckRecord {
    CheckRecord {
        id: uuid(2),
        sequence: 2,
        previous: Some(first().hash()),
        seen: Seen::scanned(&phone_code(NOW, Some(&CHALLENGE))),
        challenge: Some(CHALLENGE),
        elapsed: Elapsed { since: Since::Sync, millis: 60_000 },
        mark: Some(SyncMark { at: MILLIS - 60_000, proof: [0x5a; 16] }),
        place: Some("620102".to_owned()),
        ..first()
    }
}

fn without_code(seen: Seen) -> CheckRecord {
    CheckRecord { seen, verdict: None, ..first() }
}

/// The checking phone's key.
fn checker() -> impl Signer {
    mobile_contract::Es256Signer::from_scalar(&[4; 32]).unwrap()
}

fn key() -> PublicKey {
    checker().public_key()
}

/// Signs any payload as if it were a record.
fn signed(payload: &[u8]) -> Vec<u8> {
    sealed(&header(), payload, AAD, &checker())
}

fn header() -> Vec<u8> {
    cbor(&Cbor::Map(vec![(1.into(), (-7).into())]))
}

fn cbor(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

/// The payload of a record, as any CBOR library has it.
fn entries(record: &CheckRecord) -> Vec<(Cbor, Cbor)> {
    let Cbor::Map(entries) = ciborium::from_reader(payload(record).as_slice()).unwrap() else {
        panic!("not a map");
    };
    entries
}

fn payload(record: &CheckRecord) -> Vec<u8> {
    let bytes = record.sign(&checker()).unwrap();
    let sign1 = <coset::CoseSign1 as coset::TaggedCborSerializable>::from_tagged_slice(&bytes);
    sign1.unwrap().payload.unwrap()
}

/// The record with one entry of its map changed.
fn with(record: &CheckRecord, label: i64, value: Cbor) -> Vec<u8> {
    let mut entries = entries(record);
    let at = entries.iter_mut().find(|(key, _)| *key == label.into()).unwrap();
    at.1 = value;
    signed(&cbor(&Cbor::Map(entries)))
}

fn records() -> Vec<(&'static str, CheckRecord)> {
    vec![
        ("the first record of a phone, a printed code", first()),
        ("with everything: a challenged phone code, a mark, a place", full()),
        ("no certificate was shown", without_code(Seen::NotShown)),
        ("it was refused", without_code(Seen::Refused)),
        ("the code is damaged", without_code(Seen::CodeDamaged)),
        (
            "a number that is no code of ours",
            CheckRecord {
                seen: Seen::Code(vec![0x2a]),
                verdict: Some(Verdict::Unreadable),
                ..first()
            },
        ),
        (
            "the longest code, the largest sequence",
            CheckRecord {
                seen: Seen::Code(vec![0x80; 332]),
                sequence: MAX_SEQUENCE,
                verdict: Some(Verdict::PresentationMissing),
                ..full()
            },
        ),
    ]
}

/// What is not taken, with why.
fn refused() -> Vec<(&'static str, Vec<u8>, Refused)> {
    use Refused::{SignatureInvalid, Unreadable};
    let good = full().sign(&checker()).unwrap();
    let mut turned = good.clone();
    *turned.last_mut().unwrap() ^= 1;
    let mut longer = good.clone();
    longer.push(0);
    let other = mobile_contract::Es256Signer::from_scalar(&[5; 32]).unwrap();
    let mut swapped = entries(&full());
    swapped.swap(0, 1);
    let mut twice = entries(&first());
    twice.insert(1, twice[0].clone());
    let mut unknown = entries(&full());
    unknown.push((11.into(), 1.into()));
    let mut without_verdict = entries(&first());
    without_verdict.retain(|(key, _)| *key != 9.into());
    let mut without_mark = entries(&full());
    without_mark.retain(|(key, _)| *key != 8.into());
    let map = |entries| signed(&cbor(&Cbor::Map(entries)));
    let kid = cbor(&Cbor::Map(vec![
        (1.into(), (-7).into()),
        (4.into(), Cbor::Bytes(key().kid().0.to_vec())),
    ]));
    let with_kid = sealed(&kid, &payload(&full()), AAD, &checker());
    let as_code = sealed(&header(), &payload(&full()), b"liangzheng/show/1\0", &checker());
    let v4 = {
        let mut id = uuid(1);
        id[6] = 0x40;
        id.to_vec()
    };
    vec![
        ("nothing", vec![], Unreadable),
        ("a bit of the signature turned", turned, SignatureInvalid),
        ("signed by another phone", full().sign(&other).unwrap(), SignatureInvalid),
        ("signed with another algorithm", full().sign(&issuer()).unwrap(), SignatureInvalid),
        ("signed as a presentation", as_code, SignatureInvalid),
        ("a byte behind the end", longer, Unreadable),
        ("cut", good[..good.len() - 1].to_vec(), Unreadable),
        ("longer than any record", vec![0xd2; MAX_RECORD_BYTES + 1], Unreadable),
        ("a kid in the header", with_kid, Unreadable),
        ("keys out of order", map(swapped), Unreadable),
        ("a key twice", map(twice), Unreadable),
        ("an unknown key", map(unknown), Unreadable),
        ("a code without the app's verdict", map(without_verdict), Unreadable),
        ("counted from a sync without its mark", map(without_mark), Unreadable),
        ("an id that is no UUIDv7", with(&first(), 1, Cbor::Bytes(v4)), Unreadable),
        ("sequence 0", with(&first(), 2, 0.into()), Unreadable),
        ("sequence 2 without a previous record", with(&first(), 2, 2.into()), Unreadable),
        ("sequence 1 with a previous record", with(&full(), 2, 1.into()), Unreadable),
        ("an unknown kind of seen", with(&without_code(Seen::Refused), 4, 4.into()), Unreadable),
        ("nothing shown, with a verdict", with(&first(), 4, 1.into()), Unreadable),
        ("a code that begins with zero", with(&first(), 4, Cbor::Bytes(vec![0, 1])), Unreadable),
        ("a code of no bytes", with(&first(), 4, Cbor::Bytes(vec![])), Unreadable),
        ("a code of too many digits", with(&first(), 4, Cbor::Bytes(vec![9; 333])), Unreadable),
        ("a challenge of 15 bytes", with(&full(), 5, Cbor::Bytes(vec![0; 15])), Unreadable),
        ("a clock before 1970", with(&first(), 6, (-1).into()), Unreadable),
        (
            "a clock beyond the year 9999",
            with(&first(), 6, 253_402_300_800_000_i64.into()),
            Unreadable,
        ),
        ("a verdict in lower case", with(&first(), 9, "valid".into()), Unreadable),
        ("a place finer than a county", with(&full(), 10, "620102001".into()), Unreadable),
        ("a place that is none", with(&full(), 10, "62010x".into()), Unreadable),
    ]
}

#[test]
fn a_record_comes_back_as_it_was_made() {
    for (what, record) in records() {
        let bytes = record.sign(&checker()).unwrap();
        assert!(bytes.len() <= MAX_RECORD_BYTES, "{what}: {}", bytes.len());
        let received = read(&bytes, &key()).unwrap();
        assert_eq!(received.record, record, "{what}");
        assert_eq!(received.hash, record.hash(), "{what}");
    }
}

#[test]
fn the_same_record_signed_by_any_means_has_the_same_hash() {
    let with_ed25519 = full().sign(&issuer()).unwrap();
    let received = read(&with_ed25519, &issuer().public_key()).unwrap();
    assert_eq!(received.hash, full().hash());
    let later = CheckRecord { clock: MILLIS + 1, ..full() };
    assert_ne!(later.hash(), full().hash());
}

#[test]
fn the_payload_is_what_other_libraries_write() {
    for (what, record) in records() {
        let payload = payload(&record);
        let value: Cbor = ciborium::from_reader(payload.as_slice()).unwrap();
        assert_eq!(cbor(&value), payload, "{what}");
    }
}

#[test]
fn whatever_else_comes_is_refused() {
    for (what, bytes, why) in refused() {
        assert_eq!(read(&bytes, &key()), Err(why), "{what}");
    }
}

#[test]
fn a_word_that_is_not_known_yet_is_never_valid() {
    let bytes = with(&first(), 9, "VALID_AND_MORE".into());
    assert_eq!(read(&bytes, &key()).unwrap().record.verdict, Some(Verdict::StatusUnknown));
}

#[test]
fn a_record_that_no_reader_takes_is_not_made() {
    let cases = [
        ("id", CheckRecord { id: [0; 16], ..first() }),
        ("sequence", CheckRecord { sequence: 0, ..first() }),
        ("sequence", CheckRecord { sequence: MAX_SEQUENCE + 1, ..full() }),
        ("previous", CheckRecord { previous: None, ..full() }),
        ("previous", CheckRecord { sequence: 1, ..full() }),
        ("seen", CheckRecord { seen: Seen::Code(vec![0, 1]), ..first() }),
        ("challenge", CheckRecord { challenge: Some(CHALLENGE), ..without_code(Seen::Refused) }),
        ("clock", CheckRecord { clock: -1, ..first() }),
        ("verdict", CheckRecord { verdict: None, ..first() }),
        ("verdict", CheckRecord { verdict: Some(Verdict::Valid), ..without_code(Seen::NotShown) }),
        ("place", CheckRecord { place: Some("甘肃".to_owned()), ..first() }),
        ("elapsed", CheckRecord { mark: None, ..full() }),
    ];
    for (what, record) in cases {
        let refused = record.unsigned(Algorithm::Es256).unwrap_err();
        assert_eq!(refused, RecordError::OutOfRange(what));
    }
    assert_eq!(RecordError::OutOfRange("place").code(), "PLACE_OUT_OF_RANGE");
}

#[test]
fn what_a_camera_reads_is_recorded_as_a_number_or_as_damaged() {
    let code = printed_code();
    let url = format!("https://zf.example.cn/v/{code}?from=timeline");
    assert_eq!(Seen::scanned(&url), Seen::scanned(&code));
    assert_eq!(Seen::scanned(&url).digits(), Some(code));
    for other in ["", "https://example.cn/menu", "WIFI:S:x;;", "/v/012"] {
        assert_eq!(Seen::scanned(other), Seen::CodeDamaged, "{other}");
    }
}

proptest! {
    /// Whatever is done to a record, it is another or none at all, and nothing panics.
    #[test]
    fn a_changed_byte_never_gives_the_same_record(
        n in 0usize..7, at: prop::sample::Index, change in 1u8..,
    ) {
        let (_, record) = records().swap_remove(n);
        let mut bytes = record.sign(&checker()).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        prop_assert!(read(&bytes, &key()).is_err());
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..MAX_RECORD_BYTES)) {
        prop_assert!(read(&bytes, &key()).is_err());
        prop_assert_eq!(read(&signed(&bytes), &key()), Err(Refused::Unreadable));
    }
}

fn fields(record: &CheckRecord) -> Value {
    json!({
        "id": hex::encode(record.id),
        "sequence": record.sequence,
        "previous": record.previous.map(hex::encode),
        "seen": record.seen.code(),
        "digits": record.seen.digits(),
        "challenge": record.challenge.map(hex::encode),
        "clock": record.clock,
        "elapsed": {
            "since": match record.elapsed.since { Since::Sync => "SYNC", Since::Boot => "BOOT" },
            "millis": record.elapsed.millis,
        },
        "mark": record.mark.map(|m| json!({ "at": m.at, "proof": hex::encode(m.proof) })),
        "verdict": record.verdict.map(Verdict::code),
        "place": record.place,
    })
}

fn vectors() -> Value {
    let record = |(what, record): &(&str, CheckRecord)| {
        json!({
            "what": what,
            "record": fields(record),
            "payload": hex::encode(payload(record)),
            "hash": hex::encode(record.hash()),
            "signed": hex::encode(record.sign(&checker()).unwrap()),
        })
    };
    let refusal = |refused: &(&str, Vec<u8>, Refused)| {
        let (what, bytes, why) = refused;
        json!({ "what": what, "signed": hex::encode(bytes), "refused": why.code() })
    };
    json!({
        "about": "Check records of one phone, and what is refused as its record. `hash` is SHA-256 \
                  over `payload`. Times are Unix milliseconds. The phone's private key is published \
                  here: trust it in tests only.",
        "phone": {
            "alg": checker().algorithm().number(),
            "private": hex::encode([4; 32]),
            "public": hex::encode(key().to_bytes()),
        },
        "records": records().iter().map(record).collect::<Vec<_>>(),
        "refused": refused().iter().map(refusal).collect::<Vec<_>>(),
    })
}

#[test]
fn the_vectors_have_not_changed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/records.json");
    let now = serde_json::to_string_pretty(&vectors()).unwrap() + "\n";
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), now);
}

/// Reads the file as a stranger would.
#[test]
fn the_vectors_stand_on_their_own() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/records.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let decode = |v: &Value| hex::decode(v.as_str().unwrap()).unwrap();
    let key = PublicKey::from_bytes(Algorithm::Es256, &decode(&file["phone"]["public"])).unwrap();
    for vector in file["records"].as_array().unwrap() {
        let received = read(&decode(&vector["signed"]), &key).unwrap();
        assert_eq!(received.hash.to_vec(), decode(&vector["hash"]), "{}", vector["what"]);
        assert_eq!(fields(&received.record), vector["record"], "{}", vector["what"]);
    }
    for vector in file["refused"].as_array().unwrap() {
        let refused = read(&decode(&vector["signed"]), &key).unwrap_err();
        assert_eq!(vector["refused"], refused.code(), "{}", vector["what"]);
    }
}
