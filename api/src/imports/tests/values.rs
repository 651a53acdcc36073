//! What real files hold, one table a parser.

use super::{day, id, uscc};
use crate::imports::cells::{CellValue, Parsed, choices, identity, measures};
use chrono::NaiveDate;

fn text(value: &str) -> CellValue {
    CellValue::Text(value.to_owned())
}

/// The value with the codes of its notes, or the code of the error.
fn said<T: ToString>(parsed: Parsed<T>) -> String {
    match parsed {
        Ok((value, notes)) => {
            let codes: String = notes.iter().map(|n| format!(" +{}", n.code.code())).collect();
            value.to_string() + &codes
        }
        Err(note) => note.code.code().to_owned(),
    }
}

#[test]
fn names() {
    for (written, expected) in [
        ("张三", "张三"),
        ("张 三", "张三"),
        ("　张　三　", "张三"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽·买买提 +NAME_DOT_MENDED"),
        ("阿依古丽.买买提", "阿依古丽·买买提 +NAME_DOT_MENDED"),
        ("阿依古丽・买买提", "阿依古丽·买买提 +NAME_DOT_MENDED"),
        ("李梅（女）", "李梅 +NAME_SUFFIX_REMOVED"),
        ("𬱖𠮷", "𬱖𠮷"),
        ("张", "NAME_LENGTH"),
        ("张三1", "NAME_CHARACTERS"),
        ("·张三", "NAME_CHARACTERS"),
    ] {
        assert_eq!(said(identity::name(&text(written))), expected, "{written}");
    }
    assert_eq!(said(identity::name(&text(&"马".repeat(51)))), "NAME_LENGTH");
}

#[test]
fn id_numbers() {
    // The example of GB 11643-1999, appendix A.
    assert_eq!(identity::id_check_character("11010519491231002"), Some('X'));
    assert_eq!(identity::id_check_character("1101051949123100"), None);
    let number = |cell: &CellValue| said(identity::id_number(cell).map(|(i, n)| (i.number, n)));
    for (written, expected) in [
        ("11010519491231002X", "11010519491231002X"),
        ("11010519491231002x", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２ｘ", "11010519491231002X"),
        (" 110105 19491231 002X ", "11010519491231002X"),
        ("'11010519491231002X", "11010519491231002X +ID_APOSTROPHE"),
        ("110105194912310021", "ID_CHECK_DIGIT"),
        ("110105194913310021", "ID_BIRTH_DATE"),
        ("110105491231002", "ID_FIFTEEN_DIGITS"),
        ("6.2E+17", "ID_PRECISION_LOST"),
        ("110105194912310000", "ID_PRECISION_LOST"),
        ("1101051949123100", "ID_LENGTH"),
        ("11010519491231O02X", "ID_CHARACTERS"),
    ] {
        assert_eq!(number(&text(written)), expected, "{written}");
    }
    assert_eq!(number(&CellValue::Number(1.101_051_949_123_1e17)), "ID_PRECISION_LOST");
    assert_eq!(number(&CellValue::Number(110_105_491_231_002.0)), "ID_FIFTEEN_DIGITS");
    let born = identity::id_number(&text(&id("19850102", 11))).unwrap().0;
    assert_eq!((born.born_on, born.gender.code()), (day("1985-01-02"), "MALE".to_owned()));
}

#[test]
fn social_credit_codes() {
    let right = uscc(0);
    assert_eq!(right.len(), 18);
    assert_eq!(said(identity::uscc(&text(&right))), right);
    let shown = |code: &str| format!("{right} +{code}");
    // Where the check character fits, a letter can have meant one digit only.
    let letters = right.replacen('0', "O", 1).replacen('1', "I", 1);
    assert_eq!(said(identity::uscc(&text(&letters))), shown("USCC_LETTERS_MENDED"));
    let twice = letters.replacen('9', "8", 1);
    assert_eq!(said(identity::uscc(&text(&twice))), "USCC_LETTER_FOR_DIGIT");
    // A code without capitals reads the same; with some in small letters that is shown.
    let capital = format!("91620102MA{}", &right[10..17]);
    let check = identity::uscc_check_character(&format!("{capital}0")).unwrap();
    let capital = format!("{capital}{check}");
    assert_eq!(said(identity::uscc(&text(&capital))), capital);
    let small = said(identity::uscc(&text(&capital.to_lowercase())));
    assert_eq!(small, format!("{capital} +VALUE_READ_AS"));
    let other = if right.ends_with('1') { "2" } else { "1" };
    for (written, expected) in [
        (format!("{}{other}", &right[..17]), "USCC_CHECK_CHARACTER"),
        ("00000000-1".to_owned(), "USCC_OLD_CODE"),
        (right[..17].to_owned(), "USCC_LENGTH"),
        (format!("{}局", &right[..17]), "USCC_CHARACTERS"),
        ("1.1E+17".to_owned(), "USCC_PRECISION_LOST"),
    ] {
        assert_eq!(said(identity::uscc(&text(&written))), expected, "{written}");
    }
}

#[test]
fn phones() {
    for (written, expected) in [
        ("13900000001", "13900000001"),
        (" 139 0000 0001", "13900000001"),
        ("139-0000-0001", "13900000001 +PHONE_SIGNS_REMOVED"),
        ("(139)00000001", "13900000001 +PHONE_SIGNS_REMOVED"),
        ("+86 13900000001", "13900000001 +PHONE_PREFIX_REMOVED"),
        ("8613900000001", "13900000001 +PHONE_PREFIX_REMOVED"),
        ("0931-8888888", "PHONE_LANDLINE"),
        ("8888888", "PHONE_LANDLINE"),
        ("13900000001/13900000002", "PHONE_TWO_NUMBERS"),
        ("13900000001、0931-8888888", "PHONE_TWO_NUMBERS"),
        ("1390000", "PHONE_LANDLINE"),
        ("无", "PHONE_INVALID"),
    ] {
        assert_eq!(said(identity::phone(&text(written))), expected, "{written}");
    }
    assert_eq!(said(identity::phone(&CellValue::Number(13_900_000_001.0))), "13900000001");
}

#[test]
fn dates() {
    for (written, expected) in [
        ("2021-03-05", "2021-03-05"),
        ("2021.3.5", "2021-03-05 +VALUE_READ_AS"),
        ("2021/3/5", "2021-03-05 +VALUE_READ_AS"),
        ("20210305", "2021-03-05 +VALUE_READ_AS"),
        ("2021年3月5日", "2021-03-05 +VALUE_READ_AS"),
        ("44260", "2021-03-05 +VALUE_READ_AS"),
        ("2021/3/5 0:00", "2021-03-05 +VALUE_READ_AS"),
        ("2021-03-05 00:00:00", "2021-03-05 +VALUE_READ_AS"),
        ("2021-03-05 08:30:00", "DATE_INVALID"),
        ("长期", "DATE_LONG_TERM"),
        ("2021.3.5-2026.3.4", "DATE_RANGE"),
        ("20210305-20260304", "DATE_RANGE"),
        ("2021年3月5日至2026年3月4日", "DATE_RANGE"),
        ("2021-02-30", "DATE_INVALID"),
        ("2021.3", "DATE_INVALID"),
        ("去年", "DATE_INVALID"),
        ("12345", "DATE_INVALID"),
    ] {
        assert_eq!(said(measures::date(&text(written))), expected, "{written}");
    }
    let real: NaiveDate = day("2021-03-05");
    assert_eq!(said(measures::date(&CellValue::Date(real))), "2021-03-05");
    assert_eq!(said(measures::date(&CellValue::Number(44_260.0))), "2021-03-05 +VALUE_READ_AS");
}

#[test]
fn scores_and_hours() {
    for (written, expected) in [
        ("85.5", "855"),
        ("100", "1000"),
        ("0", "0"),
        ("85.50", "855"),
        ("85分", "850 +VALUE_READ_AS"),
        ("合格", "SCORE_WORD"),
        ("缺考", "SCORE_ABSENT"),
        ("100.1", "NUMBER_RANGE"),
        ("-1", "NUMBER_RANGE"),
        ("85.55", "NUMBER_PRECISION"),
        ("八十五", "NUMBER_INVALID"),
    ] {
        assert_eq!(said(measures::score(&text(written))), expected, "{written}");
    }
    assert_eq!(said(measures::score(&CellValue::Number(85.3))), "853");
    for (written, expected) in [
        ("60", "3600"),
        ("60.5", "3630"),
        ("60学时", "3600 +VALUE_READ_AS"),
        ("8天", "HOURS_IN_DAYS"),
        ("1000", "NUMBER_RANGE"),
        ("", "NUMBER_INVALID"),
    ] {
        assert_eq!(said(measures::minutes(&text(written))), expected, "{written}");
    }
}

#[test]
fn choices_of_lists() {
    let kind = |w| said(choices::KINDS.parse(&text(w)).map(|(v, n)| (v.code(), n)));
    assert_eq!(kind("执法人员"), "ENFORCEMENT_OFFICER");
    for word in ["协管员", "协勤", "临聘"] {
        assert_eq!(kind(word), "AUXILIARY_STAFF +VALUE_READ_AS", "{word}");
    }
    assert_eq!(kind("局长"), "VALUE_UNKNOWN");
    let place = |w| said(choices::ESTABLISHMENTS.parse(&text(w)).map(|(v, n)| (v.code(), n)));
    for word in ["全额", "工勤", "公益岗"] {
        assert_eq!(place(word), "VALUE_UNCLEAR", "{word}");
    }
    assert_eq!(
        said(choices::DUTIES.parse(&text("长期病假")).map(|(v, n)| (v.code(), n))),
        "VALUE_UNCLEAR"
    );
    let state = |w| said(choices::PRIOR_STATES.parse(&text(w)).map(|(v, n)| (v.code(), n)));
    assert_eq!(
        (state("正常"), state("已收回")),
        ("ACTIVE +VALUE_READ_AS".into(), "VALUE_UNCLEAR".into())
    );
    let gender = |w| said(choices::GENDERS.parse(&text(w)).map(|(v, n)| (v.code(), n)));
    assert_eq!((gender("1"), gender("女")), ("MALE +VALUE_READ_AS".into(), "FEMALE".into()));
}

#[test]
fn standings_are_codes_and_narratives_are_withheld() {
    let parse = |w: &str| {
        said(choices::standings(&text(w)).map(|(kinds, notes)| {
            (kinds.iter().map(|k| k.code()).collect::<Vec<_>>().join(","), notes)
        }))
    };
    for (written, expected) in [
        ("无", ""),
        ("没有", " +VALUE_READ_AS"),
        ("有", "STANDING_CODE_MISSING"),
        ("有-立案审查调查", "UNDER_INVESTIGATION"),
        ("有：立案审查调查、有-应离岗培训", "UNDER_INVESTIGATION,RETRAINING_OWED"),
        ("INCOMPETENT_RATING", "INCOMPETENT_RATING"),
        ("2024年因酒驾被记过", "STANDING_NARRATIVE"),
        ("有，2024年因酒驾被记过", "STANDING_NARRATIVE"),
    ] {
        assert_eq!(parse(written), expected, "{written}");
    }
    let narrative = choices::storable_standing(text("2024年因酒驾被记过"));
    assert_eq!(narrative, CellValue::Withheld);
    assert_eq!(choices::storable_standing(text("无")), text("无"));
}
