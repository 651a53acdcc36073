//! A supervisor's challenge: random bytes that a phone signs, so that its code cannot have been
//! prepared. It is asked for by a signed-in account, good for twenty seconds and once
//! (`docs/credential.md` §1). It does not keep a live relay out: the face is still compared.

use chrono::{DateTime, Duration, Utc};
use entities::challenge;
use entities::ids::{AccountId, ChallengeId};
use mobile_contract::Challenge;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};

use super::error::{ChallengeRefusal, Result};
use crate::audit::UnitOfWork;
use crate::platform::Platform;
use crate::platform::actor::{Actor, SignedIn};
use crate::platform::failure::Fault;
use crate::platform::throttle::Allowance;

/// How long a challenge can be answered.
const LIFE: Duration = Duration::seconds(20);
/// How long it is told of one that it is over, before it is not known any more.
const KEPT: Duration = Duration::minutes(10);
/// Challenges of one account within [`WINDOW`]: more than anyone makes who looks at faces.
pub(super) const BY_ONE_ACCOUNT: u32 = 300;
/// Over how long they are counted.
pub(super) const WINDOW: Duration = Duration::minutes(10);

/// A challenge as it is handed to the supervisor's app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Names it in the check that follows.
    pub id: ChallengeId,
    /// What the phone signs.
    pub value: Challenge,
    /// End.
    pub expires_at: DateTime<Utc>,
}

/// Makes a challenge; `None` where this account has made too many. It concerns nobody yet and is in
/// no log: the check that uses it is.
pub async fn create(
    platform: &Platform,
    actor: &Actor,
    signed_in: &SignedIn,
) -> std::result::Result<Option<Asked>, Fault> {
    let now = platform.now();
    let key = format!("challenge by {}", actor.audit_name());
    if platform.throttle.hit(&key, BY_ONE_ACCOUNT, WINDOW, now).await != Allowance::Allowed {
        return Ok(None);
    }
    let uow = UnitOfWork::begin(platform, actor).await?;
    // Nobody else's are looked at: an account that comes no more leaves few.
    challenge::Entity::delete_many()
        .filter(challenge::Column::AccountId.eq(signed_in.account))
        .filter(challenge::Column::ExpiresAt.lt(now - KEPT))
        .exec(uow.tx())
        .await?;
    let value: Challenge = platform.random.bytes();
    let row = challenge::Model {
        id: uow.new_id(),
        account_id: signed_in.account,
        value: value.to_vec(),
        expires_at: now + LIFE,
        used_at: None,
    };
    let asked = Asked { id: row.id, value, expires_at: row.expires_at };
    row.into_active_model().insert(uow.tx()).await?;
    uow.commit().await?;
    Ok(Some(asked))
}

/// The bytes of a challenge of this account that can still be answered.
pub(super) async fn open(
    db: &impl ConnectionTrait,
    account: AccountId,
    id: ChallengeId,
    now: DateTime<Utc>,
) -> Result<Challenge> {
    let found = challenge::Entity::find_by_id(id)
        .filter(challenge::Column::AccountId.eq(account))
        .one(db)
        .await?
        .ok_or(ChallengeRefusal::NotFound)?;
    if found.used_at.is_some() {
        return Err(ChallengeRefusal::Used.into());
    }
    if found.expires_at <= now {
        return Err(ChallengeRefusal::Expired.into());
    }
    found.value.try_into().map_err(|_| Fault::stored("the bytes of a challenge").into())
}

/// Takes a challenge up, unless another request just did.
pub(super) async fn use_up(uow: &UnitOfWork, id: ChallengeId) -> Result<()> {
    let used = challenge::Entity::update_many()
        .col_expr(challenge::Column::UsedAt, Expr::value(uow.now()))
        .filter(challenge::Column::Id.eq(id))
        .filter(challenge::Column::UsedAt.is_null())
        .exec(uow.tx())
        .await?;
    if used.rows_affected == 1 { Ok(()) } else { Err(ChallengeRefusal::Used.into()) }
}
