//! Hints to whoever listens. A hint holds an id and nothing of what it names: that is read as ever,
//! and whether it may be read is asked at the moment it is told.

use std::future::Future;
use std::sync::Arc;

use async_graphql::{Context, ID, Result, SimpleObject, Subscription};
use entities::ids::{CertificateId, CheckRecordId};
use futures::stream::{self, BoxStream, StreamExt};
use tokio::sync::broadcast::error::RecvError;

use crate::access::{Permission, Scope, check};
use crate::auth::listening::Listening;
use crate::certification;
use crate::checks::store;
use crate::graphql::guard::SignedIn;
use crate::graphql::ids::encode;
use crate::graphql::{Needs, caller};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::events::Hint;
use crate::platform::failure::Fault;

/// That something changed.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct ChangeHint {
    /// What changed, for `node`. None where more changed than can be told, or hints may have been
    /// lost: ask for everything that came since.
    id: Option<ID>,
}

/// Hints over a connection that stays open. They may be lost or come twice.
#[derive(Default)]
pub struct ChecksSubscription;

#[Subscription]
impl ChecksSubscription {
    /// A record of a check was judged, explained or contradicted: one's own, or one within what the
    /// caller may read.
    #[graphql(guard = "Needs(Permission::ReadCheckRecords)")]
    async fn check_record_judged(
        &self,
        ctx: &Context<'_>,
    ) -> Result<BoxStream<'static, ChangeHint>> {
        let wanted = |hint| match hint {
            Hint::CheckRecord(id) => Some(id),
            _ => None,
        };
        hints(ctx, wanted, |platform, actor, id: CheckRecordId| async move {
            if check(&actor, Permission::ReadCheckRecords, platform.now()).is_err() {
                return Ok(false);
            }
            let scope = Scope::of(&actor, Permission::ReadCheckRecords);
            let reader = (actor.person(), &scope);
            Ok(store::record(platform.db.read(), reader, id).await?.is_some())
        })
    }

    /// The state of a certificate changed: one's own, or one within what the caller may read.
    #[graphql(guard = "SignedIn")]
    async fn certificate_state_changed(
        &self,
        ctx: &Context<'_>,
    ) -> Result<BoxStream<'static, ChangeHint>> {
        let wanted = |hint| match hint {
            Hint::Certificate(id) => Some(id),
            _ => None,
        };
        hints(ctx, wanted, |platform, actor, id: CertificateId| async move {
            let scope = Scope::of(&actor, Permission::ReadOfficers);
            certification::is_seen_by(platform.db.read(), &scope, actor.person(), id).await
        })
    }
}

/// The hints of one kind that this caller may be told, until the session ends. A fault is told as
/// *something changed*: nothing is lost by it.
fn hints<T, W, S, F>(
    ctx: &Context<'_>,
    wanted: W,
    seen: S,
) -> Result<BoxStream<'static, ChangeHint>>
where
    T: crate::graphql::ids::NodeId + Send + 'static,
    W: Fn(Hint) -> Option<T> + Send + 'static,
    S: Fn(Platform, Actor, T) -> F + Send + Sync + 'static,
    F: Future<Output = std::result::Result<bool, Fault>> + Send + 'static,
{
    let (platform, _) = caller(ctx)?;
    // Without a connection that stays open nobody can be told anything.
    let Some(listening) = ctx.data_opt::<Arc<Listening>>().cloned() else {
        return Ok(stream::empty().boxed());
    };
    let state = (platform.events.hints(), platform.clone(), listening, wanted, seen);
    let next = |(mut hints, platform, listening, wanted, seen): (
        tokio::sync::broadcast::Receiver<Hint>,
        Platform,
        Arc<Listening>,
        W,
        S,
    )| async move {
        loop {
            let id = match hints.recv().await {
                Ok(Hint::Anything) | Err(RecvError::Lagged(_)) => None,
                Ok(hint) => match wanted(hint) {
                    Some(id) => Some(id),
                    None => continue,
                },
                Err(RecvError::Closed) => return None,
            };
            let told = match (listening.actor().await, id) {
                (Ok(None), _) => return None,
                (Ok(Some(_)), None) => Some(None),
                (Ok(Some(actor)), Some(id)) => match seen(platform.clone(), actor, id).await {
                    Ok(true) => Some(Some(encode(id).into())),
                    Ok(false) => None,
                    Err(error) => {
                        tracing::error!(%error, "whether a hint may be told could not be read");
                        Some(None)
                    }
                },
                (Err(error), _) => {
                    tracing::error!(%error, "a session could not be read");
                    Some(None)
                }
            };
            if let Some(id) = told {
                return Some((ChangeHint { id }, (hints, platform, listening, wanted, seen)));
            }
        }
    };
    Ok(stream::unfold(state, next).boxed())
}
