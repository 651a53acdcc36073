//! The party's record of a showing: sixteen characters that the page shows to whoever scans while a
//! showing is open. They hold the showing's random serial, the seconds since it began and a proof
//! that this server wrote them, so what the party saw can be told later, and nothing of the party is
//! stored here: neither that it scanned nor when.

use chrono::{DateTime, Duration, Utc};

use crate::platform::random::Random;
use crate::platform::seal::{MasterSecret, Purpose};
use crate::platform::spelling::compact;

/// Letters and digits without those that are taken for one another (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a record, each of five bits.
const LENGTH: u32 = 16;
const PURPOSE: Purpose = Purpose::new("record of a showing");
/// Bits of the serial, of the seconds and of the proof: eighty in all.
const SERIAL: u32 = 40;
const SECONDS: u32 = 16;
const PROOF: u32 = 24;

/// What a party's record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Of which showing.
    pub serial: i64,
    /// How long after its beginning the page was shown.
    pub after: Duration,
}

/// A serial for a new showing.
pub fn new_serial(random: &Random) -> i64 {
    let mask = (1_i64 << SERIAL) - 1;
    i64::from_be_bytes(random.bytes()) & mask
}

/// The record of a showing for whoever is shown its page now, in groups of four.
pub fn write(
    secret: &MasterSecret,
    serial: i64,
    started_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> String {
    let serial = u128::try_from(serial).unwrap_or_default() & mask(SERIAL);
    let seconds = u128::try_from((now - started_at).num_seconds()).unwrap_or_default();
    let said = (serial << SECONDS) | seconds.min(mask(SECONDS));
    let bits = (said << PROOF) | proof(secret, said);
    let mut text = String::new();
    for n in 0..LENGTH {
        if n > 0 && n % 4 == 0 {
            text.push('-');
        }
        let five = (bits >> (5 * (LENGTH - 1 - n))) & mask(5);
        let letter = usize::try_from(five).ok().and_then(|five| ALPHABET.get(five));
        text.push(char::from(*letter.unwrap_or(&b'0')));
    }
    text
}

/// What a record says that this server wrote; `None` for any other text. Hyphens, spaces, widths and
/// cases do not matter, nor do letters that look like a digit.
pub fn read(secret: &MasterSecret, text: &str) -> Option<Record> {
    let text = compact(text).to_uppercase();
    let mut bits: u128 = 0;
    let mut length = 0;
    for c in text.chars().filter(|c| !matches!(c, '-' | '－' | '—' | '–')) {
        let c = match c {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        length += 1;
        if length > LENGTH {
            return None;
        }
        let five = ALPHABET.iter().position(|letter| char::from(*letter) == c)?;
        bits = (bits << 5) | u128::try_from(five).ok()?;
    }
    let said = bits >> PROOF;
    if length != LENGTH || bits & mask(PROOF) != proof(secret, said) {
        return None;
    }
    let seconds = i64::try_from(said & mask(SECONDS)).ok()?;
    let serial = i64::try_from(said >> SECONDS).ok()?;
    Some(Record { serial, after: Duration::seconds(seconds) })
}

const fn mask(bits: u32) -> u128 {
    (1 << bits) - 1
}

fn proof(secret: &MasterSecret, said: u128) -> u128 {
    let [a, b, c, ..] = secret.url_signature(PURPOSE, &said.to_be_bytes());
    u128::from(u32::from_be_bytes([0, a, b, c]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> MasterSecret {
        MasterSecret::new(&[7; 32])
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_record_is_read_as_it_was_written_however_it_is_copied() {
        let began = at("2026-03-02T02:00:00Z");
        for (serial, later) in [(0, 0), (1, 59), (0xff_ffff_ffff, 14_400), (0x12_3456_789a, 65_535)]
        {
            let text = write(&secret(), serial, began, began + Duration::seconds(later));
            assert_eq!(text.len(), 19, "{text}");
            let expected = Some(Record { serial, after: Duration::seconds(later) });
            assert_eq!(read(&secret(), &text), expected, "{text}");
            let copied = text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            assert_eq!(read(&secret(), &copied), expected, "{copied}");
        }
        let text = write(&secret(), 7, began, began + Duration::seconds(1_000_000));
        let most = Record { serial: 7, after: Duration::seconds(65_535) };
        assert_eq!(read(&secret(), &text), Some(most), "a page shown after all that can be said");
    }

    #[test]
    fn what_another_wrote_or_somebody_changed_is_no_record() {
        let began = at("2026-03-02T02:00:00Z");
        let text = write(&secret(), 0x12_3456_789a, began, began);
        assert_eq!(read(&MasterSecret::new(&[8; 32]), &text), None);
        let mut refused = 0;
        for (n, c) in text.char_indices().filter(|(_, c)| *c != '-') {
            let other = if c == 'Z' { 'Y' } else { 'Z' };
            let mut changed = text.clone();
            changed.replace_range(n..=n, &other.to_string());
            assert_eq!(read(&secret(), &changed), None, "{changed}");
            refused += 1;
        }
        assert_eq!(refused, 16);
        for wrong in ["", "0", "!", &text[1..], &format!("{text}0"), &"9".repeat(400), "零"] {
            assert_eq!(read(&secret(), wrong), None, "{wrong}");
        }
    }
}
