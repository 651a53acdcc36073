//! The roster workbook of the demo: the sheets 填写说明, 人员 and 字典 with the canonical headings of
//! the roster, every cell as text. Rows are written as they come, so that a province's worth
//! takes little memory.

use entities::enums::{DutyStatus, Establishment, Gender, PersonKind, StandingKind};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::divisions::{Field, fields};
use super::province::DemoAgency;
use super::roster::{DemoOfficer, Exam};
use super::{TEXTS, portraits};
use crate::platform::texts::Locale;

/// The canonical headings of the sheet 人员, in the order they are written.
pub const HEADINGS: [&str; 27] = [
    "姓名",
    "身份证号",
    "性别",
    "所属机关全称",
    "统一社会信用代码",
    "内设机构",
    "人员类别",
    "编制类型",
    "在岗状态",
    "职务、职级",
    "执法领域",
    "执法区域",
    "手机号",
    "公共法律考试成绩",
    "公共法律考试日期",
    "专业法律考试成绩",
    "专业法律考试日期",
    "本年培训学时",
    "原证件编号",
    "原发证机关",
    "原发证日期",
    "有效期至",
    "原证件状态",
    "部委证件",
    "不得申领情形",
    "照片文件名",
    "备注",
];

/// The names of the three sheets.
pub const SHEETS: [&str; 3] = ["填写说明", "人员", "字典"];

/// The workbook of these officers, who may be a part of a roster. The same officers give the same
/// bytes. Errors are those of the temporary file rows are kept in.
pub fn workbook(agencies: &[DemoAgency], officers: &[DemoOfficer]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let [instructions, people, dictionary] = SHEETS;
    write_instructions(workbook.add_worksheet_with_constant_memory()?.set_name(instructions)?)?;
    let sheet = workbook.add_worksheet_with_constant_memory()?.set_name(people)?;
    let mut sheet = TextSheet::new(sheet)?;
    sheet.heading(&HEADINGS)?;
    let dictionary_rows = fields();
    for officer in officers {
        let Some(agency) = agencies.get(officer.agency) else { continue };
        sheet.row(&cells(officer, agency, &dictionary_rows))?;
    }
    let sheet = workbook.add_worksheet_with_constant_memory()?.set_name(dictionary)?;
    write_dictionary(TextSheet::new(sheet)?, &dictionary_rows)?;
    workbook.save_to_buffer()
}

/// A sheet written row by row, each cell as text: no number loses a digit or its leading zeros.
struct TextSheet<'a> {
    sheet: &'a mut Worksheet,
    text: Format,
    bold: Format,
    next: u32,
}

impl<'a> TextSheet<'a> {
    fn new(sheet: &'a mut Worksheet) -> Result<Self, XlsxError> {
        let text = Format::new().set_num_format("@");
        sheet.set_column_range_width(0, 26, 18)?;
        sheet.set_column_range_format(0, 26, &text)?;
        Ok(Self { sheet, bold: text.clone().set_bold(), text, next: 0 })
    }

    fn heading(&mut self, cells: &[&str]) -> Result<(), XlsxError> {
        self.sheet.set_freeze_panes(1, 0)?;
        for (column, cell) in (0..).zip(cells) {
            self.sheet.write_string_with_format(self.next, column, *cell, &self.bold)?;
        }
        self.next += 1;
        Ok(())
    }

    fn row(&mut self, cells: &[String]) -> Result<(), XlsxError> {
        for (column, cell) in (0..).zip(cells) {
            if !cell.is_empty() {
                self.sheet.write_string_with_format(self.next, column, cell, &self.text)?;
            }
        }
        self.next += 1;
        Ok(())
    }
}

/// The lines of the instructions, by the ids of their texts.
const INSTRUCTIONS: [&str; 6] = [
    "demo-roster-title",
    "demo-roster-fictitious",
    "demo-roster-text",
    "demo-roster-dates",
    "demo-roster-fields",
    "demo-roster-repeat",
];

fn write_instructions(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 64)?.set_column_width(1, 84)?;
    for (row, id) in (0..).zip(INSTRUCTIONS) {
        for (column, locale) in (0..).zip(Locale::ALL) {
            sheet.write_string(row, column, TEXTS.text(locale, id, &[]))?;
        }
    }
    Ok(())
}

/// Columns of the allowed values, beneath the heading each belongs to.
fn write_dictionary(mut sheet: TextSheet<'_>, fields: &[Field]) -> Result<(), XlsxError> {
    let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let columns = [
        ("执法领域", fields.iter().map(|f| f.name_zh.to_owned()).collect()),
        ("人员类别", words(&["执法人员", "监督人员", "辅助人员"])),
        ("编制类型", Establishment::all().map(|e| establishment(e).to_owned()).collect()),
        ("在岗状态", DutyStatus::all().map(|d| duty(d).to_owned()).collect()),
        (
            "不得申领情形",
            std::iter::once("无".to_owned()).chain(StandingKind::all().map(exclusion)).collect(),
        ),
    ];
    sheet.heading(&columns.each_ref().map(|(heading, _)| *heading))?;
    let height = columns.iter().map(|(_, values)| values.len()).max().unwrap_or_default();
    for row in 0..height {
        let cells =
            columns.each_ref().map(|(_, values)| values.get(row).cloned().unwrap_or_default());
        sheet.row(&cells)?;
    }
    Ok(())
}

/// The cells of a person, under [`HEADINGS`].
fn cells(officer: &DemoOfficer, agency: &DemoAgency, dictionary: &[Field]) -> [String; 27] {
    let kind = match officer.kind {
        PersonKind::EnforcementOfficer => "执法人员",
        PersonKind::SupervisionOfficer => "监督人员",
        PersonKind::AuxiliaryStaff | PersonKind::ClericalStaff => "辅助人员",
    };
    let fields: Vec<_> =
        dictionary.iter().filter(|f| officer.fields.contains(&f.code)).map(|f| f.name_zh).collect();
    let blank = String::new;
    let prior = officer.prior.as_ref();
    [
        officer.name.clone(),
        officer.id_number.clone(),
        if officer.gender == Gender::Male { "男" } else { "女" }.to_owned(),
        agency.name.clone(),
        agency.credit_code.clone(),
        officer.unit.to_owned(),
        kind.to_owned(),
        establishment(officer.establishment).to_owned(),
        duty(officer.duty).to_owned(),
        officer.position.to_owned(),
        fields.join("、"),
        officer.area.unwrap_or_default().to_owned(),
        officer.phone.clone(),
        officer.public_law.map_or_else(blank, score),
        officer.public_law.map_or_else(blank, |exam| exam.on.to_string()),
        officer.professional_law.map_or_else(blank, score),
        officer.professional_law.map_or_else(blank, |exam| exam.on.to_string()),
        officer.training_minutes.map_or_else(blank, |minutes| tenths(minutes * 10 / 60)),
        prior.map_or_else(blank, |p| p.number.clone()),
        prior.map_or_else(blank, |p| p.issuer.clone()),
        prior.map_or_else(blank, |p| p.issued_on.to_string()),
        prior.map_or_else(blank, |p| {
            p.valid_until.map_or_else(|| "长期".to_owned(), |day| day.to_string())
        }),
        prior.map_or_else(blank, |p| p.state.to_owned()),
        officer.ministry.unwrap_or_default().to_owned(),
        officer.exclusion.map_or_else(|| "无".to_owned(), exclusion),
        officer.portrait.map_or_else(blank, portraits::file_name),
        blank(),
    ]
}

fn score(exam: Exam) -> String {
    tenths(exam.score / 1_000)
}

/// Tenths as people write them: `85` and `85.5`.
fn tenths(value: i64) -> String {
    match value % 10 {
        0 => (value / 10).to_string(),
        tenth => format!("{}.{tenth}", value / 10),
    }
}

fn establishment(establishment: Establishment) -> &'static str {
    match establishment {
        Establishment::Administrative => "行政",
        Establishment::CivilServantManaged => "参公",
        Establishment::PublicInstitution => "事业",
        Establishment::None => "无编制",
    }
}

fn duty(duty: DutyStatus) -> &'static str {
    match duty {
        DutyStatus::OnDuty => "在岗",
        DutyStatus::SecondedOut => "借出",
        DutyStatus::SecondedIn => "借入",
        DutyStatus::OffDuty => "离岗",
        DutyStatus::Retired => "退休",
    }
}

/// 有 and the case, without details.
fn exclusion(standing: StandingKind) -> String {
    let case = match standing {
        StandingKind::IncompetentRating => "考核不称职",
        StandingKind::DemeritOrHeavier => "记过以上处分期内",
        StandingKind::UnderInvestigation => "立案审查调查",
        StandingKind::RecentSanction => "处分后未满限制期",
        StandingKind::RecentRevocation => "吊销后未满限制期",
        StandingKind::RetrainingOwed => "应离岗培训",
    };
    format!("有-{case}")
}

#[cfg(test)]
mod tests {
    use super::super::province::{Extent, agencies};
    use super::super::roster::officers;
    use super::*;
    use calamine::{Data, Reader as _, Xlsx};
    use chrono::NaiveDate;
    use std::io::Cursor;

    fn open(count: usize) -> (Vec<DemoAgency>, Vec<DemoOfficer>, Xlsx<Cursor<Vec<u8>>>) {
        let agencies = agencies(Extent::for_officers(count));
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let officers = officers(count, 1, today, &agencies);
        let bytes = workbook(&agencies, &officers).unwrap();
        (agencies, officers, Xlsx::new(Cursor::new(bytes)).unwrap())
    }

    #[test]
    fn it_has_the_three_sheets_the_headings_and_a_row_a_person() {
        let (agencies, officers, mut book) = open(2_000);
        assert_eq!(book.sheet_names(), SHEETS);
        let people = book.worksheet_range("人员").unwrap();
        let rows: Vec<Vec<String>> = people
            .rows()
            .map(|row| {
                row.iter()
                    .map(|cell| match cell {
                        Data::String(text) => text.clone(),
                        Data::Empty => String::new(),
                        other => panic!("not text: {other:?}"),
                    })
                    .collect()
            })
            .collect();
        assert_eq!(rows.len(), 2_001);
        assert_eq!(rows[0], HEADINGS);
        for (row, officer) in rows[1..].iter().zip(&officers) {
            let agency = &agencies[officer.agency];
            assert_eq!(row[0], officer.name);
            assert_eq!(row[1], officer.id_number);
            assert_eq!([&row[3], &row[4]], [&agency.name, &agency.credit_code]);
            for required in [0, 1, 3, 4, 6, 7, 8, 10, 24] {
                assert!(!row[required].is_empty(), "{}: {row:?}", HEADINGS[required]);
            }
        }
    }

    #[test]
    fn the_dictionary_and_the_instructions_are_there() {
        let (_, _, mut book) = open(10);
        let dictionary = book.worksheet_range("字典").unwrap();
        assert_eq!(dictionary.height(), fields().len() + 1);
        let first: Vec<_> =
            dictionary.rows().nth(1).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(first, ["市场监管", "执法人员", "行政", "在岗", "无"]);
        let bar = dictionary.rows().nth(2).unwrap()[4].to_string();
        assert_eq!(bar, "有-考核不称职");
        let instructions = book.worksheet_range("填写说明").unwrap();
        assert_eq!(instructions.get_size(), (INSTRUCTIONS.len(), 2));
    }

    #[test]
    fn the_same_officers_give_the_same_bytes() {
        let agencies = agencies(Extent::Usual);
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let officers = officers(50, 1, today, &agencies);
        assert!(workbook(&agencies, &officers).unwrap() == workbook(&agencies, &officers).unwrap());
    }

    #[test]
    fn every_line_of_the_instructions_has_both_languages() {
        for id in INSTRUCTIONS {
            for locale in Locale::ALL {
                assert!(TEXTS.try_text(locale, id, &[]).is_some(), "{id} {locale:?}");
            }
        }
    }

    #[test]
    fn scores_and_hours_are_written_as_people_write_them() {
        let on = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        assert_eq!(score(Exam { score: 855_000, on }), "85.5");
        assert_eq!(score(Exam { score: 1_000_000, on }), "100");
        assert_eq!(tenths(605), "60.5");
    }
}
