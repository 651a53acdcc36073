//! Invitations: how an account comes to its password. An administrator is shown a secret once and
//! hands it to the person; only its hash is kept. Whoever has it chooses the password, so that
//! nobody else ever knew it. One invitation an account is open; a new one ends it.

use chrono::{DateTime, Duration, Utc};
use entities::enums::InvitationPurpose;
use entities::ids::{AccountId, InvitationId};
use entities::{account, invitation};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use serde_json::json;

use super::accounts::{self, NO_PASSWORD, NewAccount};
use super::{
    Attempt, Auth, AuthRefusal, Result, Tokens, hash_of, password, second_factor, sessions, store,
};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;

/// How long an invitation can be taken up.
pub const LIFE: Duration = Duration::hours(72);

/// An invitation as it is shown, this once.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// To which account.
    pub account: AccountId,
    /// For a first password or for a new one.
    pub purpose: InvitationPurpose,
    /// What the person gives with their sign-in name.
    pub secret: String,
    /// End at the latest.
    pub expires_at: DateTime<Utc>,
}

/// Enters an account for another person and invites them to it.
pub async fn invite(platform: &Platform, actor: &Actor, new: NewAccount) -> Result<Invitation> {
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let id = accounts::enter_in(&mut uow, new, NO_PASSWORD.to_owned()).await?;
    let made = issue(&mut uow, id, InvitationPurpose::Activation).await?;
    uow.commit().await?;
    Ok(made)
}

/// Invites anew to an account that has no password; the invitation before it ends.
pub async fn renew(platform: &Platform, actor: &Actor, id: AccountId) -> Result<Invitation> {
    let scope = Scope::of(actor, Permission::ManageAccounts);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let account = accounts::find_in_hand(&uow, &scope, id).await?;
    if accounts::has_password(&account) {
        return Err(AuthRefusal::AccountActive.into());
    }
    let purpose = latest(uow.tx(), id).await?.map(|i| i.purpose);
    let made = issue(&mut uow, id, purpose.unwrap_or(InvitationPurpose::Activation)).await?;
    uow.commit().await?;
    Ok(made)
}

/// Ends the open invitation of an account.
pub async fn revoke(platform: &Platform, actor: &Actor, id: AccountId) -> Result<()> {
    let scope = Scope::of(actor, Permission::ManageAccounts);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    accounts::find_changeable(&uow, &scope, id).await?;
    if end_open(&uow, id).await? == 0 {
        return Err(AuthRefusal::InvitationNotFound.into());
    }
    uow.record(Stream::System, "invitation.revoke", encode(id), json!({}));
    uow.commit().await?;
    Ok(())
}

/// Makes an invitation in the place of the open one.
pub(super) async fn issue(
    uow: &mut UnitOfWork,
    account: AccountId,
    purpose: InvitationPurpose,
) -> std::result::Result<Invitation, Fault> {
    end_open(uow, account).await?;
    // Eight groups of four, 160 bits: beyond guessing, however often.
    let random = &uow.platform().random;
    let secret = format!("{}-{}", password::generate(random), password::generate(random));
    let (id, now): (InvitationId, _) = (uow.new_id(), uow.now());
    let expires_at = now + LIFE;
    invitation::ActiveModel {
        id: Set(id),
        account_id: Set(account),
        purpose: Set(purpose),
        secret_hash: Set(hash_of(&password::copied(&secret))),
        expires_at: Set(expires_at),
        used_at: Set(None),
        revoked_at: Set(None),
        created_at: Set(now),
    }
    .insert(uow.tx())
    .await?;
    let body = json!({ "invitation": encode(id), "purpose": purpose.code() });
    uow.record(Stream::System, "invitation.issue", encode(account), body);
    Ok(Invitation { account, purpose, secret, expires_at })
}

/// Takes an invitation up: the attempt's password becomes the account's, and it is signed in.
/// Every way of failing is answered alike. Tries are not counted: a secret cannot be guessed, costs
/// one reading where it is wrong, and nobody's failures are to hold another up.
pub async fn activate(
    auth: &Auth,
    platform: &Platform,
    secret: &str,
    attempt: Attempt,
) -> Result<Tokens> {
    // What is wrong with the words themselves tells nothing of the account.
    let client = sessions::Opened::by(&attempt)?;
    if !password::may_be(&attempt.password, &attempt.login) {
        return Err(AuthRefusal::PasswordInvalid.into());
    }
    let hash = hash_of(&password::copied(secret));
    let found = open(platform.db.read(), &attempt.login, &hash, platform.now()).await?;
    let (invitation, account) = found.ok_or(AuthRefusal::InvitationInvalid)?;
    let phc = auth.passwords().hash(&platform.random, attempt.password).await?;

    let uow = UnitOfWork::begin(platform, &Actor::System).await?;
    let account = store::lock_account(&uow, account.id)
        .await?
        .filter(|a| a.disabled_at.is_none())
        .ok_or(AuthRefusal::InvitationInvalid)?;
    // A reset does not take the second factor away.
    let (mut uow, factor) =
        second_factor::demand(uow, account.id, attempt.totp_code.as_deref()).await?;
    let now = uow.now();
    let used = invitation::Entity::update_many()
        .col_expr(invitation::Column::UsedAt, Expr::value(now))
        .filter(invitation::Column::Id.eq(invitation.id))
        .filter(invitation::Column::ExpiresAt.gt(now))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
        .exec(uow.tx())
        .await?;
    if used.rows_affected != 1 {
        return Err(AuthRefusal::InvitationInvalid.into());
    }
    account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(phc))
        .filter(account::Column::Id.eq(account.id))
        .exec(uow.tx())
        .await?;
    let body = json!({ "invitation": encode(invitation.id), "purpose": invitation.purpose.code() });
    uow.record(Stream::System, "account.activate", encode(account.id), body);
    let tokens = auth.open_session(&mut uow, &account, factor, client).await?;
    uow.commit().await?;
    Ok(tokens)
}

/// The open invitation with this secret, of the account with this name.
async fn open(
    db: &impl ConnectionTrait,
    login: &str,
    hash: &[u8],
    now: DateTime<Utc>,
) -> std::result::Result<Option<(invitation::Model, account::Model)>, Fault> {
    let found = invitation::Entity::find()
        .join(JoinType::InnerJoin, invitation::Relation::Account.def())
        .select_also(account::Entity)
        .filter(invitation::Column::SecretHash.eq(hash))
        .filter(invitation::Column::ExpiresAt.gt(now))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
        .filter(account::Column::Login.eq(login))
        .filter(account::Column::DisabledAt.is_null())
        .one(db)
        .await?;
    Ok(found.and_then(|(invitation, account)| Some((invitation, account?))))
}

async fn latest(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> std::result::Result<Option<invitation::Model>, Fault> {
    Ok(invitation::Entity::find()
        .filter(invitation::Column::AccountId.eq(account))
        .order_by_desc(invitation::Column::CreatedAt)
        .order_by_desc(invitation::Column::Id)
        .one(db)
        .await?)
}

/// Ends the open invitation, whether its time is over or not.
async fn end_open(uow: &UnitOfWork, account: AccountId) -> std::result::Result<u64, Fault> {
    let ended = invitation::Entity::update_many()
        .col_expr(invitation::Column::RevokedAt, Expr::value(uow.now()))
        .filter(invitation::Column::AccountId.eq(account))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
        .exec(uow.tx())
        .await?;
    Ok(ended.rows_affected)
}
