//! The rules of organisations: the form of names and codes, what a kind of agency asks for, and
//! the trees that scopes are taken from. Pure: no database, no clock.

mod trees;
mod uscc;

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use entities::enums::{AgencyKind, DivisionLevel, Leadership};
use entities::ids::AgencyId;
use unicode_normalization::{UnicodeNormalization, is_nfc};

pub use trees::{Trees, trees};
pub use uscc::{uscc_check_character, uscc_is_valid};

use super::error::{OrganisationCode as Code, OrganisationRefusal as Refusal};
use super::{NewAgency, NewDivision};

/// Characters of an agency's name.
const NAME: std::ops::RangeInclusive<usize> = 2..=100;
/// Short and former names of one agency.
const ALIASES: usize = 20;
/// Steps from an agency up to the root of its line.
const LINE_DEPTH: usize = 16;

/// What the rules look at of an agency that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Which.
    pub id: AgencyId,
    /// Full official name.
    pub name: String,
    /// What it is in law.
    pub kind: AgencyKind,
    /// Who leads it.
    pub leadership: Leadership,
    /// A justice department.
    pub is_justice: bool,
    /// An issuing authority.
    pub issues_certificates: bool,
    /// Its division.
    pub division_code: String,
    /// Superior department of its line.
    pub superior_id: Option<AgencyId>,
    /// The organ that entrusts it.
    pub entrusted_by_id: Option<AgencyId>,
    /// Not abolished.
    pub exists: bool,
}

impl From<&NewAgency> for Node {
    fn from(new: &NewAgency) -> Self {
        Self {
            id: new.id,
            name: new.name.clone(),
            kind: new.kind,
            leadership: new.leadership,
            is_justice: new.is_justice,
            issues_certificates: new.issues_certificates,
            division_code: new.division_code.clone(),
            superior_id: new.superior_id,
            entrusted_by_id: new.entrusted_by_id,
            exists: true,
        }
    }
}

/// What the rules look at of a division.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its level.
    pub level: DivisionLevel,
    /// The division above.
    pub parent_code: Option<String>,
}

/// Divisions by code.
pub type Places = HashMap<String, Place>;

/// A name in NFC without blanks at its ends, or the refusal of one that is none.
pub fn name(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let name: String = if is_nfc(text) { text.to_owned() } else { text.nfc().collect() };
    if NAME.contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        Ok(name)
    } else {
        Err(Refusal::new(Code::AgencyNameInvalid, text))
    }
}

/// A phone number shown to the public: digits, with hyphens or a plus, 5–20 characters.
pub fn phone(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let good = (5..=20).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b' '))
        && text.bytes().any(|b| b.is_ascii_digit());
    if good { Ok(text.to_owned()) } else { Err(Refusal::new(Code::ComplaintPhoneInvalid, text)) }
}

/// The form of a division's code for its level (GB/T 2260; townships GB/T 10114, nine digits),
/// and whether it lies under its parent.
pub fn division(new: &NewDivision, known: &Places) -> Result<(), Refusal> {
    let refuse = |code| Err(Refusal::new(code, &new.code));
    if !code_fits(&new.code, new.level) || new.name.trim().is_empty() {
        return refuse(Code::DivisionInvalid);
    }
    match (&new.parent_code, new.level) {
        (None, DivisionLevel::Province) => Ok(()),
        (None, _) | (Some(_), DivisionLevel::Province) => refuse(Code::DivisionParentInvalid),
        (Some(parent), level) => match known.get(parent) {
            Some(above)
                if above.level < level
                    && new.code.starts_with(significant(parent, above.level)) =>
            {
                Ok(())
            }
            _ => refuse(Code::DivisionParentInvalid),
        },
    }
}

fn code_fits(code: &str, level: DivisionLevel) -> bool {
    let zeros = |from: usize| code.get(from..).is_some_and(|rest| rest.bytes().all(|b| b == b'0'));
    let length = if level == DivisionLevel::Township { 9 } else { 6 };
    code.len() == length
        && code.bytes().all(|b| b.is_ascii_digit())
        && !code.starts_with('0')
        && match level {
            DivisionLevel::Province => zeros(2),
            DivisionLevel::Prefecture => zeros(4) && !zeros(2),
            DivisionLevel::County => !zeros(4),
            DivisionLevel::Township => !zeros(6),
        }
}

/// The digits of a code that its divisions share.
fn significant(code: &str, level: DivisionLevel) -> &str {
    let digits = match level {
        DivisionLevel::Province => 2,
        DivisionLevel::Prefecture => 4,
        DivisionLevel::County => 6,
        DivisionLevel::Township => 9,
    };
    code.get(..digits).unwrap_or(code)
}

/// What surrounds agencies that are to be entered or reformed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// Divisions.
    pub places: Places,
    /// Codes of the enforcement fields.
    pub fields: HashSet<String>,
    /// Agencies that are known, and those of the same call.
    pub nodes: HashMap<AgencyId, Node>,
}

/// Whether an agency may be as it is described. Its name and codes are in their form already.
pub fn agency(new: &NewAgency, around: &Surroundings) -> Result<(), Refusal> {
    let refuse = |code| Err(Refusal::new(code, &new.name));
    if !uscc_is_valid(&new.uscc) {
        return Err(Refusal::new(Code::UsccInvalid, &new.uscc));
    }
    let Some(place) = around.places.get(&new.division_code) else {
        return Err(Refusal::new(Code::DivisionNotFound, &new.division_code));
    };
    fields(&new.field_codes, &around.fields)?;
    if new.aliases.len() > ALIASES {
        return refuse(Code::TooManyAliases);
    }
    if new.is_justice && new.kind != AgencyKind::Organ {
        return refuse(Code::JusticeDepartmentIsOrgan);
    }
    if (new.is_justice || new.issues_certificates) && place.level == DivisionLevel::Township {
        return refuse(Code::CountyLevelRequired);
    }
    if new.issues_certificates && new.kind == AgencyKind::EntrustedOrganisation {
        return refuse(Code::EntrustedMayNotIssue);
    }
    if new.superior_id.is_some_and(|id| !around.nodes.get(&id).is_some_and(|n| n.exists)) {
        return refuse(Code::SuperiorNotFound);
    }
    entrustment(new, around)
}

/// 行政处罚法 §§20–21: an organ entrusts, in writing, and what it entrusts may not entrust others.
fn entrustment(new: &NewAgency, around: &Surroundings) -> Result<(), Refusal> {
    let letter = new.entrustment_letter.as_deref().is_some_and(|l| !l.trim().is_empty());
    let refuse = |code| Err(Refusal::new(code, &new.name));
    match (new.kind, new.entrusted_by_id) {
        (AgencyKind::EntrustedOrganisation, Some(by)) => {
            let organ = around.nodes.get(&by).filter(|n| n.exists).map(|n| n.kind);
            if organ != Some(AgencyKind::Organ) {
                refuse(Code::EntrustingOrganInvalid)
            } else if letter {
                Ok(())
            } else {
                refuse(Code::EntrustmentLetterMissing)
            }
        }
        (AgencyKind::EntrustedOrganisation, None) => refuse(Code::EntrustingOrganInvalid),
        (_, None) if new.entrustment_letter.is_none() => Ok(()),
        _ => refuse(Code::EntrustmentNotExpected),
    }
}

/// Whether an agency that is there may stand where a reform puts it: in a division of its level,
/// under a superior that exists and, where it is entrusted, an organ that exists.
pub fn stands(node: &Node, around: &Surroundings) -> Result<(), Refusal> {
    let refuse = |code| Err(Refusal::new(code, &node.name));
    let Some(place) = around.places.get(&node.division_code) else {
        return Err(Refusal::new(Code::DivisionNotFound, &node.division_code));
    };
    if (node.is_justice || node.issues_certificates) && place.level == DivisionLevel::Township {
        return refuse(Code::CountyLevelRequired);
    }
    let known = |id: AgencyId| around.nodes.get(&id).filter(|n| n.exists);
    if node.superior_id.is_some_and(|id| known(id).is_none()) {
        return refuse(Code::SuperiorNotFound);
    }
    let organ = |id: AgencyId| known(id).is_some_and(|n| n.kind == AgencyKind::Organ);
    if node.entrusted_by_id.is_some_and(|id| !organ(id)) {
        return refuse(Code::EntrustingOrganInvalid);
    }
    Ok(())
}

/// Whether every code is one of the dictionary, and none stands twice.
pub(super) fn fields(codes: &[String], known: &HashSet<String>) -> Result<(), Refusal> {
    let mut seen = HashSet::new();
    match codes.iter().find(|code| !known.contains(*code) || !seen.insert(*code)) {
        Some(code) => Err(Refusal::new(Code::FieldNotFound, code)),
        None => Ok(()),
    }
}

/// An agency whose line of superiors never ends, or is longer than any real one.
pub fn in_circle<S: BuildHasher>(nodes: &HashMap<AgencyId, Node, S>) -> Option<AgencyId> {
    let superior = |id: &AgencyId| nodes.get(id).and_then(|n| n.superior_id);
    nodes
        .keys()
        .find(|start| std::iter::successors(Some(**start), superior).nth(LINE_DEPTH).is_some())
        .copied()
}

/// Two justice departments in one division, of which there can be only one.
pub fn second_justice<S: BuildHasher>(nodes: &HashMap<AgencyId, Node, S>) -> Option<AgencyId> {
    let mut seen = HashSet::new();
    nodes
        .values()
        .filter(|n| n.exists && n.is_justice)
        .find(|n| !seen.insert(n.division_code.as_str()))
        .map(|n| n.id)
}

#[cfg(test)]
mod tests;
