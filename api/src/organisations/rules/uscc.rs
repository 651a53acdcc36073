//! The unified social credit code (统一社会信用代码), GB 32100-2015.

/// Digits and capitals without I, O, S, V and Z; a character's value is its place.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The check character of the first 17 characters: weights 3^(i−1) mod 31, so that with the check
/// character the sum is a multiple of 31. `None` where a character is not of the alphabet.
pub fn uscc_check_character(code: &str) -> Option<char> {
    let mut weight = 1;
    let mut sum = 0;
    for byte in code.bytes().take(17) {
        sum += ALPHABET.iter().position(|b| *b == byte)? * weight;
        weight = weight * 3 % 31;
    }
    if code.len() < 17 {
        return None;
    }
    ALPHABET.get((31 - sum % 31) % 31).map(|b| char::from(*b))
}

/// Whether a text is a code: 18 characters in capitals, the last the check character.
pub fn uscc_is_valid(code: &str) -> bool {
    code.len() == 18 && uscc_check_character(code).is_some_and(|check| code.ends_with(check))
}
