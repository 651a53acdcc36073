//! A code for an existing certificate under the number it has: where the policy allows, what is asked
//! for as its replacement keeps number, validity and row, and is only given what it never had, a
//! signed code. The card from before holds until then by the look-up; the new code waits for its
//! handover. A certificate that has a code is replaced by another with a new number, so that no two
//! codes are valid for one certificate.

use std::collections::HashSet;

use chrono::{Months, NaiveDate};
use entities::certificate;
use entities::enums::{ApplicationAct, CertificateAct, CertificateOrigin, CertificateState};
use entities::ids::{CertificateId, PersonId};
use mobile_contract::credential::MAX_NUMBER_BYTES;
use sea_orm::ConnectionTrait;

use super::apply::Dossier;
use super::faces::Faces;
use super::issue::Passed;
use super::rules::lifecycle::Transition;
use super::steps::{StepTaken, record_steps};
use super::store;
use crate::audit::UnitOfWork;
use crate::credentials;
use crate::platform::clock::start_of_day;
use crate::platform::failure::Fault;

/// Which of some applications give a code to a certificate that stays.
pub(super) struct Keeping<'a> {
    dossier: &'a Dossier,
    coded: HashSet<CertificateId>,
    /// Certificates whose unit was reformed since: they bear what it was, and are exchanged.
    reformed: HashSet<CertificateId>,
}

impl<'a> Keeping<'a> {
    /// Loads which certificates have a code and which bear a former unit, in two statements.
    pub async fn load(
        db: &impl ConnectionTrait,
        dossier: &'a Dossier,
        passed: &[Passed<'_>],
    ) -> Result<Self, Fault> {
        let held = passed.iter().filter_map(|p| dossier.held.get(&p.application.person_id));
        let ids: Vec<CertificateId> = held.flatten().map(|row| row.id).collect();
        let codes = credentials::codes_of(db, &ids).await?;
        Ok(Self {
            dossier,
            coded: codes.into_iter().map(|code| code.certificate_id).collect(),
            reformed: credentials::with_former_unit(db, &ids).await?,
        })
    }

    /// The certificate that an application gives a code to; none where another follows it. The
    /// holder must be with the unit that stands in it, under its present name, and nothing else may wait
    /// for its handover.
    pub fn of(&self, passed: &Passed<'_>) -> Option<&'a certificate::Model> {
        let asked = passed.application.act == ApplicationAct::Replacement
            && passed.policy.body.reissue_keeps_number;
        let held = self.dossier.held.get(&passed.application.person_id).filter(|_| asked)?;
        let [row] = held.as_slice() else { return None };
        let day = self.dossier.day;
        let stays = row.origin == CertificateOrigin::Existing
            && store::state_on(row, day) == CertificateState::Active
            && row.agency_id == passed.facts.person.agency_id
            && row.kind == passed.facts.person.kind
            && fits_a_code(row, day)
            && !self.coded.contains(&row.id)
            && !self.reformed.contains(&row.id);
        stays.then_some(row)
    }
}

/// Whether a code can hold the number and the dates, and be verified to the end: a key verifies for
/// ten years after its last signature.
fn fits_a_code(row: &certificate::Model, day: NaiveDate) -> bool {
    let verified = day.checked_add_months(Months::new(10 * 12)).unwrap_or(NaiveDate::MAX);
    row.number.len() <= MAX_NUMBER_BYTES
        && start_of_day(row.valid_from).timestamp() >= 0
        && row.valid_until <= verified
}

/// Signs the codes of what stays, for the applications that ask for them.
pub(super) async fn reissue(
    uow: &mut UnitOfWork,
    dossier: &Dossier,
    faces: &Faces,
    kept: &[(Passed<'_>, &certificate::Model)],
    by: PersonId,
) -> Result<(), Fault> {
    if kept.is_empty() {
        return Ok(());
    }
    let (mut cards, mut steps) = (Vec::new(), Vec::new());
    for (passed, row) in kept {
        let agency = dossier.agencies.get(row.agency_id)?;
        // What the card says of its issuer stays as it is written.
        cards.push(faces.card(uow, &passed.facts.person, row, agency, String::new()));
        steps.push(StepTaken {
            certificate: (*row).clone(),
            transition: Transition {
                from: Some(row.state),
                act: CertificateAct::Reissue,
                to: row.state,
                grounds: &[],
            },
            ground: None,
            suspended_until: None,
            policy: Some(passed.policy.id),
        });
    }
    credentials::reissue_printed_codes(uow, cards).await?;
    record_steps(uow, &steps, Some(by), None).await
}
