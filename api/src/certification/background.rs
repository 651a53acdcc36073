//! What an application is compared with to find what is odd of it: birth by the ID number, the
//! unit of the qualification, the last certificates, exclusions that ended. In a fixed number of
//! statements for many people.

use std::collections::HashMap;

use chrono::{Months, NaiveDate};
use entities::enums::{ApplicationAct, Gender};
use entities::ids::{AgencyId, ApplicationId, PersonId};
use entities::{application, public_card};
use sea_orm::ConnectionTrait;

use super::apply::Dossier;
use super::rules::oddities::{self, Oddity, Past};
use super::store;
use crate::access::Scope;
use crate::audit::UnitOfWork;
use crate::credentials;
use crate::officers;
use crate::officers::facts::{self, PersonFacts};
use crate::platform::Platform;
use crate::platform::failure::Fault;

/// The longest that a policy looks back at exclusions, in months.
const LOOK_BACK: Months = Months::new(60);

/// What is known of people beside the dossier. The default knows of nobody.
#[derive(Default)]
pub(super) struct Background {
    born: HashMap<PersonId, (NaiveDate, Gender)>,
    cards: HashMap<PersonId, Vec<public_card::Model>>,
    lifted: HashMap<PersonId, Vec<NaiveDate>>,
}

impl Background {
    /// Loads it for the people of a dossier, in the caller's transaction.
    pub async fn load(
        uow: &UnitOfWork,
        dossier: &Dossier,
        people: &[PersonId],
    ) -> Result<Self, Fault> {
        Self::read(uow.platform(), uow.tx(), dossier, people).await
    }

    async fn read(
        platform: &Platform,
        db: &impl ConnectionTrait,
        dossier: &Dossier,
        people: &[PersonId],
    ) -> Result<Self, Fault> {
        let since = dossier.day.checked_sub_months(LOOK_BACK).unwrap_or(NaiveDate::MIN);
        let born = dossier.facts.values().filter_map(|facts| {
            Some((facts.person.id, officers::birth_and_gender(platform, &facts.person)?))
        });
        Ok(Self {
            born: born.collect(),
            cards: credentials::cards_of_holders(db, people).await?,
            lifted: facts::lifted_since(db, people, since).await?,
        })
    }

    /// What is odd of an application for a person, as one of that unit.
    pub fn oddities(
        &self,
        dossier: &Dossier,
        facts: &PersonFacts,
        act: ApplicationAct,
        unit: AgencyId,
    ) -> Result<Vec<Oddity>, Fault> {
        let person = facts.person.id;
        let past = Past {
            born: self.born.get(&person).copied(),
            qualified_by: dossier.qualifications.get(&person).map(|row| row.agency_id),
            cards: self.cards.get(&person).map_or(&[], Vec::as_slice),
            lifted: self.lifted.get(&person).map_or(&[], Vec::as_slice),
        };
        let policies = (&dossier.agencies.policy(unit)?.body, dossier.agencies.review(unit)?.1);
        Ok(oddities::oddities(facts, &past, act, unit, policies, dossier.day))
    }
}

/// What is odd today of applications on their way; for reviewers, who are shown the exceptions
/// first.
pub async fn oddities_of(
    platform: &Platform,
    scope: &Scope,
    applications: &[application::Model],
    day: NaiveDate,
) -> Result<HashMap<ApplicationId, Vec<Oddity>>, Fault> {
    let db = platform.db.read();
    let open = applications.iter().filter(|row| store::OPEN.contains(&row.state));
    let open: Vec<&application::Model> = open.collect();
    let people: Vec<PersonId> = open.iter().map(|row| row.person_id).collect();
    let units: Vec<AgencyId> = open.iter().map(|row| row.agency_id).collect();
    let dossier = Dossier::load(db, scope, &people, &units, day).await?;
    let background = Background::read(platform, db, &dossier, &people).await?;
    let mut answer = HashMap::new();
    for row in open {
        if let Some(facts) = dossier.facts.get(&row.person_id) {
            let unit = facts.person.agency_id;
            answer.insert(row.id, background.oddities(&dossier, facts, row.act, unit)?);
        }
    }
    Ok(answer)
}
