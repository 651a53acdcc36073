//! Status lists as JWT and CWT, and what is unpacked from them.
#![no_main]

mod deployment;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mobile_contract::{
    KeySet,
    status_list::{SignedList, StatusList},
};

static KEYS: LazyLock<KeySet> = LazyLock::new(|| KeySet::new(deployment::records()));

fuzz_target!(|data: &[u8]| {
    if let Ok(list) = SignedList::read(data) {
        assert!(list.verify(&KEYS).is_err(), "nobody has signed it");
    }
    if let Ok(list) = StatusList::decompress(2, data, 1 << 20) {
        let _ = list.get(0);
        let _ = list.get(u32::MAX);
    }
});
