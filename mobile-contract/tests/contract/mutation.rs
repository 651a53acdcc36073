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
        // Where the bit that says "challenged" was turned.
        Verdict::ChallengeBound,
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
