//! Loaders of what is rarely selected: one a request, within what its caller may read.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Request;
use async_graphql::dataloader::{DataLoader, Loader};
use entities::ids::PersonId;

use super::types::{ExamResult, Standing};
use crate::access::{Permission, Scope};
use crate::officers::existing::{self, ExistingRow};
use crate::officers::{lookup, standings};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;

/// Exam results of people.
pub struct Exams {
    platform: Platform,
    scope: Scope,
}

impl Loader<PersonId> for Exams {
    type Value = Vec<ExamResult>;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        people: &[PersonId],
    ) -> Result<HashMap<PersonId, Vec<ExamResult>>, Arc<Fault>> {
        let mut loaded: HashMap<PersonId, Vec<ExamResult>> = HashMap::new();
        for row in lookup::exams_of(self.platform.db.read(), &self.scope, people).await? {
            loaded.entry(row.person_id).or_default().push(row.into());
        }
        Ok(loaded)
    }
}

/// Standings of people, lifted or not.
pub struct Standings {
    platform: Platform,
    scope: Scope,
}

impl Loader<PersonId> for Standings {
    type Value = Vec<Standing>;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        people: &[PersonId],
    ) -> Result<HashMap<PersonId, Vec<Standing>>, Arc<Fault>> {
        let (db, today) = (self.platform.db.read(), local_date(self.platform.now()));
        let mut loaded: HashMap<PersonId, Vec<Standing>> = HashMap::new();
        for told in standings::standings_of(db, &self.scope, people, today).await? {
            loaded.entry(told.row.person_id).or_default().push(told.into());
        }
        Ok(loaded)
    }
}

/// Existing certificates of people.
pub struct Existing {
    platform: Platform,
    scope: Scope,
}

impl Loader<PersonId> for Existing {
    type Value = Vec<ExistingRow>;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        people: &[PersonId],
    ) -> Result<HashMap<PersonId, Vec<ExistingRow>>, Arc<Fault>> {
        let db = self.platform.db.read();
        let mut loaded: HashMap<PersonId, Vec<ExistingRow>> = HashMap::new();
        for row in existing::existing_of(db, &self.scope, people).await? {
            loaded.entry(row.existing.person_id).or_default().push(row);
        }
        Ok(loaded)
    }
}

/// Minutes of training of people, by year.
pub struct Training {
    platform: Platform,
    scope: Scope,
}

impl Loader<PersonId> for Training {
    type Value = HashMap<i32, i64>;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        people: &[PersonId],
    ) -> Result<HashMap<PersonId, HashMap<i32, i64>>, Arc<Fault>> {
        let mut loaded: HashMap<PersonId, HashMap<i32, i64>> = HashMap::new();
        for row in lookup::training_of(self.platform.db.read(), &self.scope, people).await? {
            *loaded.entry(row.person_id).or_default().entry(row.year).or_default() += row.minutes;
        }
        Ok(loaded)
    }
}

/// Gives a request the loaders of this capability; they last as long as the request and reach
/// what its actor may read.
pub fn with_loaders(request: Request, platform: &Platform, actor: &Actor) -> Request {
    let scope = || Scope::of(actor, Permission::ReadOfficers);
    let platform = || platform.clone();
    request
        .data(DataLoader::new(Exams { platform: platform(), scope: scope() }, tokio::spawn))
        .data(DataLoader::new(Standings { platform: platform(), scope: scope() }, tokio::spawn))
        .data(DataLoader::new(Existing { platform: platform(), scope: scope() }, tokio::spawn))
        .data(DataLoader::new(Training { platform: platform(), scope: scope() }, tokio::spawn))
}
