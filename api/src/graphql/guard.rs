//! The permission an operation needs, declared beside it: `#[graphql(guard = "Needs(…)")]`.

use async_graphql::{Context, Error, ErrorExtensions, Guard, Result};
use entities::enums::Role;

use super::{Caller, RequestError};
use crate::access::{self, Denied, Permission};
use crate::platform::Platform;
use crate::platform::texts::Locale;

/// Lets a field through for whoever has the permission somewhere; where, is the store's scope.
pub struct Needs(pub Permission);

impl Guard for Needs {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        let caller = ctx.data::<Caller>()?;
        let Some(actor) = &caller.actor else {
            return Err(denied(Denied::Unauthenticated, caller.locale));
        };
        let now = ctx.data::<Platform>()?.now();
        access::check(actor, self.0, now).map_err(|d| denied(d, caller.locale))
    }
}

/// Lets whoever lends a role through: what its acts ask for is asked for here.
pub fn lends(ctx: &Context<'_>, role: Role) -> Result<()> {
    let caller = ctx.data::<Caller>()?;
    let actor = caller.actor.as_ref().ok_or_else(unauthenticated)?;
    let now = ctx.data::<Platform>()?.now();
    access::check_lending(actor, role, now).map_err(|d| denied(d, caller.locale))
}

/// Whether the caller has a permission somewhere, for a field whose answer depends on it.
pub fn may(ctx: &Context<'_>, permission: Permission) -> Result<bool> {
    let now = ctx.data::<Platform>()?.now();
    let actor = ctx.data::<Caller>()?.actor.as_ref();
    Ok(actor.is_some_and(|actor| access::check(actor, permission, now).is_ok()))
}

/// Lets a field through for whoever is signed in.
pub struct SignedIn;

impl Guard for SignedIn {
    async fn check(&self, ctx: &Context<'_>) -> Result<()> {
        let caller = ctx.data::<Caller>()?;
        match caller.actor {
            Some(_) => Ok(()),
            None => Err(denied(Denied::Unauthenticated, caller.locale)),
        }
    }
}

/// Nobody is signed in.
pub fn unauthenticated() -> Error {
    denied(Denied::Unauthenticated, Locale::default())
}

fn denied(denied: Denied, locale: Locale) -> Error {
    let error = RequestError::from(denied);
    Error::new(error.text(locale)).extend_with(|_, e| e.set("code", error.code()))
}
