//! What sessions and accounts are in GraphQL.

use async_graphql::{ComplexObject, Context, Enum, ID, InputObject, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entities::ids::{AccountId, AgencyId, DeskHandoverId, PersonId, SessionId};
use entities::{desk_handover, session};

use crate::auth::accounts::{RoleOver, has_password};
use crate::auth::directory::Listed;
use crate::auth::{invitations, second_factor};
use crate::graphql::caller;
use crate::graphql::enums::{InvitationPurpose, Role, ScopeAxis, SessionClient};
use crate::graphql::ids::{Id, encode};
use crate::platform::actor;

/// The signed-in account.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Viewer {
    /// Account.
    account_id: ID,
    /// The person it belongs to; separation of duties compares persons.
    person_id: ID,
    /// When the password was last given. Issuing, ending certificates and keys ask for a recent one.
    signed_in_at: DateTime<Utc>,
    /// Roles in force.
    roles: Vec<GrantedRole>,
    /// One of the roles asks for a second factor and the account has none: it issues, ends and
    /// administers nothing until `beginTotpEnrolment` and `confirmTotpEnrolment` are done.
    totp_required: bool,
    #[graphql(skip)]
    account: AccountId,
}

#[ComplexObject]
impl Viewer {
    /// The second factor of the account.
    #[graphql(complexity = "5 + child_complexity")]
    async fn second_factor(&self, ctx: &Context<'_>) -> Result<SecondFactor> {
        let (platform, _) = caller(ctx)?;
        let standing = second_factor::standing(platform.db.read(), self.account).await?;
        Ok(SecondFactor {
            enrolled_at: standing.enrolled_at,
            recovery_codes_left: standing.recovery_codes_left,
        })
    }
}

impl From<&actor::SignedIn> for Viewer {
    fn from(signed_in: &actor::SignedIn) -> Self {
        Self {
            account_id: encode(signed_in.account).into(),
            person_id: encode(signed_in.person).into(),
            signed_in_at: signed_in.signed_in_at,
            roles: signed_in.roles.iter().map(GrantedRole::from).collect(),
            totp_required: signed_in.roles.iter().any(|g| g.awaits_totp),
            account: signed_in.account,
        }
    }
}

/// How the second factor of an account stands.
#[derive(SimpleObject)]
pub struct SecondFactor {
    /// In force since; none where there is none.
    enrolled_at: Option<DateTime<Utc>>,
    /// Recovery codes that were not used. A new enrolment makes ten.
    recovery_codes_left: u64,
}

/// A role over a part of the tree.
#[derive(SimpleObject)]
pub struct GrantedRole {
    /// Role.
    role: Role,
    /// Root of the part.
    agency_id: ID,
    /// Along which tree.
    axis: ScopeAxis,
    /// The delegation by which it is lent; none where it is the account's own.
    delegation_id: Option<ID>,
}

impl From<&actor::GrantedRole> for GrantedRole {
    fn from(granted: &actor::GrantedRole) -> Self {
        Self {
            role: granted.role.into(),
            agency_id: encode(granted.agency).into(),
            axis: granted.axis.into(),
            delegation_id: granted.lent.map(|lent| encode(lent.delegation).into()),
        }
    }
}

/// A session in force of one's own account.
#[derive(SimpleObject)]
pub struct Session {
    /// Id, for `endSession`.
    id: Id<SessionId>,
    /// When the password was given.
    signed_in_at: DateTime<Utc>,
    /// When its tokens were last made.
    last_used_at: DateTime<Utc>,
    /// End at the latest.
    expires_at: DateTime<Utc>,
    /// This very session.
    is_current: bool,
    /// What the client called itself at sign-in. Neither address nor user agent is kept.
    client_name: Option<String>,
    /// What it was opened from, as the client said.
    client: SessionClient,
    /// A second factor was given.
    with_second_factor: bool,
}

impl Session {
    /// A session, seen from this one.
    pub fn of(row: session::Model, current: SessionId) -> Self {
        Self {
            id: row.id.into(),
            signed_in_at: row.signed_in_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            is_current: row.id == current,
            client_name: row.client_name,
            client: row.client.into(),
            with_second_factor: row.second_factor_at.is_some(),
        }
    }
}

/// Tokens of a session.
#[derive(SimpleObject)]
pub struct Tokens {
    /// For the `Authorization: Bearer` header; lives ten minutes.
    access_token: String,
    /// End of the access token.
    access_expires_at: DateTime<Utc>,
    /// For one `refreshSession`; keep it secret.
    refresh_token: String,
}

impl From<crate::auth::Tokens> for Tokens {
    fn from(tokens: crate::auth::Tokens) -> Self {
        Self {
            access_token: tokens.access_token,
            access_expires_at: tokens.access_expires_at,
            refresh_token: tokens.refresh_token,
        }
    }
}

/// What an authenticator app is set up with. Told this once.
#[derive(SimpleObject)]
pub struct TotpEnrolment {
    /// The secret in base32, to be typed into an app.
    secret: String,
    /// The same as an `otpauth:` address: draw it as a QR code on this device, nowhere else.
    uri: String,
}

impl From<second_factor::Enrolment> for TotpEnrolment {
    fn from(enrolment: second_factor::Enrolment) -> Self {
        Self { secret: enrolment.secret, uri: enrolment.uri }
    }
}

/// An invitation to choose a password. Told this once: hand it to the person yourself.
#[derive(SimpleObject)]
pub struct Invitation {
    /// To which account.
    account_id: ID,
    /// For a first password or for a new one.
    purpose: InvitationPurpose,
    /// What the person gives to `activateAccount` with their sign-in name.
    secret: String,
    /// End at the latest: 72 hours from now.
    expires_at: DateTime<Utc>,
}

impl From<invitations::Invitation> for Invitation {
    fn from(invitation: invitations::Invitation) -> Self {
        Self {
            account_id: encode(invitation.account).into(),
            purpose: invitation.purpose.into(),
            secret: invitation.secret,
            expires_at: invitation.expires_at,
        }
    }
}

/// Whether an account can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AccountState {
    /// It has no password: its person takes up an invitation first.
    Invited,
    /// Its person can sign in.
    Active,
    /// Closed for good.
    Closed,
}

/// An account as its administrator sees it.
#[derive(SimpleObject)]
pub struct Account {
    /// Id.
    id: Id<AccountId>,
    /// Sign-in name.
    login: String,
    /// Whose.
    person_id: ID,
    /// Name of the person.
    person_name: String,
    /// Agency of the person.
    agency_id: ID,
    /// Whether it can be used.
    state: AccountState,
    /// Roles that hold, or will after a hand-over.
    roles: Vec<AccountRole>,
    /// Has a second factor since.
    totp_enrolled_at: Option<DateTime<Utc>>,
    /// What the invitation that can be taken up now is for.
    invitation_purpose: Option<InvitationPurpose>,
    /// Its end.
    invitation_expires_at: Option<DateTime<Utc>>,
}

impl From<Listed> for Account {
    fn from(listed: Listed) -> Self {
        let account = listed.account;
        let state = match account.disabled_at {
            Some(_) => AccountState::Closed,
            None if has_password(&account) => AccountState::Active,
            None => AccountState::Invited,
        };
        Self {
            id: account.id.into(),
            login: account.login,
            person_id: encode(listed.person.id).into(),
            person_name: listed.person.name,
            agency_id: encode(listed.person.agency_id).into(),
            state,
            roles: listed
                .roles
                .into_iter()
                .map(|g| AccountRole {
                    role: g.role.into(),
                    agency_id: encode(g.agency_id).into(),
                    axis: g.axis.into(),
                    from: g.created_at,
                    until: g.ended_at,
                })
                .collect(),
            totp_enrolled_at: listed.enrolled_at,
            invitation_purpose: listed.invitation.as_ref().map(|i| i.purpose.into()),
            invitation_expires_at: listed.invitation.map(|i| i.expires_at),
        }
    }
}

/// A role of an account, with its time.
#[derive(SimpleObject)]
pub struct AccountRole {
    /// Role.
    role: Role,
    /// Root of the part of the tree.
    agency_id: ID,
    /// Along which tree.
    axis: ScopeAxis,
    /// Holds from then on.
    from: DateTime<Utc>,
    /// Holds no longer from then on; none where no end is set.
    until: Option<DateTime<Utc>>,
}

/// A desk that was handed over.
#[derive(SimpleObject)]
pub struct DeskHandover {
    /// Id.
    id: Id<DeskHandoverId>,
    /// Account whose desk it was.
    from_account_id: ID,
    /// Account of the successor.
    to_account_id: ID,
    /// The roles.
    roles: Vec<GrantedRole>,
    /// From when the successor holds them and the other no longer.
    at: DateTime<Utc>,
    /// What the administrator noted.
    note: Option<String>,
    /// When it was entered.
    created_at: DateTime<Utc>,
}

impl From<desk_handover::Model> for DeskHandover {
    fn from(row: desk_handover::Model) -> Self {
        let roles = row.roles.as_array().map(Vec::as_slice).unwrap_or_default();
        Self {
            id: row.id.into(),
            from_account_id: encode(row.from_account_id).into(),
            to_account_id: encode(row.to_account_id).into(),
            roles: roles.iter().filter_map(handed).collect(),
            at: row.at,
            note: row.note,
            created_at: row.created_at,
        }
    }
}

/// A role as a hand-over keeps it.
fn handed(role: &serde_json::Value) -> Option<GrantedRole> {
    let word = |name: &str| role.get(name).and_then(serde_json::Value::as_str);
    Some(GrantedRole {
        role: entities::enums::Role::from_code(word("role")?)?.into(),
        agency_id: word("agency")?.into(),
        axis: entities::enums::ScopeAxis::from_code(word("axis")?)?.into(),
        delegation_id: None,
    })
}

/// A role to be given or taken.
#[derive(InputObject)]
pub struct RoleInput {
    /// Role.
    role: Role,
    /// Root of the part of the tree.
    agency_id: Id<AgencyId>,
    /// Along which tree.
    axis: ScopeAxis,
}

impl From<RoleInput> for RoleOver {
    fn from(input: RoleInput) -> Self {
        (input.role.into(), input.agency_id.get(), input.axis.into())
    }
}

/// A person who is to have an account.
#[derive(InputObject)]
pub struct InviteAccountInput {
    /// The person.
    pub person_id: Id<PersonId>,
    /// 3–64 lower-case letters, digits, dots or hyphens, beginning with a letter.
    pub login: String,
    /// Its roles.
    pub roles: Vec<RoleInput>,
}

/// An invitation that is taken up.
#[derive(InputObject)]
pub struct ActivateAccountInput {
    /// Sign-in name.
    pub login: String,
    /// Secret of the invitation; blanks, hyphens and capitals do not matter.
    pub secret: String,
    /// The password from now on, 10–128 characters.
    pub password: String,
    /// Code of the second factor, where the account has one.
    pub totp_code: Option<String>,
    /// What the client calls itself, 60 characters at most.
    pub client_name: Option<String>,
    /// What the client is; DESK where it does not say.
    pub client: Option<SessionClient>,
}

/// A desk that is to be handed over.
#[derive(InputObject)]
pub struct HandOverDeskInput {
    /// Account that gives it up.
    pub from_account_id: Id<AccountId>,
    /// Account of the successor, another person's.
    pub to_account_id: Id<AccountId>,
    /// The roles; all that the account holds then, where none are named.
    pub roles: Option<Vec<RoleInput>>,
    /// From when, at most a year ahead; at once where it is not said.
    pub at: Option<DateTime<Utc>>,
    /// For those who look at it later, at most 1,000 characters.
    pub note: Option<String>,
}
