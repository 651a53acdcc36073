//! How a challenge gets from one phone to the other, and the committed vectors of it in
//! `vectors/challenge.json`.
//!
//! `UPDATE_VECTORS=1` writes them anew.

use std::path::Path;

use mobile_contract::{Challenge, challenge_of_symbol, challenge_symbol};
use proptest::prelude::*;
use qrcode::{EcLevel, QrCode, Version};
use serde_json::{Value, json};

const CHALLENGE: Challenge = *b"\x00\x01\x9a\xbc\xde\xf0\x10\xff0123Zz\x7f\x80";
const TEXT: &str = "LIANGZHENG/1/00019ABCDEF010FF303132335A7A7F80";

/// What is no challenge, and why.
const OTHERS: [(&str, &str); 10] = [
    ("nothing", ""),
    ("without the beginning", "00019ABCDEF010FF303132335A7A7F80"),
    ("lower case", "LIANGZHENG/1/00019abcdef010ff303132335a7a7f80"),
    ("the beginning in lower case", "liangzheng/1/00019ABCDEF010FF303132335A7A7F80"),
    ("another make", "LIANGZHENG/2/00019ABCDEF010FF303132335A7A7F80"),
    ("a digit short", "LIANGZHENG/1/00019ABCDEF010FF303132335A7A7F8"),
    ("a digit long", "LIANGZHENG/1/00019ABCDEF010FF303132335A7A7F801"),
    ("no digit", "LIANGZHENG/1/00019ABCDEF010FG303132335A7A7F80"),
    ("a character of three bytes", "LIANGZHENG/1/00019ABCDEF010FF303132335A7A7\u{4eae}"),
    ("a blank behind", "LIANGZHENG/1/00019ABCDEF010FF303132335A7A7F80 "),
];

fn vectors() -> Value {
    let symbols = [CHALLENGE, [0; 16], [0xff; 16]].map(|challenge| {
        json!({ "challenge": hex::encode(challenge), "text": challenge_symbol(&challenge) })
    });
    let refused = OTHERS.map(|(what, text)| json!({ "what": what, "text": text }));
    json!({
        "about": "The text of the QR symbol by which a supervisor's phone shows a challenge to the \
                  officer's: `symbols` with the 16 bytes in hexadecimal, and `refused`, which are no \
                  challenge.",
        "symbols": symbols,
        "refused": refused,
    })
}

#[test]
fn the_vectors_have_not_changed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/challenge.json");
    let now = serde_json::to_string_pretty(&vectors()).unwrap() + "\n";
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), now);
}

#[test]
fn a_challenge_is_written_in_one_way_and_nothing_else_is_one() {
    assert_eq!(challenge_symbol(&CHALLENGE), TEXT);
    assert_eq!(challenge_of_symbol(TEXT), Some(CHALLENGE));
    for (what, text) in OTHERS {
        assert_eq!(challenge_of_symbol(text), None, "{what}");
    }
}

#[test]
fn its_symbol_is_of_version_3_at_level_m() {
    let symbol = QrCode::with_error_correction_level(TEXT, EcLevel::M).unwrap();
    assert_eq!(symbol.version(), Version::Normal(3));
}

proptest! {
    #[test]
    fn any_challenge_comes_back(challenge: Challenge) {
        prop_assert_eq!(challenge_of_symbol(&challenge_symbol(&challenge)), Some(challenge));
    }

    /// What is taken is the one way to write what comes out.
    #[test]
    fn whatever_is_read_is_written_so(text in "(LIANGZHENG/1/)?[0-9A-F]{31,33}|LIANGZHENG/1/[0-9A-Fa-f]{32}") {
        if let Some(challenge) = challenge_of_symbol(&text) {
            prop_assert_eq!(challenge_symbol(&challenge), text);
        }
    }
}
