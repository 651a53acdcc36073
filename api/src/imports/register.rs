//! The register of organisations as the checks of a row ask for it, within the importer's scope:
//! an agency outside it is unknown, but for the issuers of certificates.

use super::row::{AgencyRef, Entry, Match, Register};
use crate::organisations::{self, Found, ListedAgency};

/// Look-ups in a snapshot.
pub(super) struct Snapshot(pub organisations::Register);

impl Snapshot {
    fn reference(&self, agency: &ListedAgency) -> Option<AgencyRef> {
        self.0.reaches(agency.id).then(|| anywhere(agency))
    }
}

fn anywhere(agency: &ListedAgency) -> AgencyRef {
    AgencyRef { id: agency.id, name: agency.name.clone(), division: agency.division_code.clone() }
}

impl Register for Snapshot {
    fn agency_by_name(&self, key: &str) -> Match<AgencyRef> {
        match self.0.agency_by_name(key) {
            Found::Exact(agency) => self.reference(agency).map_or(Match::Unknown, Match::Exact),
            Found::Alias(agency) => self.reference(agency).map_or(Match::Unknown, Match::Other),
            Found::Ambiguous => Match::Ambiguous,
            Found::Nothing => Match::Unknown,
        }
    }

    fn issuer_by_name(&self, key: &str) -> Match<AgencyRef> {
        match self.0.agency_by_name(key) {
            Found::Exact(agency) => Match::Exact(anywhere(agency)),
            Found::Alias(agency) => Match::Other(anywhere(agency)),
            Found::Ambiguous => Match::Ambiguous,
            Found::Nothing => Match::Unknown,
        }
    }

    fn agency_by_uscc(&self, uscc: &str) -> Option<AgencyRef> {
        self.0.agency_by_uscc(uscc).and_then(|agency| self.reference(agency))
    }

    fn division(&self, within: &str, key: &str) -> Match<Entry> {
        let entry =
            |d: &entities::division::Model| Entry { code: d.code.clone(), name: d.name.clone() };
        match self.0.division(within, key) {
            Found::Exact(division) => Match::Exact(entry(division)),
            Found::Alias(division) => Match::Other(entry(division)),
            Found::Ambiguous => Match::Ambiguous,
            Found::Nothing => match self.0.divisions_beginning(within, key).as_slice() {
                [] => Match::Unknown,
                [one] => Match::Other(entry(one)),
                _ => Match::Ambiguous,
            },
        }
    }

    fn field(&self, key: &str) -> Match<Entry> {
        self.0.field(key).map_or(Match::Unknown, |field| {
            Match::Exact(Entry { code: field.code.clone(), name: field.name_zh.clone() })
        })
    }
}
