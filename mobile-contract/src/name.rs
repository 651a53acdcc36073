//! The holder's name inside a code: UTF-16BE in NFC, at most 30 bytes.
//!
//! A hanzi is two bytes here and three in UTF-8, so a code holds 15 of them; the names of several
//! nationalities are longer, and are then cut, which the code says.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};

/// The most bytes a name takes in a code.
pub const MAX_NAME_BYTES: usize = 30;

const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// A name as a code holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FittedName {
    /// The name in NFC, or as much of its beginning as fits.
    pub text: String,
    /// Whether something was left out.
    pub cut: bool,
}

/// Brings a name into NFC and, if it is longer than [`MAX_NAME_BYTES`], cuts it at a whole
/// character: never between the halves of a surrogate pair, nor between a letter and its combining
/// marks or variation selectors.
pub fn fit(name: &str) -> FittedName {
    let text: String = name.nfc().collect();
    if width(&text) <= MAX_NAME_BYTES {
        return FittedName { text, cut: false };
    }
    // Where the text may be cut, and the last place where any character ends: a heap of marks too
    // large for the code is cut there, rather than leaving no name at all.
    let (mut whole, mut last, mut used) = (0, 0, 0);
    let mut previous = None;
    for (at, c) in text.char_indices() {
        let joined =
            is_combining_mark(c) || c == ZERO_WIDTH_JOINER || previous == Some(ZERO_WIDTH_JOINER);
        if !joined {
            whole = at;
        }
        last = at;
        used += c.len_utf16() * 2;
        if used > MAX_NAME_BYTES {
            break;
        }
        previous = Some(c);
    }
    let end = if whole == 0 { last } else { whole };
    FittedName { text: text.get(..end).unwrap_or_default().to_owned(), cut: true }
}

/// The bytes a text takes in UTF-16.
pub(crate) fn width(text: &str) -> usize {
    text.encode_utf16().count() * 2
}

pub(crate) fn to_utf16be(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// Reads a name from a code: none if it is too long, not UTF-16BE, or not in NFC.
pub(crate) fn from_utf16be(bytes: &[u8]) -> Option<String> {
    let (units, []) = bytes.as_chunks::<2>() else { return None };
    if bytes.len() > MAX_NAME_BYTES {
        return None;
    }
    let text: String = char::decode_utf16(units.iter().map(|unit| u16::from_be_bytes(*unit)))
        .collect::<Result<_, _>>()
        .ok()?;
    is_nfc(&text).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fitted(text: &str, cut: bool) -> FittedName {
        FittedName { text: text.to_owned(), cut }
    }

    #[test]
    fn a_name_that_fits_is_kept_in_nfc() {
        assert_eq!(fit(""), fitted("", false));
        assert_eq!(fit("张三"), fitted("张三", false));
        assert_eq!(fit("Zoe\u{301}"), fitted("Zo\u{e9}", false));
        let fifteen = "阿不都热依木·买买提艾力江·吐";
        assert_eq!(fit(fifteen), fitted(fifteen, false));
    }

    #[test]
    fn a_long_name_is_cut_at_a_whole_character() {
        assert_eq!(fit(&"汉".repeat(16)), fitted(&"汉".repeat(15), true));
        // A surrogate pair over the edge goes as a whole.
        assert_eq!(fit(&format!("{}𠮷", "汉".repeat(14))), fitted(&"汉".repeat(14), true));
        assert_eq!(fit(&"𠮷".repeat(9)), fitted(&"𠮷".repeat(7), true));
        // So does a letter whose mark would be left behind, and a hanzi with a variation selector.
        assert_eq!(fit(&format!("{}x\u{302}\u{323}", "a".repeat(13))).text, "a".repeat(13));
        assert_eq!(fit(&format!("{}葛\u{e0100}", "汉".repeat(13))).text, "汉".repeat(13));
        assert_eq!(fit(&format!("{}👩\u{200d}👩", "汉".repeat(11))).text, "汉".repeat(11));
        // A heap of marks is cut inside, for want of a better place.
        let heap = format!("x{}", "\u{323}".repeat(40));
        assert_eq!(fit(&heap), fitted(&format!("x{}", "\u{323}".repeat(14)), true));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(name in "\\PC{0,40}") {
            let fitted = fit(&name);
            let bytes = to_utf16be(&fitted.text);
            prop_assert!(bytes.len() <= MAX_NAME_BYTES);
            prop_assert_eq!(from_utf16be(&bytes), Some(fitted.text.clone()));
            let whole: String = name.nfc().collect();
            prop_assert!(whole.starts_with(&fitted.text));
            prop_assert_eq!(fitted.cut, whole != fitted.text);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Some(text) = from_utf16be(&bytes) {
                prop_assert_eq!(to_utf16be(&text), bytes);
            }
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for bytes in
            [&[0x5f][..], &[0xd8, 0x42], &[0xdf, 0xb7, 0xd8, 0x42], &[0, 0x65, 3, 1], &[0x5f; 32]]
        {
            assert_eq!(from_utf16be(bytes), None, "{bytes:x?}");
        }
    }
}
