//! Loaders of what is rarely selected: one a request, within what its caller may read.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Request;
use async_graphql::dataloader::{DataLoader, Loader};
use entities::ids::{ApplicationId, CertificateId, QualificationId};
use entities::{application_step, certificate_event, printed_code};

use crate::access::{Permission, Scope};
use crate::certification::rules::checklist::Unmet;
use crate::certification::rules::oddities::Oddity;
use crate::certification::store::{self, Side};
use crate::certification::{self, apply, qualify};
use crate::credentials;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;

/// Gives a request the loaders of this capability; they last as long as the request and reach
/// what its actor may read.
pub fn with_loaders(request: Request, platform: &Platform, actor: &Actor) -> Request {
    let within =
        Within { platform: platform.clone(), scope: Scope::of(actor, Permission::ReadOfficers) };
    request
        .data(DataLoader::new(Events(within.clone()), tokio::spawn))
        .data(DataLoader::new(Codes(within.clone()), tokio::spawn))
        .data(DataLoader::new(Steps(within.clone()), tokio::spawn))
        .data(DataLoader::new(Oddities(within.clone()), tokio::spawn))
        .data(DataLoader::new(Checklists(within), tokio::spawn))
}

#[derive(Clone)]
struct Within {
    platform: Platform,
    scope: Scope,
}

impl Within {
    /// Those of the certificates that lie within.
    async fn known(&self, ids: &[CertificateId]) -> Result<Vec<CertificateId>, Fault> {
        let db = self.platform.db.read();
        let rows = store::certificates(db, &self.scope, Side::Agency, ids).await?;
        Ok(rows.into_keys().collect())
    }
}

/// Events of certificates.
pub struct Events(Within);

impl Loader<CertificateId> for Events {
    type Value = Vec<certificate_event::Model>;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        ids: &[CertificateId],
    ) -> Result<HashMap<CertificateId, Self::Value>, Self::Error> {
        let ids = self.0.known(ids).await?;
        let mut loaded: HashMap<CertificateId, Self::Value> = HashMap::new();
        for event in store::events(self.0.platform.db.read(), &ids).await? {
            loaded.entry(event.certificate_id).or_default().push(event);
        }
        Ok(loaded)
    }
}

/// The newest printed code of certificates.
pub struct Codes(Within);

impl Loader<CertificateId> for Codes {
    type Value = printed_code::Model;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        ids: &[CertificateId],
    ) -> Result<HashMap<CertificateId, Self::Value>, Self::Error> {
        let ids = self.0.known(ids).await?;
        let mut loaded = HashMap::new();
        for code in credentials::codes_of(self.0.platform.db.read(), &ids).await? {
            loaded.entry(code.certificate_id).or_insert(code);
        }
        Ok(loaded)
    }
}

/// Steps of applications.
pub struct Steps(Within);

impl Loader<ApplicationId> for Steps {
    type Value = Vec<application_step::Model>;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        ids: &[ApplicationId],
    ) -> Result<HashMap<ApplicationId, Self::Value>, Self::Error> {
        let Within { platform, scope } = &self.0;
        let db = platform.db.read();
        let rows = store::applications(db, scope, Side::Agency, ids).await?;
        let known: Vec<ApplicationId> = rows.into_keys().collect();
        Ok(store::steps(db, &known).await?)
    }
}

/// What is odd of applications on their way.
pub struct Oddities(Within);

impl Loader<ApplicationId> for Oddities {
    type Value = Vec<Oddity>;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        ids: &[ApplicationId],
    ) -> Result<HashMap<ApplicationId, Self::Value>, Self::Error> {
        let Within { platform, scope } = &self.0;
        let rows = store::applications(platform.db.read(), scope, Side::Agency, ids).await?;
        let rows: Vec<_> = rows.into_values().collect();
        let today = local_date(platform.now());
        Ok(certification::oddities_of(platform, scope, &rows, today).await?)
    }
}

/// What applications and candidates lack.
pub struct Checklists(Within);

impl Loader<ApplicationId> for Checklists {
    type Value = Vec<Unmet>;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        ids: &[ApplicationId],
    ) -> Result<HashMap<ApplicationId, Self::Value>, Self::Error> {
        let Within { platform, scope } = &self.0;
        let db = platform.db.read();
        let rows = store::applications(db, scope, Side::Agency, ids).await?;
        let rows: Vec<_> =
            rows.into_values().filter(|row| store::OPEN.contains(&row.state)).collect();
        Ok(apply::checklists_of(db, scope, &rows, local_date(platform.now())).await?)
    }
}

impl Loader<QualificationId> for Checklists {
    type Value = Vec<Unmet>;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        ids: &[QualificationId],
    ) -> Result<HashMap<QualificationId, Self::Value>, Self::Error> {
        let Within { platform, scope } = &self.0;
        let db = platform.db.read();
        let rows: Vec<_> = store::qualifications(db, scope, ids).await?.into_values().collect();
        Ok(qualify::checklists_of(db, scope, &rows, local_date(platform.now())).await?)
    }
}
