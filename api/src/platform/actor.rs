//! Who acts: an account with its roles, or the system itself.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entities::enums::{Role, ScopeAxis, SessionClient};
use entities::ids::{AccountId, AgencyId, DelegationId, PersonId, SessionId};

/// A role over a part of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantedRole {
    /// Role.
    pub role: Role,
    /// Root of the part.
    pub agency: AgencyId,
    /// Along which tree.
    pub axis: ScopeAxis,
    /// A policy asks for a second factor here, and the account has none.
    pub awaits_totp: bool,
    /// Another's, lent by a delegation; none where it is the account's own.
    pub lent: Option<Lent>,
}

/// That a role is another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lent {
    /// By which delegation.
    pub delegation: DelegationId,
    /// Whose role it is.
    pub by: PersonId,
}

/// Who acts. Separation of duties compares [`Actor::person`], so two accounts of one person are one.
#[derive(Clone, Debug)]
pub enum Actor {
    /// The system: the clock, a job, the operator at the machine's own command line.
    System,
    /// A signed-in account.
    Account(Arc<SignedIn>),
}

/// A signed-in account.
#[derive(Debug)]
pub struct SignedIn {
    /// Account.
    pub account: AccountId,
    /// The person it belongs to.
    pub person: PersonId,
    /// Session of this request.
    pub session: SessionId,
    /// What the session was opened from.
    pub client: SessionClient,
    /// When the password was last given.
    pub signed_in_at: DateTime<Utc>,
    /// Roles in force.
    pub roles: Vec<GrantedRole>,
    /// To whom the account lends a role now, and which.
    pub delegates: Vec<(Role, PersonId)>,
}

impl Actor {
    /// The account, where one acts.
    pub fn account(&self) -> Option<AccountId> {
        self.signed_in().map(|s| s.account)
    }

    /// The person, where one acts.
    pub fn person(&self) -> Option<PersonId> {
        self.signed_in().map(|s| s.person)
    }

    /// The signed-in account, where one acts.
    pub fn signed_in(&self) -> Option<&SignedIn> {
        match self {
            Self::System => None,
            Self::Account(signed_in) => Some(signed_in),
        }
    }

    /// The word in the audit log.
    pub fn audit_name(&self) -> String {
        self.account().map_or_else(|| "system".to_owned(), |id| id.0.to_string())
    }
}
