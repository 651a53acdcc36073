//! An app that is handed anything in any order: it never panics, and calls nobody valid.
#![no_main]

mod deployment;

use libfuzzer_sys::fuzz_target;
use mobile_contract::{Verdict, digits::bytes_to_digits, offline::OfflineVerifier};

fuzz_target!(|data: &[u8]| {
    let now = deployment::NOW;
    let begun = OfflineVerifier::resume(deployment::pinned(), &deployment::bundle(), 0);
    let Ok(mut app) = begun else { return };
    // Parts of the input, each with a byte in front that says what it is handed in as.
    for part in data.split(|byte| *byte == b'\n') {
        let Some((what, rest)) = part.split_first() else { continue };
        match what % 6 {
            0 => drop(app.take_bundle(rest, now)),
            1 => drop(app.take_delta(rest, now)),
            2 => drop(app.take_list(rest, now)),
            3 => drop(app.take_kept_list(rest)),
            4 => assert!(!app.take_genuine(rest)),
            _ => {
                let Ok(digits) = bytes_to_digits(rest) else { continue };
                let verdict = app.scan(&digits, None, now).judgement.verdict;
                assert!(!matches!(verdict, Verdict::Valid | Verdict::ValidStale), "{verdict}");
            }
        }
    }
});
