//! A row of a dirty roster: how its cells differ from those of an applicant without a fault, what
//! must be found in it, and what the register must hold of the person afterwards.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::places::{Place, Places};
use crate::roster::id_number;

/// The day of everybody's exams.
pub const EXAM_DAY: &str = "2025-06-10";

/// What a cell of the workbook holds.
#[derive(Clone)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number, such as a spreadsheet makes of digits.
    Number(f64),
    /// A day in a cell with a date format: its number, and what the cell shows.
    Day(u32, &'static str),
    /// A picture that lies over the cell, which is empty.
    PictureOver,
    /// A picture in the cell itself, as Excel keeps it.
    PictureIn,
}

impl Cell {
    /// What a spreadsheet writes of it into a CSV file.
    pub fn in_csv(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            // Eleven digits are shown; more become a power of ten.
            Self::Number(number) if *number >= 1e11 => {
                let power = number.log10().floor();
                format!("{:.5}E+{power}", number / 10_f64.powf(power))
            }
            Self::Number(number) => number.to_string(),
            Self::Day(_, shown) => (*shown).to_owned(),
            Self::PictureOver => String::new(),
            Self::PictureIn => "#VALUE!".to_owned(),
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

/// What becomes of a row: the word of the report's column 结果.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing to say.
    Fine,
    /// Entered, with a remark.
    Warned,
    /// Entered once the mendings are confirmed.
    Asked,
    /// Not entered.
    Wrong,
}

impl Outcome {
    /// The word in the report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fine => "通过",
            Self::Warned => "通过（有提示）",
            Self::Asked => "待确认",
            Self::Wrong => "需更正",
        }
    }
}

/// A finding as it is expected: `CODE 列名`, and what its text must hold.
#[derive(Clone, Debug)]
pub struct Found {
    /// `CODE 列名`, as the report's column `Findings` begins.
    pub key: String,
    /// A part of the text: the mended value, or what is asked.
    pub says: String,
}

/// A row of the roster with everything that is expected of it.
#[derive(Clone)]
pub struct Row {
    /// Heading and cell.
    pub cells: BTreeMap<&'static str, Cell>,
    /// Its unit and the code stand in a merged area that begins in a row above.
    pub merged: bool,
    /// The row is hidden.
    pub hidden: bool,
    /// What becomes of it.
    pub outcome: Outcome,
    /// What is found in it.
    pub found: Vec<Found>,
    /// What is found in a CSV file where that differs, for CSV cannot hold what was to be seen.
    pub found_in_csv: Option<(Outcome, Vec<Found>)>,
    /// The person as the register must have it, where the row is entered.
    pub person: Value,
}

/// The applicants without a fault that rows are made from.
pub struct Applicants<'a> {
    places: &'a Places,
    next: u32,
}

impl<'a> Applicants<'a> {
    pub fn new(places: &'a Places) -> Self {
        Self { places, next: 1 }
    }

    /// A man of the district's market regulation who lacks nothing.
    pub fn next(&mut self) -> Row {
        let ordinal = self.next;
        self.next += 1;
        let name = crate::roster::name('闵', ordinal);
        let id = id_number(ordinal);
        let phone = format!("139{ordinal:08}");
        let Place { name: agency, uscc, .. } = &self.places.market;
        let cells = [
            ("姓名", name.as_str()),
            ("身份证号", &id),
            ("性别", "男"),
            ("所属机关全称", agency),
            ("统一社会信用代码", uscc),
            ("内设机构", "执法监督科"),
            ("人员类别", "执法人员"),
            ("编制类型", "行政"),
            ("在岗状态", "在岗"),
            ("职务、职级", "一级科员"),
            ("执法领域", "市场监管"),
            ("手机号", &phone),
            ("公共法律考试成绩", "85.5"),
            ("公共法律考试日期", EXAM_DAY),
            ("专业法律考试成绩", "90"),
            ("专业法律考试日期", EXAM_DAY),
            ("本年培训学时", "61.5"),
            ("不得申领情形", "无"),
            ("照片文件名", "portrait.jpg"),
        ];
        Row {
            cells: cells.into_iter().map(|(heading, text)| (heading, text.into())).collect(),
            merged: false,
            hidden: false,
            outcome: Outcome::Fine,
            found: Vec::new(),
            found_in_csv: None,
            person: json!({
                "name": name,
                "idNumber": id,
                "phone": phone,
                "agency": agency,
                "internalUnit": "执法监督科",
                "kind": "ENFORCEMENT_OFFICER",
                "establishment": "ADMINISTRATIVE",
                "duty": "ON_DUTY",
                "employment": "IN_POST",
                "position": "一级科员",
                "fields": ["市场监管"],
                "area": "620102",
                "exams": ["PROFESSIONAL_LAW 1/1 900 2025-06-10", "PUBLIC_LAW 1/1 855 2025-06-10"],
                "trainingMinutes": 3_690,
                "standings": [],
                "hasPhoto": false,
                "currentCertificate": null,
            }),
        }
    }

    /// A man who holds a certificate already: no exams, no photo.
    pub fn holder(&mut self) -> Row {
        let number = format!("620100{:05}", self.next);
        let row = self.next().bare();
        row.with("原证件编号", number.as_str())
            .with("原发证机关", self.places.issuer.as_str())
            .with("原发证日期", "2024-03-05")
            .with("有效期至", "2029-03-04")
            .with("原证件状态", "有效")
    }
}

impl Row {
    /// With another cell; an empty text takes the cell away.
    pub fn with(mut self, heading: &'static str, cell: impl Into<Cell>) -> Self {
        let cell = cell.into();
        if matches!(&cell, Cell::Text(text) if text.is_empty()) {
            self.cells.remove(heading);
        } else {
            self.cells.insert(heading, cell);
        }
        self
    }

    /// Without exams and photo, as it is filled in for those who do not apply.
    pub fn bare(mut self) -> Self {
        for heading in [
            "公共法律考试成绩",
            "公共法律考试日期",
            "专业法律考试成绩",
            "专业法律考试日期",
            "照片文件名",
        ] {
            self.cells.remove(heading);
        }
        self.keeps("exams", json!([]))
    }

    /// Something to confirm is found.
    pub fn asks(self, key: &str, says: &str) -> Self {
        self.finds(Outcome::Asked, key, says)
    }

    /// Something worth knowing is found.
    pub fn warns(self, key: &str, says: &str) -> Self {
        self.finds(Outcome::Warned, key, says)
    }

    /// Something is wrong, and the row is not entered.
    pub fn fails(self, key: &str, says: &str) -> Self {
        self.finds(Outcome::Wrong, key, says)
    }

    fn finds(mut self, outcome: Outcome, key: &str, says: &str) -> Self {
        self.outcome = self.outcome.max(outcome);
        self.found.push(Found { key: key.to_owned(), says: says.to_owned() });
        self
    }

    /// A field of the person in the register is other than an applicant's.
    pub fn keeps(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.person[field] = value.into();
        self
    }

    /// The person has another ID number, in the cell and in the register.
    pub fn id(self, number: &str) -> Self {
        self.with("身份证号", number).keeps("idNumber", number)
    }

    /// The person works elsewhere, in both cells and in the register.
    pub fn at(self, place: &Place) -> Self {
        self.with("所属机关全称", place.name.as_str())
            .with("统一社会信用代码", place.uscc.as_str())
            .keeps("agency", place.name.as_str())
            .keeps("area", place.division.as_str())
    }

    /// Unit and code come from the merged area above. A CSV file has no merged areas: there the
    /// cells are empty.
    pub fn merged(mut self) -> Self {
        self.cells.remove("所属机关全称");
        self.cells.remove("统一社会信用代码");
        self.merged = true;
        let empty = |heading: &str| Found {
            key: format!("CELL_REQUIRED {heading}"),
            says: "must be filled in".to_owned(),
        };
        let empty = vec![empty("所属机关全称"), empty("统一社会信用代码")];
        self.found_in_csv = Some((Outcome::Wrong, empty));
        self
    }

    /// In a CSV file this can no longer be seen.
    pub fn unseen_in_csv(mut self, key: &str) -> Self {
        let left: Vec<Found> = self.found.iter().filter(|f| f.key != key).cloned().collect();
        let outcome = if left.is_empty() { Outcome::Fine } else { Outcome::Warned };
        self.found_in_csv = Some((outcome, left));
        self
    }

    /// The row is hidden.
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Outcome and findings in a workbook or in a CSV file.
    pub fn expected(&self, csv: bool) -> (Outcome, &[Found]) {
        match &self.found_in_csv {
            Some((outcome, found)) if csv => (*outcome, found),
            _ => (self.outcome, &self.found),
        }
    }
}
