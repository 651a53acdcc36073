//! The digits of a code: bytes read as one big-endian number, written in decimal.
//!
//! A QR code stores three digits in ten bits, so a number in numeric mode costs half a percent more
//! than raw bytes and, unlike them, can stand in a URL that any camera opens.
//!
//! Both directions are quadratic in a length of at most [`MAX_DIGITS`]: some microseconds.

use thiserror::Error;

/// The most digits a code may have. Longer input is refused by its length, before any arithmetic.
pub const MAX_DIGITS: usize = 800;

/// The longest input [`extract_digits`] looks at: the digits, a host name (at most 253 characters,
/// RFC 1035 section 2.3.4), and room for a query that a messenger adds to a link.
pub const MAX_INPUT_BYTES: usize = 2_048;

/// The path under which a code's digits stand in its URL.
pub const PATH: &str = "/v/";

/// Digits of one chunk when reading: the most that fit a `u64`.
const READ_DIGITS: usize = 19;
const READ_BASE: u64 = 10_000_000_000_000_000_000;

/// Digits of one chunk when writing: with 32-bit limbs every step stays within a `u64`.
const WRITE_DIGITS: usize = 9;
const WRITE_BASE: u64 = 1_000_000_000;

/// Why a text is not the digits of a code, or bytes have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DigitsError {
    /// Nothing to read or to write.
    #[error("there are no digits")]
    Empty,
    /// Longer than any code.
    #[error("longer than any code")]
    TooLong,
    /// The first digit, or the first byte, is zero: another spelling of a shorter code.
    #[error("a leading zero")]
    LeadingZero,
    /// A character that is not an ASCII digit, or no `/v/` to find the digits after.
    #[error("not a number in ASCII digits")]
    NotDigits,
}

/// Finds the digits in what a camera read: a whole URL, or the digits alone.
///
/// The scheme and the host are ignored: a code is judged by its signature, never by the address it
/// claims. A query or fragment after the digits is ignored too.
///
/// # Errors
/// [`DigitsError`] for anything that holds no well-formed digits.
pub fn extract_digits(input: &str) -> Result<&str, DigitsError> {
    if input.len() > MAX_INPUT_BYTES {
        return Err(DigitsError::TooLong);
    }
    let digits = match input.split_once(PATH) {
        Some((_, rest)) => rest.split(['?', '#']).next().unwrap_or_default(),
        None => input,
    };
    check(digits)?;
    Ok(digits)
}

fn check(digits: &str) -> Result<(), DigitsError> {
    if digits.len() > MAX_DIGITS {
        return Err(DigitsError::TooLong);
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DigitsError::NotDigits);
    }
    match digits.bytes().next() {
        None => Err(DigitsError::Empty),
        Some(b'0') => Err(DigitsError::LeadingZero),
        Some(_) => Ok(()),
    }
}

/// The number written in `digits`, as its shortest big-endian bytes.
///
/// # Errors
/// [`DigitsError`] unless `digits` is 1 to [`MAX_DIGITS`] ASCII digits without a leading zero.
pub fn digits_to_bytes(digits: &str) -> Result<Vec<u8>, DigitsError> {
    check(digits)?;
    // Little-endian limbs. The first chunk takes the odd length, so that all others are whole and
    // each step is the same: times 10^19, plus the chunk.
    let mut limbs: Vec<u64> = Vec::with_capacity(MAX_DIGITS / READ_DIGITS + 1);
    let (first, whole) = digits.as_bytes().split_at(digits.len() % READ_DIGITS);
    for chunk in std::iter::once(first).chain(whole.chunks(READ_DIGITS)) {
        let mut carry = chunk.iter().fold(0, |n: u64, b| n * 10 + u64::from(b - b'0'));
        for limb in &mut limbs {
            (*limb, carry) = limb.carrying_mul(READ_BASE, carry);
        }
        if carry != 0 {
            limbs.push(carry);
        }
    }
    Ok(limbs.iter().rev().flat_map(|l| l.to_be_bytes()).skip_while(|b| *b == 0).collect())
}

/// The decimal digits of `bytes` read as one big-endian number.
///
/// # Errors
/// [`DigitsError`] if `bytes` is empty, starts with zero (the digits could not give it back), or
/// would need more than [`MAX_DIGITS`].
pub fn bytes_to_digits(bytes: &[u8]) -> Result<String, DigitsError> {
    match bytes.first() {
        None => return Err(DigitsError::Empty),
        Some(0) => return Err(DigitsError::LeadingZero),
        // A byte is worth more than 2.4 digits, so this much is certainly too long.
        Some(_) if bytes.len() > MAX_DIGITS => return Err(DigitsError::TooLong),
        Some(_) => {}
    }
    // Big-endian limbs of 32 bits, divided by 10^9 until nothing is left.
    let mut limbs: Vec<u64> = bytes
        .rchunks(4)
        .rev()
        .map(|chunk| chunk.iter().fold(0, |n, b| n << 8 | u64::from(*b)))
        .collect();
    let mut reversed: Vec<u8> = Vec::with_capacity(MAX_DIGITS + WRITE_DIGITS);
    let mut rest = limbs.as_mut_slice();
    while !rest.is_empty() {
        let mut remainder = 0;
        for limb in rest.iter_mut() {
            let dividend = remainder << 32 | *limb;
            (*limb, remainder) = (dividend / WRITE_BASE, dividend % WRITE_BASE);
        }
        for _ in 0..WRITE_DIGITS {
            // The remainder's last digit is below ten, so the conversion always succeeds.
            reversed.push(b'0' + u8::try_from(remainder % 10).unwrap_or_default());
            remainder /= 10;
        }
        let zeros = rest.iter().take_while(|limb| **limb == 0).count();
        rest = rest.get_mut(zeros..).unwrap_or_default();
    }
    let digits: String =
        reversed.iter().rev().skip_while(|d| **d == b'0').map(|d| char::from(*d)).collect();
    if digits.len() > MAX_DIGITS { Err(DigitsError::TooLong) } else { Ok(digits) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Long multiplication, one digit at a time: slow, and too simple to be wrong.
    fn by_hand(digits: &str) -> Vec<u8> {
        let mut bytes: Vec<u8> = Vec::new();
        for digit in digits.bytes() {
            let mut carry = u32::from(digit - b'0');
            for byte in bytes.iter_mut().rev() {
                let n = u32::from(*byte) * 10 + carry;
                *byte = u8::try_from(n & 0xff).unwrap();
                carry = n >> 8;
            }
            if carry > 0 {
                bytes.insert(0, u8::try_from(carry).unwrap());
            }
        }
        bytes
    }

    proptest! {
        #[test]
        fn bytes_come_back(first in 1u8.., rest in prop::collection::vec(any::<u8>(), 0..331)) {
            let bytes: Vec<u8> = std::iter::once(first).chain(rest).collect();
            let digits = bytes_to_digits(&bytes).unwrap();
            prop_assert_eq!(by_hand(&digits), bytes.clone());
            prop_assert_eq!(digits_to_bytes(&digits).unwrap(), bytes);
        }

        #[test]
        fn digits_come_back(digits in "[1-9][0-9]{0,799}") {
            let bytes = digits_to_bytes(&digits).unwrap();
            prop_assert_eq!(&bytes, &by_hand(&digits));
            prop_assert_eq!(bytes_to_digits(&bytes).unwrap(), digits);
        }
    }

    #[test]
    fn powers_of_the_base_come_back() {
        for zeros in 0..MAX_DIGITS {
            let digits = format!("1{}", "0".repeat(zeros));
            assert_eq!(bytes_to_digits(&digits_to_bytes(&digits).unwrap()).unwrap(), digits);
        }
    }

    #[test]
    fn what_is_not_a_code_is_refused() {
        use DigitsError::{Empty, LeadingZero, NotDigits, TooLong};
        let cases = [
            (String::new(), Empty),
            ("0".into(), LeadingZero),
            ("012".into(), LeadingZero),
            ("+1".into(), NotDigits),
            ("-1".into(), NotDigits),
            ("1 ".into(), NotDigits),
            ("1_000".into(), NotDigits),
            ("１２".into(), NotDigits),
            ("٣".into(), NotDigits),
            ("https://example.cn/w/12".into(), NotDigits),
            ("https://example.cn/v/".into(), Empty),
            ("https://example.cn/v/12/".into(), NotDigits),
            ("https://example.cn/v/012".into(), LeadingZero),
            ("https://example.cn/v/1/v/2".into(), NotDigits),
            ("9".repeat(MAX_DIGITS + 1), TooLong),
            (format!("https://example.cn/v/{}", "9".repeat(MAX_DIGITS + 1)), TooLong),
            ("9".repeat(10_000_000), TooLong),
            ("x".repeat(10_000_000), TooLong),
        ];
        for (input, error) in cases {
            assert_eq!(extract_digits(&input), Err(error), "{input:.40}");
        }
        assert_eq!(bytes_to_digits(&[]), Err(Empty));
        assert_eq!(bytes_to_digits(&[0, 1]), Err(LeadingZero));
        assert_eq!(bytes_to_digits(&[9; 333]), Err(TooLong));
        assert_eq!(bytes_to_digits(&vec![9; 1_000_000]), Err(TooLong));
    }

    #[test]
    fn digits_are_found_in_an_address_whatever_its_host() {
        for input in [
            "12345",
            "/v/12345",
            "https://zf.example.cn/v/12345",
            "http://evil.example:8080/v/12345",
            "HTTPS://ZF.EXAMPLE.CN/v/12345?from=timeline#top",
        ] {
            assert_eq!(extract_digits(input), Ok("12345"), "{input}");
        }
    }
}
