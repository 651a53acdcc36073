//! Who is met in the field: officers whose certificates have long been in force, as near as can be to
//! the agencies whose staff has passwords.

use entities::enums::PersonKind;

use crate::demo::fate::Fate;
use crate::demo::province::DemoAgency;
use crate::demo::roster::{DESK, DemoOfficer};

/// Officers who have a phone.
pub const OFFICERS: usize = 8;
/// The district whose staff has passwords, and its city.
pub const DISTRICT: &str = "620102";
pub const CITY: &str = "620100";
/// What the codes of the city's districts and counties begin with.
const IN_CITY: &str = "6201";

fn agency_of<'a>(agencies: &'a [DemoAgency], officer: &DemoOfficer) -> Option<&'a DemoAgency> {
    agencies.get(officer.agency)
}

/// Whose certificate is the sample: in force, and of the district if there is one.
pub fn sample(people: &[DemoOfficer], agencies: &[DemoAgency]) -> Option<usize> {
    let mut active = people.iter().enumerate().filter(|(_, officer)| officer.fate == Fate::Active);
    let near = active.clone().find(|(_, officer)| {
        agency_of(agencies, officer).is_some_and(|agency| agency.division == DISTRICT)
    });
    near.or_else(|| active.next()).map(|(index, _)| index)
}

/// The officers who are given an account and a phone, nearest first; nobody in a demo too small for
/// it. Never the one of the sample, whose page stays what it is, and nobody of the agency whose HR
/// signs in: there whoever tries the demo gives accounts to officers.
pub fn cast(people: &[DemoOfficer], agencies: &[DemoAgency]) -> Vec<usize> {
    let sample = sample(people, agencies);
    let mut fit: Vec<(usize, usize)> = people
        .iter()
        .enumerate()
        .filter_map(|(index, officer)| {
            let agency = agency_of(agencies, officer)?;
            let fits = officer.fate == Fate::Active
                && officer.kind == PersonKind::EnforcementOfficer
                && agency.slug != DESK
                && Some(index) != sample;
            fits.then(|| (distance(agency.division), index))
        })
        .collect();
    fit.sort_unstable();
    let nearest: Vec<usize> = fit.into_iter().map(|(_, index)| index).take(OFFICERS).collect();
    if nearest.len() == OFFICERS { nearest } else { Vec::new() }
}

fn distance(division: &str) -> usize {
    match division {
        DISTRICT => 0,
        CITY => 1,
        other if other.starts_with(IN_CITY) => 2,
        _ => 3,
    }
}

/// Of whom citizens write: an officer of the agency whose HR signs in. In a small demo that may be
/// one whose renewal is under way; the certificate is in force all the same.
pub fn subject(people: &[DemoOfficer], agencies: &[DemoAgency]) -> Option<usize> {
    let sample = sample(people, agencies);
    let holds = |officer: &DemoOfficer| {
        officer.kind == PersonKind::EnforcementOfficer
            && matches!(officer.fate, Fate::Active | Fate::RenewalApplied | Fate::RenewalReturned)
    };
    people.iter().enumerate().position(|(index, officer)| {
        let of_desk = agency_of(agencies, officer).is_some_and(|agency| agency.slug == DESK);
        of_desk && holds(officer) && Some(index) != sample
    })
}
