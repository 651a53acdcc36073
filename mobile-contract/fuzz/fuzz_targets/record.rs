//! Check records: any bytes, and a sound record with bytes of the input laid over it. None of it
//! panics, and what the phone has not signed is never taken.
#![no_main]

#[allow(dead_code)]
mod deployment;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mobile_contract::record::{CheckRecord, Elapsed, Seen, Since, read};
use mobile_contract::{Signer, Verdict};

static RECORD: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let record = CheckRecord {
        id: *b"\x01\x9a\x00\x00\x00\x00\x70\x00\x80\x00\x00\x00\x00\x00\x00\x01",
        sequence: 1,
        previous: None,
        seen: Seen::scanned("12345678901234567890"),
        challenge: None,
        clock: deployment::NOW * 1_000,
        elapsed: Elapsed { since: Since::Boot, millis: 60_000 },
        mark: None,
        verdict: Some(Verdict::Valid),
        place: Some("620102".to_owned()),
    };
    record.sign(&deployment::signer(5)).unwrap()
});

fuzz_target!(|data: &[u8]| {
    let phone = deployment::signer(5).public_key();
    assert!(data == *RECORD || read(data, &phone).is_err());
    if let Some((at, rest)) = data.split_first() {
        let mut laid = RECORD.clone();
        let at = usize::from(*at) % laid.len();
        for (byte, over) in laid[at..].iter_mut().zip(rest) {
            *byte = *over;
        }
        assert_eq!(read(&laid, &phone).is_ok(), laid == *RECORD);
    }
});
