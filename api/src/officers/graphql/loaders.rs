//! Loaders of what is rarely selected: one a request, within what its caller may read.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Request;
use async_graphql::dataloader::{DataLoader, Loader};
use entities::ids::PersonId;

use super::types::{ExamResult, Standing};
use crate::access::{Permission, Scope};
use crate::officers::lookup;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;

macro_rules! loaders {
    ($($(#[$doc:meta])* $name:ident: $value:ty = $load:path;)*) => {$(
        $(#[$doc])*
        pub struct $name {
            platform: Platform,
            scope: Scope,
        }

        impl Loader<PersonId> for $name {
            type Value = $value;
            type Error = Arc<Fault>;

            async fn load(
                &self,
                people: &[PersonId],
            ) -> Result<HashMap<PersonId, $value>, Arc<Fault>> {
                let mut loaded: HashMap<PersonId, $value> = HashMap::new();
                for row in $load(self.platform.db.read(), &self.scope, people).await? {
                    loaded.entry(row.person_id).or_default().extend([row.into()]);
                }
                Ok(loaded)
            }
        }
    )*};
}

loaders! {
    /// Exam results of people.
    Exams: Vec<ExamResult> = lookup::exams_of;
    /// Standings of people.
    Standings: Vec<Standing> = lookup::standings_of;
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
        .data(DataLoader::new(Training { platform: platform(), scope: scope() }, tokio::spawn))
}
