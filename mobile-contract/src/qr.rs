//! How large a QR code (ISO/IEC 18004) a code's URL needs: its beginning in byte mode, its digits
//! in numeric mode, error correction level M.

/// The version a printed code never exceeds.
pub const PRINTED_VERSION: u8 = 10;
/// The version a phone's code never exceeds.
pub const PHONE_VERSION: u8 = 13;
/// The longest host that the sizes of credentials leave room for, in characters.
pub const MAX_HOST: usize = 28;

/// Data codewords at level M of the versions 1 to 13 (ISO/IEC 18004, table 7).
const DATA_CODEWORDS: [(u8, usize); 13] = [
    (1, 16),
    (2, 28),
    (3, 44),
    (4, 64),
    (5, 86),
    (6, 108),
    (7, 124),
    (8, 154),
    (9, 182),
    (10, 216),
    (11, 254),
    (12, 290),
    (13, 334),
];

/// The length of `https://HOST/v/` for a host of this many characters.
pub const fn prefix_length(host: usize) -> usize {
    "https://".len() + host + crate::digits::PATH.len()
}

/// The bits that `prefix` bytes and then `digits` digits take in a symbol of this version.
pub const fn bits(prefix: usize, digits: usize, version: u8) -> usize {
    // A segment is a mode of four bits, a count, and the data.
    let (byte_count, numeric_count) = if version < 10 { (8, 10) } else { (16, 12) };
    // Three digits take ten bits; one or two left over take four or seven.
    let numeric = digits / 3 * 10
        + match digits % 3 {
            0 => 0,
            1 => 4,
            _ => 7,
        };
    4 + byte_count + prefix * 8 + 4 + numeric_count + numeric
}

/// The smallest version at level M that holds `prefix` bytes and then `digits` digits; none above
/// [`PHONE_VERSION`].
pub fn smallest_version(prefix: usize, digits: usize) -> Option<u8> {
    DATA_CODEWORDS
        .into_iter()
        .find(|(version, codewords)| bits(prefix, digits, *version) <= codewords * 8)
        .map(|(version, _)| version)
}

#[cfg(test)]
mod tests {
    use qrcode::{EcLevel, Version, bits::Bits};

    use super::*;

    /// What the encoder itself says.
    fn really_fits(prefix: usize, digits: usize, version: u8) -> bool {
        let mut bits = Bits::new(Version::Normal(version.into()));
        bits.push_byte_data(&vec![b'x'; prefix]).is_ok()
            && bits.push_numeric_data(&vec![b'9'; digits]).is_ok()
            && bits.push_terminator(EcLevel::M).is_ok()
    }

    #[test]
    fn sizes_are_those_of_a_real_encoder() {
        for host in [1, 9, 16, 28, 60] {
            for digits in 1..720 {
                let prefix = prefix_length(host);
                let real = (1..=PHONE_VERSION).find(|v| really_fits(prefix, digits, *v));
                assert_eq!(smallest_version(prefix, digits), real, "{host} and {digits}");
            }
        }
    }
}
