//! Rules that hold for any text.

use super::{context, id, read_within, with};
use crate::imports::cells::{CellValue, choices, identity, measures, name_key, tidy};
use crate::imports::columns::{Column, Form, Heading};
use crate::imports::reader::Limits;
use crate::imports::row::{RosterRow, Seen};
use proptest::prelude::*;

proptest! {
    #[test]
    fn tidying_twice_is_tidying_once(text in "\\PC{0,40}|[\\s　０-９ｘ·•張三()（）]{0,20}") {
        let once = tidy(&text);
        prop_assert_eq!(tidy(&once), once.clone());
        let key = name_key(&text);
        prop_assert_eq!(name_key(&key), key);
    }

    #[test]
    fn a_mended_value_needs_no_more_mending(text in ".{0,30}|[张三·•. ]{2,6}|[0-9.年月日/-]{4,12}|[+86139 -]{11,15}") {
        let cell = CellValue::Text(text);
        if let Ok((name, _)) = identity::name(&cell) {
            prop_assert_eq!(identity::name(&CellValue::Text(name.clone())), Ok((name, vec![])));
        }
        if let Ok((phone, _)) = identity::phone(&cell) {
            prop_assert_eq!(identity::phone(&CellValue::Text(phone.clone())), Ok((phone, vec![])));
        }
        if let Ok((date, _)) = measures::date(&cell) {
            prop_assert_eq!(measures::date(&CellValue::Text(date.to_string())), Ok((date, vec![])));
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>(), number in any::<f64>()) {
        let _ = Heading::of(&text, &Form::ROSTER);
        let _ = choices::split_list(&text);
        for value in [CellValue::text_of(text), CellValue::Number(number)] {
            let _ = choices::storable_standing(value.clone());
            let _ = choices::remark_state(&value);
            let mut raw = with(&[]);
            for column in Column::ALL {
                raw.cells.insert(*column, value.clone());
            }
            let (row, findings) = RosterRow::parse(&raw, &context(), &mut Seen::default());
            prop_assert!(row.is_none() && !findings.is_empty());
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), magic in 0..3_usize) {
        let head: &[u8] = [&b""[..], b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"][magic];
        prop_assert!(read_within(&[head, &bytes].concat(), &Limits::default()).is_err());
    }

    #[test]
    fn one_wrong_digit_of_an_id_number_is_found(sequence in 0..1000_u32, place in 14..17_usize, add in 1..10_u8) {
        let right = id("19850102", sequence);
        prop_assert!(identity::id_number(&CellValue::Text(right.clone())).is_ok());
        let mut wrong = right.into_bytes();
        wrong[place] = (wrong[place] - b'0' + add) % 10 + b'0';
        let wrong = String::from_utf8(wrong).unwrap();
        prop_assert!(identity::id_number(&CellValue::Text(wrong)).is_err());
    }
}
