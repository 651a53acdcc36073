//! Tests of the rules of the register of people.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn names_of_every_people_are_names() {
    for good in
        ["张三", "买买提·艾力", "尼玛次仁", "欧阳 修", "ئالىم", "Anna-Maria O'Neill", "𠮷野"]
    {
        assert_eq!(name(good).as_deref(), Ok(good));
    }
    assert_eq!(name(" 张三 ").as_deref(), Ok("张三"));
    assert_eq!(name("e\u{301}a").as_deref(), Ok("éa"));
    for bad in
        ["", "张", "张三(女)", "张3", "·张三", "张三·", "张\n三", "张三,李四", &"张".repeat(51)]
    {
        assert_eq!(name(bad), Err(Refusal::NameInvalid), "{bad}");
    }
}

#[test]
fn an_id_number_tells_birth_and_gender() {
    let today = day("2026-11-23");
    // The example of the standard.
    let got = id_number(" 11010519491231002x ", today).unwrap_or_else(|_| panic!("refused"));
    assert_eq!(
        (got.number.as_str(), got.born_on, got.gender),
        ("11010519491231002X", day("1949-12-31"), Gender::Female)
    );
    for bad in [
        "",
        "110105194912310021",
        "11010519491231002",
        "1101051949123100２X",
        "张",
        "110105491231002",
    ] {
        assert!(id_number(bad, today).is_err(), "{bad}");
    }
}

fn numbered(digits: &str) -> String {
    format!("{digits}{}", id_check_character(digits).unwrap())
}

#[test]
fn nobody_is_born_after_today_or_on_a_day_that_was_not() {
    let today = day("2026-11-23");
    for (digits, good) in [
        ("11010520261123001", true),
        ("11010520261124001", false),
        ("11010518991231001", false),
        ("11010519900230001", false),
    ] {
        assert_eq!(id_number(&numbered(digits), today).is_ok(), good, "{digits}");
    }
}

proptest! {
    #[test]
    fn one_wrong_digit_of_an_id_number_is_noticed(
        tail in 0u32..1000, at in 0usize..17, digit in 0u32..10
    ) {
        let number = numbered(&format!("99010119900307{tail:03}"));
        let mut altered = number.clone();
        altered.replace_range(at..=at, &digit.to_string());
        let got = id_number(&altered, day("2026-11-23")).is_ok();
        prop_assert_eq!(got, altered == number);
    }

    #[test]
    fn any_text_is_answered(given in ".{0,30}") {
        let _ = id_number(&given, day("2026-11-23"));
        let _ = phone(&given);
        let _ = text("position", Some(&given));
        if let Ok(good) = name(&given) {
            prop_assert_eq!(name(&good), Ok(good));
        }
    }

    #[test]
    fn sittings_rise_and_each_cycle_has_its_resits(count in 1usize..12, resits in 0i32..2) {
        let next = |last: &(i32, i32)| Some(next_sitting(Some(*last), resits));
        let sittings: Vec<(i32, i32)> =
            std::iter::successors(Some(next_sitting(None, resits)), next).take(count).collect();
        for (i, (cycle, attempt)) in (0i32..).zip(sittings) {
            let each = resits + 1;
            prop_assert_eq!((cycle, attempt), (i / each + 1, i % each + 1));
        }
    }
}

#[test]
fn study_is_owed_once_the_last_resit_is_failed() {
    let policy = |resits| CertificationPolicy { resits, ..CertificationPolicy::default() };
    for (resits, attempts, owed) in [
        (1, &[][..], false),
        (1, &[(1, 599)], false),
        (1, &[(1, 599), (2, 599)], true),
        (1, &[(1, 599), (2, 600)], false),
        (1, &[(1, 600), (2, 100)], false),
        (0, &[(1, 599)], true),
        (0, &[(1, 600)], false),
    ] {
        assert_eq!(study_owed(attempts, &policy(resits)), owed, "{resits} {attempts:?}");
    }
}

#[test]
fn a_phone_is_eleven_digits() {
    for good in ["13800138000", "138 0013 8000", "+86 138-0013-8000"] {
        assert_eq!(phone(good).as_deref(), Ok("13800138000"), "{good}");
    }
    for bad in ["", "0931-8888888", "1380013800", "138001380000", "23800138000", "1380013800x"] {
        assert_eq!(phone(bad), Err(Refusal::PhoneInvalid), "{bad}");
    }
}

#[test]
fn nothing_leads_back_from_an_exit() {
    use Employment::{Deceased, InPost, OffPost, Retired};
    let outside = |e: Employment| !matches!(e, InPost | OffPost);
    for from in Employment::all() {
        for to in Employment::all() {
            let expected = match (outside(from), outside(to)) {
                (false, _) => from != to,
                (true, false) => false,
                (true, true) => to == Deceased && from != Deceased,
            };
            assert_eq!(may_become(from, to), expected, "{from:?} → {to:?}");
        }
    }
    assert_eq!(first_employment(DutyStatus::Retired), Retired);
    assert_eq!(first_employment(DutyStatus::SecondedIn), InPost);
    assert_eq!(first_employment(DutyStatus::OffDuty), OffPost);
}

#[test]
fn a_row_agrees_with_the_row_before_or_with_the_act_since() {
    use DutyStatus as D;
    use Employment as E;
    for (known, employment, row, expected) in [
        (D::OnDuty, E::InPost, D::SecondedOut, true),
        (D::OnDuty, E::InPost, D::Retired, false),
        (D::OnDuty, E::InPost, D::OffDuty, false),
        // The certificate was cancelled on retirement; the next roster says so, or is an old one.
        (D::OnDuty, E::Retired, D::Retired, true),
        (D::OnDuty, E::Retired, D::OnDuty, true),
        (D::OnDuty, E::Retired, D::OffDuty, false),
        (D::Retired, E::Retired, D::OnDuty, false),
        (D::OnDuty, E::Resigned, D::Retired, false),
    ] {
        assert_eq!(agrees(known, employment, row), expected, "{known:?} {employment:?} {row:?}");
    }
}

#[test]
fn exams_and_training_have_bounds() {
    let today = day("2026-11-23");
    assert_eq!(exam(1000, today, today), Ok(()));
    assert_eq!(exam(0, today, today), Ok(()));
    assert_eq!(exam(1001, today, today), Err(Refusal::ScoreInvalid));
    assert_eq!(exam(-1, today, today), Err(Refusal::ScoreInvalid));
    assert_eq!(exam(600, day("2026-11-24"), today), Err(Refusal::ExamDateInvalid));
    assert_eq!(exam(600, day("1999-12-31"), today), Err(Refusal::ExamDateInvalid));
    assert_eq!(training(2026, 59_940, today), Ok(()));
    assert_eq!(training(2026, 59_941, today), Err(Refusal::TrainingMinutesInvalid));
    assert_eq!(training(2026, -1, today), Err(Refusal::TrainingMinutesInvalid));
    assert_eq!(training(2027, 60, today), Err(Refusal::TrainingYearInvalid));
    assert_eq!(training(1999, 60, today), Err(Refusal::TrainingYearInvalid));
}

#[test]
fn the_last_valid_day_is_inclusive() {
    let until = day("2026-11-23");
    for state in CertificateState::all() {
        assert_eq!(state_on(state, until, until), state);
        let expected = match state {
            CertificateState::Issued | CertificateState::Active => CertificateState::Expired,
            other => other,
        };
        assert_eq!(state_on(state, until, until.succ_opt().unwrap()), expected);
    }
}
