//! A supervisor's challenge, and how it gets from the supervisor's phone to the officer's: as a QR
//! symbol on the one's screen, which the other's app scans.
//!
//! The symbol holds `LIANGZHENG/1/` and the 16 bytes as 32 hexadecimal digits in upper case: 45
//! characters of QR's alphanumeric mode, version 3 at level M. It is no address: a camera opens
//! nothing, and an app takes nothing else for a challenge.

/// The random bytes by which a supervisor asks for a code made just now.
pub type Challenge = [u8; 16];

/// What the text of a symbol begins with.
const PREFIX: &str = "LIANGZHENG/1/";

/// The text of the symbol that shows a challenge.
pub fn challenge_symbol(challenge: &Challenge) -> String {
    challenge.iter().fold(PREFIX.to_owned(), |text, byte| format!("{text}{byte:02X}"))
}

/// The challenge of a symbol's text; none where the symbol is another. There is one way to write a
/// challenge, so lower case and blanks are refused.
pub fn challenge_of_symbol(text: &str) -> Option<Challenge> {
    let hex = text.strip_prefix(PREFIX)?.as_bytes();
    let mut challenge = Challenge::default();
    if hex.len() != 2 * challenge.len() {
        return None;
    }
    for (byte, pair) in challenge.iter_mut().zip(hex.chunks_exact(2)) {
        *byte = pair.iter().try_fold(0, |byte, digit| Some(byte << 4 | value(*digit)?))?;
    }
    Some(challenge)
}

/// The value of a hexadecimal digit in upper case.
fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => digit.checked_sub(b'0'),
        b'A'..=b'F' => digit.checked_sub(b'A' - 10),
        _ => None,
    }
}
