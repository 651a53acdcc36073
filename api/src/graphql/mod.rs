//! What every capability's GraphQL shares: node ids, enumerations, connections, errors, the
//! permission guard and the limits on a request. The root that merges the capabilities is
//! `crate::schema`.

pub mod enums;
pub mod guard;
pub mod ids;
pub mod jobs;
pub mod limits;
pub mod page;
mod persisted;
pub mod request_error;
pub mod user_error;

use std::net::IpAddr;

use async_graphql::{Context, Result};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::texts::Locale;
pub use guard::Needs;
pub use persisted::{PersistedOperations, admit};
pub use request_error::RequestError;
pub use user_error::{UserError, answer, fault};

/// Who asks, and in which language they are answered; one a request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The signed-in account, where a valid token was sent.
    pub actor: Option<Actor>,
    /// Language of messages.
    pub locale: Locale,
}

/// Where a request comes from, where that is known.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

/// The handles and the actor of a resolver whose guard has passed.
pub fn caller<'a>(ctx: &'a Context<'_>) -> Result<(&'a Platform, &'a Actor)> {
    let platform = ctx.data::<Platform>()?;
    let caller = ctx.data::<Caller>()?;
    let actor = caller.actor.as_ref().ok_or_else(guard::unauthenticated)?;
    Ok((platform, actor))
}

/// The signed-in account of a resolver whose guard has passed.
pub fn signed_in<'a>(ctx: &'a Context<'_>) -> Result<&'a crate::platform::actor::SignedIn> {
    let (_, actor) = caller(ctx)?;
    actor.signed_in().ok_or_else(guard::unauthenticated)
}

/// Bytes as they travel: base64url without padding.
pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The language of messages.
pub fn locale(ctx: &Context<'_>) -> Locale {
    ctx.data::<Caller>().map_or_else(|_| Locale::default(), |c| c.locale)
}
