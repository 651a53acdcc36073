//! Whatever is done to a code, it is answered, and never with VALID.

use mobile_contract::{Verdict, open};
use proptest::prelude::*;

use crate::fixtures::*;

/// A sound code of each form, each valid as it is.
fn sound(form: usize) -> String {
    match form {
        0 => printed_code(),
        1 => printed().issue(&issuer_es256()).unwrap().digits(),
        _ => phone_code(NOW, None),
    }
}

fn never_valid(code: &str) -> Result<(), TestCaseError> {
    let verdict = scan_with(code, Some(&CHALLENGE)).verdict;
    let refused = [
        Verdict::Unreadable,
        Verdict::UnknownIssuer,
        Verdict::SignatureInvalid,
        // Where the bit that says "challenged" was turned, and perhaps the time changed: what cannot be
        // verified without that challenge is not called forged.
        Verdict::ChallengeBound,
        Verdict::StaleCode,
    ];
    prop_assert!(refused.contains(&verdict), "{verdict} for {code}");
    Ok(())
}

#[test]
fn every_single_bit_counts() {
    for form in 0..3 {
        let whole = bytes(&sound(form));
        assert_eq!(scan(&digits(&whole)).verdict, Verdict::Valid);
        for bit in 0..whole.len() * 8 {
            let mut turned = whole.clone();
            turned[bit / 8] ^= 0x80 >> (bit % 8);
            never_valid(&digits(&turned)).unwrap();
        }
    }
}

/// Numbers by chance, the same in each run (splitmix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

/// Does something to bytes: bits turned, bytes changed, put in, taken out, doubled, swapped, cut off,
/// or the end of another code set in.
fn mutate(bytes: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    let (at, to) = (chance.below(bytes.len()), chance.below(bytes.len()));
    match chance.below(9) {
        0 => bytes[at] ^= 1 << chance.below(8),
        1 => bytes[at] = chance.byte(),
        2 => bytes.insert(at, chance.byte()),
        3 => {
            bytes.remove(at);
        }
        4 => bytes.swap(at, to),
        5 => bytes.truncate(at.max(1)),
        6 => {
            let part = bytes[at.min(to)..=at.max(to)].to_vec();
            let part = &part[..part.len().min(16)];
            bytes.splice(at..at, part.iter().copied());
        }
        7 => {
            bytes.truncate(at);
            bytes.extend(&other[to.min(other.len() - 1)..]);
        }
        // What is strict about CBOR: the head of an item.
        _ => {
            const HEADS: [u8; 11] =
                [0x18, 0x19, 0x1b, 0x40, 0x5f, 0x80, 0x9f, 0xbf, 0xd2, 0xf5, 0xff];
            bytes[at] = HEADS[chance.below(HEADS.len())];
        }
    }
}

/// Scans so many codes that were changed by chance, and codes of chance digits.
fn scan_changed_codes(count: u64) {
    let sound: Vec<Vec<u8>> = (0..3).map(|form| bytes(&sound(form))).collect();
    let originals: Vec<&[u8]> = sound.iter().map(Vec::as_slice).collect();
    let bare = phone_credential();
    let mut chance = Chance(20_261_130);
    for _ in 0..count {
        let mut changed = originals[chance.below(3)].to_vec();
        for _ in 0..=chance.below(3) {
            if changed.is_empty() {
                break;
            }
            mutate(&mut changed, originals[chance.below(3)], &mut chance);
        }
        let leads = changed.first().is_some_and(|first| *first != 0);
        if !leads || changed.len() > 330 || changed == bare || originals.contains(&&changed[..]) {
            continue;
        }
        never_valid(&digits(&changed)).unwrap();
    }
}

/// As many as a second allows; the million that the contract promises is the test below.
#[test]
fn codes_changed_by_chance_are_refused() {
    scan_changed_codes(5_000);
}

/// `cargo test --release --package mobile-contract -- --ignored a_million`
#[test]
#[ignore = "takes minutes without optimisation"]
fn a_million_codes_changed_by_chance_are_refused() {
    scan_changed_codes(1_000_000);
}

proptest! {
    #[test]
    fn a_changed_digit_is_refused(form in 0usize..3, at: prop::sample::Index, digit in 0u8..10) {
        let mut code = sound(form).into_bytes();
        let at = at.index(code.len());
        let digit = b'0' + digit;
        prop_assume!(code[at] != digit);
        code[at] = digit;
        never_valid(&String::from_utf8(code).unwrap())?;
    }

    #[test]
    fn a_part_is_refused(form in 0usize..3, from: prop::sample::Index, to: prop::sample::Index) {
        let code = sound(form);
        let (from, to) = (from.index(code.len() + 1), to.index(code.len() + 1));
        prop_assume!(from <= to && to - from < code.len());
        never_valid(&code[from..to])?;
        let whole = bytes(&code);
        let (from, to) = (from * whole.len() / code.len(), to * whole.len() / code.len());
        prop_assume!(to > from && to - from < whole.len() && whole[from] != 0);
        never_valid(&digits(&whole[from..to]))?;
    }

    #[test]
    fn parts_of_two_codes_are_refused(
        a in 0usize..4, b in 0usize..4, at: prop::sample::Index, to: prop::sample::Index,
    ) {
        let of = |form| if form == 3 { phone_credential() } else { bytes(&sound(form)) };
        let (a, b) = (of(a), of(b));
        let (at, to) = (at.index(a.len()), to.index(b.len()));
        let spliced = [&a[..at], &b[to..]].concat();
        prop_assume!(spliced.first().is_some_and(|first| *first != 0));
        let sound = |form| bytes(&sound(form)) == spliced;
        prop_assume!(!(0..3).any(sound) && spliced != phone_credential() && spliced.len() < 330);
        never_valid(&digits(&spliced))?;
    }

    #[test]
    fn several_changed_bytes_are_refused(
        form in 0usize..3,
        changes in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 1..6),
    ) {
        let whole = bytes(&sound(form));
        let mut changed = whole.clone();
        for (at, with) in changes {
            let at = at.index(changed.len());
            changed[at] ^= with;
        }
        prop_assume!(changed[0] != 0 && changed != whole);
        never_valid(&digits(&changed))?;
    }

    #[test]
    fn any_bytes_and_any_text_are_answered(
        bytes in prop::collection::vec(any::<u8>(), 1..330), text: String,
    ) {
        prop_assume!(bytes[0] != 0);
        prop_assert!(open(&digits(&bytes), &keys(), None).is_err());
        prop_assert!(open(&text, &keys(), None).is_err());
        // Past the tag, where more of the reader is reached.
        let tagged = [&[0xd2, 0x84], bytes.as_slice()].concat();
        prop_assume!(tagged.len() < 332);
        prop_assert!(open(&digits(&tagged), &keys(), None).is_err());
    }
}
