//! The persons behind the demo's accounts: at every justice department a reviewer, an issuer and a
//! supervisor, who are three different persons because whoever reviews does not decide; an HR
//! person at every agency; and one operator, auditor and administrator at the province.

use chrono::{Days, NaiveDate};
use entities::enums::{Gender, Role};
use rand::{RngExt as _, SeedableRng as _};

use super::Generator;
use super::names::name;
use super::numbers::{NOWHERE_STAFF, id_number};
use super::province::DemoAgency;

/// A person with an account. Nobody has two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoStaff {
    /// The role, rooted at the agency.
    pub role: Role,
    /// The agency, an index into the list given.
    pub agency: usize,
    /// The person's name.
    pub name: String,
    /// The ID number, of a division no officer of the demo has.
    pub id_number: String,
    /// The sign-in name: the role, and where: `hr.lanzhou-market`, `issuer.chengguan`.
    pub login: String,
}

/// The staff of these agencies, in the order of the agencies; the same for the same list.
pub fn staff(agencies: &[DemoAgency]) -> Vec<DemoStaff> {
    let mut people = Vec::new();
    for (index, agency) in agencies.iter().enumerate() {
        let place = agency.slug.trim_end_matches("-justice");
        if index == 0 {
            people.push((Role::SystemAdministrator, index, "admin".to_owned()));
            people.push((Role::Auditor, index, format!("auditor.{place}")));
            people.push((Role::HotlineOperator, index, format!("hotline.{place}")));
        }
        if agency.is_justice {
            people.push((Role::JusticeReviewer, index, format!("reviewer.{place}")));
            people.push((Role::Issuer, index, format!("issuer.{place}")));
            people.push((Role::Supervisor, index, format!("supervisor.{place}")));
        }
        people.push((Role::AgencyHr, index, format!("hr.{}", agency.slug)));
    }
    people
        .into_iter()
        .zip(0_u64..)
        .filter_map(|((role, agency, login), ordinal)| {
            // Seeded one by one, so that a person stays the same whoever is added behind.
            let mut rng = Generator::seed_from_u64(ordinal);
            let woman = rng.random_bool(0.45);
            let gender = if woman { Gender::Female } else { Gender::Male };
            let division = agencies.get(agency)?.division;
            let (birth, sequence) = birth(ordinal, woman);
            Some(DemoStaff {
                role,
                agency,
                name: name(&mut rng, gender, division),
                id_number: id_number(NOWHERE_STAFF, birth, sequence),
                login,
            })
        })
        .collect()
}

/// A birthday between 1970 and 1999 and a sequence number, different for every ordinal.
fn birth(ordinal: u64, woman: bool) -> (NaiveDate, u16) {
    const DAYS: u64 = 30 * 365;
    // 7,919 is a prime that does not divide DAYS: the days are gone through once before any is
    // repeated with the next sequence number.
    let day =
        NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default() + Days::new(ordinal * 7_919 % DAYS);
    let round = u16::try_from(ordinal / DAYS).unwrap_or_default();
    (day, 2 * round % 998 + if woman { 2 } else { 1 })
}

#[cfg(test)]
mod tests {
    use super::super::province::{Extent, agencies};
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_justice_department_has_its_three_and_every_agency_its_hr() {
        let agencies = agencies(Extent::Usual);
        let staff = staff(&agencies);
        let count = |role| staff.iter().filter(|p| p.role == role).count();
        assert_eq!(
            [Role::JusticeReviewer, Role::Issuer, Role::Supervisor].map(count),
            [101, 101, 101]
        );
        assert_eq!(count(Role::AgencyHr), agencies.len());
        assert_eq!(
            [Role::SystemAdministrator, Role::Auditor, Role::HotlineOperator, Role::Officer]
                .map(count),
            [1, 1, 1, 0]
        );
        for role in [Role::JusticeReviewer, Role::Issuer, Role::Supervisor] {
            let at: HashSet<_> =
                staff.iter().filter(|p| p.role == role).map(|p| p.agency).collect();
            assert!(at.iter().all(|index| agencies[*index].is_justice));
            assert_eq!(at.len(), 101);
        }
    }

    #[test]
    fn nobody_is_two_persons_and_no_login_is_repeated_in_a_whole_province() {
        let agencies = agencies(Extent::Whole);
        let staff = staff(&agencies);
        let ids: HashSet<_> = staff.iter().map(|p| &p.id_number).collect();
        let logins: HashSet<_> = staff.iter().map(|p| &p.login).collect();
        assert_eq!((ids.len(), logins.len()), (staff.len(), staff.len()));
        for person in &staff {
            assert!(
                person.login.bytes().all(|b| b.is_ascii_lowercase()
                    || b.is_ascii_digit()
                    || b == b'.'
                    || b == b'-'),
                "{person:?}"
            );
            assert!(person.id_number.starts_with(NOWHERE_STAFF) && person.id_number.len() == 18);
        }
    }

    #[test]
    fn the_sign_in_names_are_readable_and_the_staff_stays_the_same() {
        let agencies = agencies(Extent::Usual);
        let staff = staff(&agencies);
        assert_eq!(staff, super::staff(&agencies));
        let logins: HashSet<_> = staff.iter().map(|p| p.login.as_str()).collect();
        for login in [
            "admin",
            "auditor.gansu",
            "hotline.gansu",
            "reviewer.lanzhou",
            "issuer.chengguan",
            "supervisor.jiayuguan",
            "hr.lanzhou-market",
            "hr.linxiashi-justice",
        ] {
            assert!(logins.contains(login), "{login}");
        }
    }
}
