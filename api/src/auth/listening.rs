//! Whoever listens over a connection that stays open: the session it was opened in is asked for
//! anew, since it may end long before the connection does.

use std::fmt;

use entities::ids::AccountId;
use tokio::sync::Notify;

use super::{Auth, actor_of_session, token};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;

/// A connection's session.
pub struct Listening {
    platform: Platform,
    claims: token::Claims,
    over: Notify,
}

impl fmt::Debug for Listening {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Listening").field("claims", &self.claims).finish_non_exhaustive()
    }
}

impl Listening {
    /// Begins to listen by a bearer token; `None` where it does not hold.
    pub async fn begin(
        auth: &Auth,
        platform: &Platform,
        access_token: &str,
    ) -> Result<Option<(Self, Actor)>, Fault> {
        let Some(claims) = auth.claims(platform, access_token) else { return Ok(None) };
        let Some(actor) = actor_of_session(platform, platform.db.lookups(), &claims).await? else {
            return Ok(None);
        };
        let listening = Self { platform: platform.clone(), claims, over: Notify::new() };
        Ok(Some((listening, actor)))
    }

    /// The account that listens.
    pub fn account(&self) -> AccountId {
        self.claims.account()
    }

    /// Who listens, with the roles of now; `None` once the session has ended or the account has
    /// changed, and then the connection is closed. A database that does not answer is no end, but
    /// nothing is told meanwhile.
    pub async fn actor(&self) -> Result<Option<Actor>, Fault> {
        // Not where scans are answered: of one act thousands may be told at once.
        let db = self.platform.db.read();
        let actor = actor_of_session(&self.platform, db, &self.claims).await?;
        if actor.is_none() {
            self.over.notify_one();
        }
        Ok(actor)
    }

    /// Waits until somebody has found the session ended.
    pub async fn over(&self) {
        self.over.notified().await;
    }
}
