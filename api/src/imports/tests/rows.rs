//! Whole rows: the typed answer, and the checks of values against each other.

use super::{agency, codes, context, day, good, id, parse, uscc, with};
use crate::imports::cells::CellValue;
use crate::imports::columns::Column;
use crate::imports::findings::{Finding, Severity};
use crate::imports::row::{Exam, RosterRow, Seen};
use crate::officers::existing::Claim;
use crate::platform::texts::Locale;
use entities::enums::{CertificateState, DutyStatus, Establishment, PersonKind};

fn found(changes: &[(Column, &str)]) -> Vec<String> {
    codes(&parse(&with(changes)).1)
}

#[test]
fn an_applicant_without_a_fault() {
    let expected = RosterRow {
        name: "张三".into(),
        id_number: id("19850102", 11),
        agency: agency(0).id,
        section: Some("执法一大队".into()),
        kind: PersonKind::EnforcementOfficer,
        establishment: Establishment::Administrative,
        duty: DutyStatus::OnDuty,
        post: None,
        fields: vec!["MARKET".into(), "AGRICULTURE".into()],
        area: "990100".into(),
        phone: Some("13900000001".into()),
        public_exam: Some(Exam { score_tenths: 855, taken_on: day("2026-03-05") }),
        professional_exam: Some(Exam { score_tenths: 900, taken_on: day("2026-03-06") }),
        training_minutes: Some(3_690),
        prior: None,
        ministry_certificate: None,
        standings: vec![],
        photo: Some("张三.jpg".into()),
    };
    assert_eq!(parse(&with(&[])), (Some(expected), vec![]));
}

const HOLDER: [(Column, &str); 5] = [
    (Column::PriorNumber, "28010100001"),
    (Column::PriorIssuer, "甲市司法局"),
    (Column::PriorIssued, "2024-03-05"),
    (Column::PriorUntil, "2029-03-04"),
    (Column::PriorState, "有效"),
];

#[test]
fn a_holder_brings_a_certificate_and_needs_no_exams() {
    let exams = [
        Column::PublicScore,
        Column::PublicDate,
        Column::ProfessionalScore,
        Column::ProfessionalDate,
        Column::Photo,
    ];
    let mut changes = HOLDER.to_vec();
    changes.extend(exams.map(|c| (c, "")));
    let (row, findings) = parse(&with(&changes));
    assert_eq!(codes(&findings), Vec::<String>::new());
    assert_eq!(
        row.unwrap().prior,
        Some(Claim {
            number: "28010100001".into(),
            issuer: "甲市司法局".into(),
            issuing_agency: Some(agency(1).id),
            issued_on: day("2024-03-05"),
            valid_until: Some(day("2029-03-04")),
            state: CertificateState::Active,
        })
    );
    changes.push((Column::PriorUntil, ""));
    changes.push((Column::PriorIssuer, "省政府"));
    assert_eq!(found(&changes), ["PRIOR_ISSUER_UNKNOWN 原发证机关", "PRIOR_INCOMPLETE 有效期至"]);
    assert_eq!(found(&HOLDER[1..]), ["PRIOR_WITHOUT_NUMBER 原证件编号"]);
    assert_eq!(found(&[(Column::PriorNumber, "办理中")]), ["PRIOR_NUMBER_PENDING 原证件编号"]);
}

#[test]
fn values_are_checked_against_each_other() {
    let female = id("19850102", 12);
    let unborn = id("20260602", 11);
    let other_code = uscc(1);
    for (changes, expected) in [
        (vec![(Column::Gender, "女")], vec!["GENDER_DISAGREES 性别"]),
        (vec![(Column::Gender, "?")], vec!["VALUE_UNKNOWN 性别"]),
        (vec![(Column::IdNumber, unborn.as_str())], vec!["ID_BIRTH_DATE 身份证号"]),
        (
            vec![(Column::IdNumber, female.as_str()), (Column::Gender, "2")],
            vec!["VALUE_READ_AS 性别"],
        ),
        (vec![(Column::Uscc, other_code.as_str())], vec!["AGENCY_CODE_DISAGREES 统一社会信用代码"]),
        (vec![(Column::Agency, "甲市工商局")], vec!["AGENCY_OTHER_NAME 所属机关全称"]),
        (vec![(Column::Agency, "农业局")], vec!["AGENCY_OTHER_NAME 所属机关全称"]),
        (vec![(Column::Agency, "丙局")], vec!["AGENCY_UNKNOWN 所属机关全称"]),
        (
            vec![(Column::Agency, "甲市市场监督管理局稽查大队")],
            vec!["AGENCY_WITH_SECTION 所属机关全称"],
        ),
        (vec![(Column::Agency, "同上")], vec!["NOTHING_ABOVE 所属机关全称"]),
        (vec![(Column::Fields, "市场监管,农业")], vec!["VALUE_READ_AS 执法领域"]),
        (vec![(Column::Fields, "综合执法")], vec!["FIELD_UNCLEAR 执法领域"]),
        (vec![(Column::Fields, "市场监管、航天")], vec!["FIELD_UNKNOWN 执法领域"]),
        (vec![(Column::Area, "乙")], vec!["VALUE_READ_AS 执法区域"]),
        (vec![(Column::Area, "620102")], vec!["DIVISION_UNKNOWN 执法区域"]),
        (vec![(Column::Duty, "")], vec!["CELL_REQUIRED 在岗状态"]),
        (vec![(Column::PublicDate, "")], vec!["EXAM_INCOMPLETE 公共法律考试日期"]),
        (vec![(Column::PublicDate, "2026-06-02")], vec!["DATE_IN_FUTURE 公共法律考试日期"]),
        (
            vec![(Column::PublicScore, ""), (Column::PublicDate, "")],
            vec!["EXAM_MISSING 公共法律考试成绩"],
        ),
        (vec![(Column::Photo, "")], vec!["PHOTO_MISSING 照片文件名"]),
        (vec![(Column::Photo, "../a.jpg")], vec!["PHOTO_NAME 照片文件名"]),
        (vec![(Column::Remarks, "退休")], vec!["REMARKS_HIDE_STATE 备注"]),
        (
            vec![(Column::Kind, "协管员")],
            vec![
                "VALUE_READ_AS 人员类别",
                "AUXILIARY_EXAMS 公共法律考试成绩",
                "AUXILIARY_EXAMS 专业法律考试成绩",
            ],
        ),
    ] {
        assert_eq!(found(&changes), expected, "{changes:?}");
    }
}

#[test]
fn a_picture_in_the_cell_is_no_name_of_a_file() {
    let mut raw = with(&[]);
    raw.cells.insert(Column::Photo, CellValue::Error("#VALUE!".to_owned()));
    assert_eq!(codes(&parse(&raw).1), ["PHOTO_NAME 照片文件名"]);
}

#[test]
fn auxiliaries_hold_nothing() {
    let mut changes = HOLDER.to_vec();
    changes.push((Column::Kind, "辅助人员"));
    changes.extend([(Column::PublicScore, ""), (Column::PublicDate, "")]);
    changes.extend([(Column::ProfessionalScore, ""), (Column::ProfessionalDate, "")]);
    let (row, findings) = parse(&with(&changes));
    assert_eq!(codes(&findings), ["AUXILIARY_HOLDS 原证件编号"]);
    assert!(row.is_some_and(|row| row.prior.is_some()));
}

#[test]
fn as_above_takes_the_unit_above_and_a_number_twice_is_found() {
    let mut seen = Seen::default();
    let first = with(&[]);
    assert!(RosterRow::parse(&first, &context(), &mut seen).0.is_some());
    let mut second = with(&[(Column::Agency, "同上"), (Column::Uscc, "同上")]);
    second.row = 3;
    let (row, findings) = RosterRow::parse(&second, &context(), &mut seen);
    assert_eq!(row, None);
    assert_eq!(
        codes(&findings),
        [
            "ID_DUPLICATE 身份证号",
            "VALUE_FROM_ABOVE 所属机关全称",
            "VALUE_FROM_ABOVE 统一社会信用代码"
        ]
    );
    assert_eq!(findings[0].args["row"], "2");
}

#[test]
fn all_that_is_wrong_with_a_row_is_found_in_one_pass() {
    let (row, findings) = parse(&with(&[
        (Column::Name, "张"),
        (Column::IdNumber, "123"),
        (Column::Kind, "?"),
        (Column::Standing, ""),
        (Column::PublicScore, "合格"),
    ]));
    assert_eq!(row, None);
    assert_eq!(
        codes(&findings),
        [
            "NAME_LENGTH 姓名",
            "ID_LENGTH 身份证号",
            "VALUE_UNKNOWN 人员类别",
            "CELL_REQUIRED 不得申领情形",
            "SCORE_WORD 公共法律考试成绩"
        ]
    );
}

#[test]
fn no_message_repeats_an_id_number_or_a_narrative() {
    let told = |findings: &[Finding]| -> String {
        findings.iter().map(|f| f.text(Locale::ZhCn) + &f.text(Locale::En)).collect()
    };
    let mut raw =
        with(&[(Column::IdNumber, "110105194912310021"), (Column::Phone, "0931-8888888")]);
    raw.cells.insert(Column::Standing, CellValue::Text("因酒驾被记过".to_owned()));
    let (_, findings) = parse(&raw);
    assert_eq!(findings.iter().filter(|f| f.severity == Severity::Error).count(), 3);
    for secret in ["110105", "8888888", "酒驾"] {
        assert!(!told(&findings).contains(secret), "{secret}");
    }
    assert_eq!(good().len(), 18);
}
