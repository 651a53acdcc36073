//! Bundles, signed keys and deltas: nothing panics, and nothing is accepted that the root did not lead
//! to.
#![no_main]

mod deployment;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mobile_contract::bundle::{Bundle, delta, keys::SignedKeys};

static WHOLE: LazyLock<Bundle> = LazyLock::new(|| {
    Bundle::accept(&deployment::bundle(), &deployment::pinned(), deployment::NOW).unwrap()
});

fuzz_target!(|data: &[u8]| {
    let pinned = deployment::pinned();
    if Bundle::kept(data, &pinned).is_ok() {
        assert_eq!(data, WHOLE.bytes());
    }
    assert!(delta::accept(&WHOLE, data, &pinned, deployment::NOW).is_err());
    let _ = SignedKeys::verify(data, &pinned);
    if let Ok(keys) = SignedKeys::read_unsigned(data) {
        let again = keys.unsigned();
        assert_eq!(SignedKeys::read_unsigned(&again).unwrap(), keys);
    }
});
