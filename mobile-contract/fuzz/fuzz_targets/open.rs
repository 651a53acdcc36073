//! Codes: any text, any bytes as digits, and a sound code with bytes of the input laid over it. None
//! of it panics, and what is not the code itself is never opened.
#![no_main]

mod deployment;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mobile_contract::{KeySet, digits::bytes_to_digits, open};

static KEYS: LazyLock<KeySet> = LazyLock::new(|| KeySet::new(deployment::records()));
static CARD: LazyLock<Vec<u8>> = LazyLock::new(deployment::card);

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = open(text, &KEYS, None);
    }
    if let Ok(digits) = bytes_to_digits(data) {
        assert!(data == *CARD || open(&digits, &KEYS, None).is_err());
    }
    if let Some((at, rest)) = data.split_first() {
        let mut laid = CARD.clone();
        let at = usize::from(*at) % laid.len();
        for (byte, over) in laid[at..].iter_mut().zip(rest) {
            *byte = *over;
        }
        if let Ok(digits) = bytes_to_digits(&laid) {
            assert!(laid == *CARD || open(&digits, &KEYS, None).is_err());
        }
    }
});
