//! Who may do what, and where: permissions of roles, and the part of the tree each role reaches.

mod permissions;
mod scope;
pub mod tree;

use permissions::recent_sign_in_matters;
pub use permissions::{Permission, granted_to, second_factor_matters};
pub use scope::Scope;

use entities::enums::Role;
use entities::ids::PersonId;

use crate::platform::actor::{Actor, GrantedRole};

/// Why an operation is not for this actor; told before any row is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Nobody is signed in.
    Unauthenticated,
    /// No role of the account has the permission.
    Forbidden,
    /// The role asks for a second factor here, and the account has none.
    TotpRequired,
    /// The password was given too long ago for this operation.
    ReauthenticationRequired,
}

/// How long after giving the password the operations of [`Permission::needs_recent_sign_in`]
/// may be called.
pub const RECENT: chrono::Duration = chrono::Duration::minutes(30);

/// Whether an actor may do this anywhere at all.
pub fn check(
    actor: &Actor,
    permission: Permission,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Denied> {
    let Actor::Account(signed_in) = actor else { return Ok(()) };
    if !signed_in.roles.iter().any(|g| gives(g, permission)) {
        let has = signed_in.roles.iter().any(|g| granted_to(permission).contains(&g.role));
        return Err(if has { Denied::TotpRequired } else { Denied::Forbidden });
    }
    if permission.needs_recent_sign_in() && now - signed_in.signed_in_at > RECENT {
        return Err(Denied::ReauthenticationRequired);
    }
    Ok(())
}

/// Whether an actor may lend a role of their own: what it gives after a recent password or with a
/// second factor is not given away without.
pub fn check_lending(
    actor: &Actor,
    role: Role,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Denied> {
    let Actor::Account(signed_in) = actor else { return Ok(()) };
    let mut own = signed_in.roles.iter().filter(|g| g.role == role && g.lent.is_none()).peekable();
    if own.peek().is_none() {
        return Ok(());
    }
    if second_factor_matters(role) && own.any(|granted| granted.awaits_totp) {
        return Err(Denied::TotpRequired);
    }
    if recent_sign_in_matters(role) && now - signed_in.signed_in_at > RECENT {
        return Err(Denied::ReauthenticationRequired);
    }
    Ok(())
}

/// The persons an actor counts as where duties are kept apart: the actor's own first, then whoever
/// lent a role that gives the permission, and to whom the actor lends one now. Nobody so has done
/// by another what they may not do, and neither decides about the other.
pub fn counts_as(actor: &Actor, permission: Permission) -> Vec<PersonId> {
    let Some(signed_in) = actor.signed_in() else { return Vec::new() };
    let lenders = signed_in.roles.iter().filter(|g| gives(g, permission)).filter_map(|g| g.lent);
    let delegates =
        signed_in.delegates.iter().filter(|(role, _)| granted_to(permission).contains(role));
    let others = lenders.map(|lent| lent.by).chain(delegates.map(|(_, person)| *person));
    let mut persons = vec![signed_in.person];
    for other in others {
        if !persons.contains(&other) {
            persons.push(other);
        }
    }
    persons
}

/// Whether a role gives a permission now: one that waits for a second factor does not give all.
fn gives(granted: &GrantedRole, permission: Permission) -> bool {
    granted_to(permission).contains(&granted.role)
        && !(granted.awaits_totp && permission.needs_second_factor())
}
