//! A row of the roster, typed: parses its cells, looks names up in the register and checks the
//! values against each other. It finds all that is wrong with a row, not only the first.

mod cursor;
mod exams;

pub use exams::Exam;

use super::cells::{self, choices, identity, measures, name_key};
use super::columns::Column;
use super::findings::{Finding, FindingCode, Note, Severity};
use super::reader::RawRow;
use crate::officers::existing::{Claim, MinistryCertificate};
use chrono::NaiveDate;
use cursor::RowCursor;
use entities::enums::{DutyStatus, Establishment, PersonKind, StandingKind};
use entities::ids::AgencyId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// An agency of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencyRef {
    /// Its id.
    pub id: AgencyId,
    /// Its present full name.
    pub name: String,
    /// The code of the division it works in.
    pub division: String,
}

/// A division or a field: a code with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The code.
    pub code: String,
    /// The full name.
    pub name: String,
}

/// What a look-up found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match<T> {
    /// Just that.
    Exact(T),
    /// By a short, former or incomplete name: shown and confirmed.
    Other(T),
    /// Several are called so.
    Ambiguous,
    /// Nothing.
    Unknown,
}

/// Look-ups in the register of organisations and in the dictionaries. Names come as
/// [`name_key`] makes them; the register builds its own keys with it.
pub trait Register {
    /// An agency by its full, short or former name.
    fn agency_by_name(&self, key: &str) -> Match<AgencyRef>;
    /// The issuer of a certificate by its full, short or former name, wherever it is: an authority
    /// lies above the importer.
    fn issuer_by_name(&self, key: &str) -> Match<AgencyRef>;
    /// An agency by its unified social credit code.
    fn agency_by_uscc(&self, uscc: &str) -> Option<AgencyRef>;
    /// A division by code or name, within the area of the division `within`.
    fn division(&self, within: &str, key: &str) -> Match<Entry>;
    /// A field of enforcement by code or name.
    fn field(&self, key: &str) -> Match<Entry>;
}

/// What the checks of a row need from outside.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The register.
    pub register: &'a dyn Register,
    /// The day in Asia/Shanghai.
    pub today: NaiveDate,
}

/// What the rows before this one left behind: of each person some bytes, so that a province's worth
/// of rows can be looked through.
#[derive(Default)]
pub struct Seen {
    /// The first 17 digits of each ID number, with the place of its sheet and its row.
    ids: HashMap<u64, (usize, u32)>,
    /// The numbers of existing certificates, likewise.
    numbers: HashMap<String, (usize, u32)>,
    units: BTreeMap<Column, cells::CellValue>,
    /// The sheets so far; the last is the one being read.
    sheets: Vec<String>,
}

/// A person as the roster describes them, with everything looked up.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct RosterRow {
    /// 2–50 characters, with `·` as the dot.
    pub name: String,
    /// 18 characters with a right check character.
    pub id_number: String,
    /// Their agency.
    pub agency: AgencyId,
    /// 内设机构
    pub section: Option<String>,
    /// 人员类别
    pub kind: PersonKind,
    /// 编制类型
    pub establishment: Establishment,
    /// 在岗状态
    pub duty: DutyStatus,
    /// 职务、职级
    pub post: Option<String>,
    /// Codes of the fields, in the order of the file.
    pub fields: Vec<String>,
    /// Code of the division; the agency's where the row gives none.
    pub area: String,
    /// 11 digits.
    pub phone: Option<String>,
    /// 公共法律知识
    pub public_exam: Option<Exam>,
    /// 专业法律知识
    pub professional_exam: Option<Exam>,
    /// Training of this year in minutes.
    pub training_minutes: Option<i64>,
    /// The certificate they hold already.
    pub prior: Option<Claim>,
    /// 部委证件
    pub ministry_certificate: Option<MinistryCertificate>,
    /// What bars them; empty for 无.
    pub standings: Vec<StandingKind>,
    /// Name of the file in the archive of photos.
    pub photo: Option<String>,
}

impl RosterRow {
    /// Parses a row. Without errors among the findings there is a row; with one there is none.
    pub fn parse(
        raw: &RawRow,
        context: &Context<'_>,
        seen: &mut Seen,
    ) -> (Option<Self>, Vec<Finding>) {
        let mut cursor = RowCursor::new(raw, seen);
        let row = Self::read(&mut cursor, context);
        let findings = cursor.findings;
        let failed = findings.iter().any(|f| f.severity == Severity::Error);
        (row.filter(|_| !failed), findings)
    }

    fn read(cursor: &mut RowCursor<'_>, context: &Context<'_>) -> Option<Self> {
        // Everything is read before anything is missed, so that one pass finds all.
        let name = cursor.required(Column::Name, identity::name);
        let id = cursor.required(Column::IdNumber, identity::id_number);
        let gender = cursor.optional(Column::Gender, |c| choices::GENDERS.parse(c));
        if let Some(id) = &id {
            if id.born_on > context.today {
                cursor.note(Column::IdNumber, Note::new(FindingCode::IdBirthDate));
            }
            cursor.note_duplicate(&id.number);
            if gender.is_some_and(|g| g != id.gender) {
                cursor.note(Column::Gender, Note::new(FindingCode::GenderDisagrees));
            }
        }
        let mut section = cursor.optional(Column::Section, cells::free);
        let agency = read_agency(cursor, context, &mut section);
        let kind = cursor.required(Column::Kind, |c| choices::KINDS.parse(c));
        let establishment =
            cursor.required(Column::Establishment, |c| choices::ESTABLISHMENTS.parse(c));
        let duty = cursor.required(Column::Duty, |c| choices::DUTIES.parse(c));
        let post = cursor.optional(Column::Post, cells::free);
        let fields = read_fields(cursor, context);
        let area = read_area(cursor, context, agency.as_ref());
        let phone = cursor.optional(Column::Phone, identity::phone);
        let training_minutes = cursor.optional(Column::Hours, measures::minutes);
        let ministry_certificate = cursor.optional(Column::MinistryCertificate, exams::ministry);
        let standings = cursor.required(Column::Standing, choices::standings);
        if let Some(state) = cursor.cell(Column::Remarks).and_then(choices::remark_state) {
            cursor.note(
                Column::Remarks,
                Note::new(FindingCode::RemarksHideState).arg("value", state),
            );
        }
        let photo = cursor.optional(Column::Photo, exams::photo);
        let public_exam =
            exams::exam(cursor, Column::PublicScore, Column::PublicDate, context.today);
        let professional_exam =
            exams::exam(cursor, Column::ProfessionalScore, Column::ProfessionalDate, context.today);
        let prior = exams::prior(cursor, context);
        let row = Self {
            name: name?,
            id_number: id?.number,
            agency: agency?.id,
            section,
            kind: kind?,
            establishment: establishment?,
            duty: duty?,
            post,
            fields,
            area: area?,
            phone,
            public_exam,
            professional_exam,
            training_minutes,
            prior,
            ministry_certificate,
            standings: standings?,
            photo,
        };
        Some(row.checked(cursor))
    }

    /// Checks the values against each other.
    fn checked(mut self, cursor: &mut RowCursor<'_>) -> Self {
        if self.ministry_certificate.is_some() {
            cursor.note(Column::MinistryCertificate, Note::new(FindingCode::MinistryFiled));
        }
        let exams = [
            (Column::PublicScore, self.public_exam.is_some()),
            (Column::ProfessionalScore, self.professional_exam.is_some()),
        ];
        if self.kind == PersonKind::AuxiliaryStaff {
            if self.prior.is_some() {
                cursor.note(Column::PriorNumber, Note::new(FindingCode::AuxiliaryHolds));
            }
            for (column, given) in exams {
                if given {
                    cursor.note(column, Note::new(FindingCode::AuxiliaryExams));
                }
            }
            self.public_exam = None;
            self.professional_exam = None;
        } else if self.may_apply() && !exams::names_prior(cursor) {
            for (column, given) in exams {
                // What is wrong with a score has been said already.
                if !given && !cursor.has_cell(column) {
                    cursor.note(column, Note::new(FindingCode::ExamMissing));
                }
            }
            if self.photo.is_none() && !cursor.has_cell(Column::Photo) {
                cursor.note(Column::Photo, Note::new(FindingCode::PhotoMissing));
            }
        }
        self
    }

    /// Whether this person can apply for a first certificate (domain §2: on establishment, in
    /// post, not excluded), so that exams and a photo are asked for.
    fn may_apply(&self) -> bool {
        self.prior.is_none()
            && self.establishment != Establishment::None
            && self.duty == DutyStatus::OnDuty
            && self.standings.is_empty()
    }
}

/// How the name of a unit within an agency ends.
const SECTION_ENDS: [char; 7] = ['科', '室', '队', '所', '股', '处', '站'];

fn read_agency(
    cursor: &mut RowCursor<'_>,
    context: &Context<'_>,
    section: &mut Option<String>,
) -> Option<AgencyRef> {
    let name = cursor.required(Column::Agency, cells::free);
    let uscc = cursor.required(Column::Uscc, identity::uscc);
    let name = name?;
    let shown = || Note::new(FindingCode::AgencyUnknown).arg("value", &name);
    let agency = match context.register.agency_by_name(&name_key(&name)) {
        Match::Exact(agency) => agency,
        Match::Other(agency) => {
            let note = Note::new(FindingCode::AgencyOtherName).arg("value", &name);
            cursor.note(Column::Agency, note.arg("read", &agency.name));
            agency
        }
        Match::Ambiguous => match uscc.as_ref().and_then(|u| context.register.agency_by_uscc(u)) {
            Some(agency) => {
                let note = Note::new(FindingCode::AgencyOtherName).arg("value", &name);
                cursor.note(Column::Agency, note.arg("read", &agency.name));
                agency
            }
            None => {
                let note = Note::new(FindingCode::AgencyAmbiguous).arg("value", &name);
                cursor.note(Column::Agency, note);
                return None;
            }
        },
        Match::Unknown => match with_section(&name, context.register) {
            Some((agency, rest)) => {
                let note = Note::new(FindingCode::AgencyWithSection).arg("read", &agency.name);
                cursor.note(Column::Agency, note.arg("section", &rest));
                section.get_or_insert(rest);
                agency
            }
            None => {
                let by_code = uscc.as_ref().and_then(|u| context.register.agency_by_uscc(u));
                let note = by_code.map_or_else(shown, |agency| shown().fix(agency.name));
                cursor.note(Column::Agency, note);
                return None;
            }
        },
    };
    let by_code = context.register.agency_by_uscc(&uscc?);
    if by_code.is_none_or(|other| other.id != agency.id) {
        cursor.note(Column::Uscc, Note::new(FindingCode::AgencyCodeDisagrees));
    }
    Some(agency)
}

/// An agency with one of its sections written behind: the longest name that is one.
fn with_section(name: &str, register: &dyn Register) -> Option<(AgencyRef, String)> {
    let key = name_key(name);
    if !key.ends_with(SECTION_ENDS) {
        return None;
    }
    let mut ends: Vec<usize> = key.char_indices().map(|(i, _)| i).skip(4).collect();
    ends.reverse();
    ends.into_iter().take(100).find_map(|end| {
        let (agency, rest) = key.split_at_checked(end)?;
        match register.agency_by_name(agency) {
            Match::Exact(found) | Match::Other(found) => Some((found, rest.to_owned())),
            _ => None,
        }
    })
}

/// Words for "all fields", which no register may answer.
const UNCLEAR_FIELDS: [&str; 7] =
    ["综合执法", "综合行政执法", "综合", "全部", "所有", "全领域", "各领域"];

fn read_fields(cursor: &mut RowCursor<'_>, context: &Context<'_>) -> Vec<String> {
    let Some(text) = cursor.required(Column::Fields, cells::free) else { return Vec::new() };
    let (parts, mut mended) = choices::split_list(&text);
    let (mut codes, mut names) = (Vec::new(), Vec::new());
    for part in &parts {
        let note = if UNCLEAR_FIELDS.contains(&part.as_str()) {
            FindingCode::FieldUnclear
        } else {
            match context.register.field(&name_key(part)) {
                Match::Exact(field) => {
                    if !codes.contains(&field.code) {
                        codes.push(field.code);
                        names.push(field.name);
                    }
                    continue;
                }
                Match::Other(field) => {
                    mended = true;
                    if !codes.contains(&field.code) {
                        codes.push(field.code);
                        names.push(field.name);
                    }
                    continue;
                }
                Match::Ambiguous => FindingCode::FieldUnclear,
                Match::Unknown => FindingCode::FieldUnknown,
            }
        };
        cursor.note(Column::Fields, Note::new(note).arg("value", part));
    }
    if parts.is_empty() {
        cursor.note(Column::Fields, Note::new(FindingCode::CellRequired));
    }
    if mended || codes.len() < parts.len() && !cursor.failed(Column::Fields) {
        cursor.note(Column::Fields, cells::read_as(&text, &names.join("、")));
    }
    codes
}

fn read_area(
    cursor: &mut RowCursor<'_>,
    context: &Context<'_>,
    agency: Option<&AgencyRef>,
) -> Option<String> {
    let text = cursor.optional(Column::Area, cells::free);
    let agency = agency?;
    let Some(text) = text else { return Some(agency.division.clone()) };
    match context.register.division(&agency.division, &name_key(&text)) {
        Match::Exact(division) => Some(division.code),
        Match::Other(division) => {
            cursor.note(Column::Area, cells::read_as(&text, &division.name));
            Some(division.code)
        }
        Match::Ambiguous | Match::Unknown => {
            cursor.note(Column::Area, Note::new(FindingCode::DivisionUnknown).arg("value", &text));
            None
        }
    }
}
