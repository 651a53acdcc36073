//! New passwords: changed by their owner, or reset by an administrator, which takes the old one
//! away and invites to a new one. Either ends the tokens that are out and the other sessions:
//! whoever else knew the old password is out.

use chrono::Duration;
use entities::enums::InvitationPurpose;
use entities::ids::{AccountId, SessionId};
use entities::{account, session};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::accounts::{self, NO_PASSWORD};
use super::invitations::{self, Invitation};
use super::{Auth, AuthRefusal, Result, password, store};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::{Actor, SignedIn};
use crate::platform::throttle::Allowance;

/// Wrong passwords given in one session within [`TRIES_WINDOW`].
const TRIES: u32 = 10;
/// Over how long they are counted.
const TRIES_WINDOW: Duration = Duration::minutes(15);

/// Changes the password of the actor's own account. This session goes on with a refresh.
pub async fn change(
    auth: &Auth,
    platform: &Platform,
    actor: &Actor,
    old: String,
    new: String,
) -> Result<AccountId> {
    let signed_in = actor.signed_in().ok_or(AuthRefusal::AccountNotFound)?;
    let account = give_again(auth, platform, signed_in, old).await?;
    let id = account.id;
    if !password::may_be(&new, &account.login) {
        return Err(AuthRefusal::PasswordInvalid.into());
    }
    let hash = auth.passwords().hash(&platform.random, new).await?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    // A reset meanwhile holds: the old password is no longer the one that was given.
    if !write(&uow, id, Some(&account.password_hash), hash).await? {
        return Err(AuthRefusal::SignInFailed.into());
    }
    end(&mut uow, id, Some(signed_in.session), "account.change_password").await?;
    uow.commit().await?;
    Ok(id)
}

/// The actor's own account, once its password was given again. Wrong ones are counted for the
/// session: who took one over is not to find the password out, nor to hold up its owner's others.
pub(super) async fn give_again(
    auth: &Auth,
    platform: &Platform,
    signed_in: &SignedIn,
    password: String,
) -> Result<account::Model> {
    let account = store::account_by_id(platform.db.read(), signed_in.account).await?;
    let account = account.ok_or(AuthRefusal::AccountNotFound)?;
    let (key, now) = (format!("password {}", encode(signed_in.session)), platform.now());
    if let Allowance::TooMany { retry_after } =
        platform.throttle.hit(&key, TRIES, TRIES_WINDOW, now).await
    {
        return Err(AuthRefusal::TooManyAttempts { retry_after }.into());
    }
    let phc = account.password_hash.clone();
    let known = if password.len() <= password::MOST_BYTES {
        auth.passwords().verify(password, Some(phc)).await
    } else {
        Ok(false)
    };
    match known {
        Ok(true) => {}
        Ok(false) => return Err(AuthRefusal::SignInFailed.into()),
        Err(fault) => {
            // It was not tried at all.
            platform.throttle.give_back(&key, TRIES_WINDOW, now).await;
            return Err(fault.into());
        }
    }
    platform.throttle.forget(&key, TRIES_WINDOW, now).await;
    Ok(account)
}

/// Takes the password of an account away and invites its person to choose another.
pub async fn reset(platform: &Platform, actor: &Actor, id: AccountId) -> Result<Invitation> {
    let scope = Scope::of(actor, Permission::ManageAccounts);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let account = accounts::find_in_hand(&uow, &scope, id).await?;
    if !accounts::has_password(&account) {
        drop(uow);
        return invitations::renew(platform, actor, id).await;
    }
    write(&uow, id, None, NO_PASSWORD.to_owned()).await?;
    end(&mut uow, id, None, "account.reset_password").await?;
    let made = invitations::issue(&mut uow, id, InvitationPurpose::Reset).await?;
    uow.commit().await?;
    Ok(made)
}

/// Stores a hash in the place of this one, or of any. `false` where another is there.
async fn write(
    uow: &UnitOfWork,
    id: AccountId,
    instead_of: Option<&str>,
    hash: String,
) -> Result<bool> {
    let mut update = account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(hash))
        .filter(account::Column::Id.eq(id));
    if let Some(old) = instead_of {
        update = update.filter(account::Column::PasswordHash.eq(old));
    }
    Ok(update.exec(uow.tx()).await?.rows_affected == 1)
}

/// Ends what the old password opened, but for one session.
async fn end(
    uow: &mut UnitOfWork,
    id: AccountId,
    but: Option<SessionId>,
    action: &'static str,
) -> Result<()> {
    accounts::raise_version(uow, id).await?;
    let mut which = session::Column::AccountId.eq(id);
    if let Some(kept) = but {
        which = which.and(session::Column::Id.ne(kept));
    }
    store::revoke(uow.tx(), which, uow.now()).await?;
    uow.record(Stream::System, action, encode(id), json!({}));
    Ok(())
}
