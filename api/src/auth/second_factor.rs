//! The second factor of an account: enrolled by its owner with an authenticator app, asked for at
//! each sign-in from then on, removed by an administrator.
//!
//! Whoever tries codes knows the password. After [`FAILURES`] wrong ones a single code is not
//! enough for this account: two in a row are asked for, wherever somebody signs in from. So the
//! number of guesses is bounded over all places and nodes, and yet nothing anybody does keeps the
//! owner out, who has an app that shows the next code.

use std::collections::HashMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use entities::ids::{AccountId, AgencyId};
use entities::{agency, recovery_code, second_factor, session};
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect,
};
use serde_json::json;

use super::totp::{App, DIGITS, SECRET};
use super::{Auth, AuthRefusal, Result, accounts, hash_of, new_password, password, store};
use crate::access::{Permission, Scope, second_factor_matters};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::{Actor, GrantedRole};
use crate::platform::failure::Fault;
use crate::platform::seal::Purpose;
use crate::platform::throttle::Allowance;
use crate::policy::{self, AccountsPolicy};

/// Wrong codes since the last right one, after which one code is not enough.
pub const FAILURES: i32 = 10;
/// Codes that stand in for the app, made with each enrolment.
pub const RECOVERY_CODES: usize = 10;
/// How long a secret that was shown waits for its first code.
const PENDING: Duration = Duration::minutes(30);
/// Codes tried in one session within [`GUESSES_WINDOW`] to end an enrolment.
const GUESSES: u32 = 10;
/// Over how long they are counted.
const GUESSES_WINDOW: Duration = Duration::minutes(15);
/// What secrets are sealed for.
const SEALED: Purpose = Purpose::new("auth/totp-secret");

/// What an app is set up with.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// The secret, to be typed.
    pub secret: String,
    /// The same as an address, to be drawn as a QR code.
    pub uri: String,
}

/// How the second factor of an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// In force since; none where there is none.
    pub enrolled_at: Option<DateTime<Utc>>,
    /// Recovery codes that were not used.
    pub recovery_codes_left: u64,
}

/// Begins an enrolment: a new secret, which waits for its first code. One in force stays until
/// then, and its code is asked for too.
pub async fn begin(
    auth: &Auth,
    platform: &Platform,
    actor: &Actor,
    password: String,
    code: Option<&str>,
) -> Result<Enrolment> {
    let signed_in = actor.signed_in().ok_or(AuthRefusal::AccountNotFound)?;
    let account = new_password::give_again(auth, platform, signed_in, password).await?;
    let uow = UnitOfWork::begin(platform, actor).await?;
    let account = store::lock_account(&uow, account.id).await?;
    let account = account.ok_or(AuthRefusal::AccountNotFound)?;
    let (uow, _) = demand(uow, account.id, code).await?;
    let secret: [u8; SECRET] = platform.random.bytes();
    let app = App::new(auth.deployment(), &account.login, &secret).map_err(Fault::other)?;
    let sealed = seal(platform, account.id, &secret);
    let pending = second_factor::ActiveModel {
        account_id: Set(account.id),
        pending_sealed: Set(Some(sealed)),
        pending_at: Set(Some(uow.now())),
        ..Default::default()
    };
    if find(&uow, account.id).await?.is_some() {
        pending.update(uow.tx()).await?;
    } else {
        let new = second_factor::ActiveModel {
            secret_sealed: Set(None),
            enrolled_at: Set(None),
            last_step: Set(0),
            failures: Set(0),
            ..pending
        };
        new.insert(uow.tx()).await?;
    }
    uow.commit().await?;
    Ok(Enrolment { secret: app.typed(), uri: app.uri().map_err(Fault::other)? })
}

/// Ends an enrolment with the first code of the new secret, and answers the recovery codes, this
/// once. The other sessions end; this one counts as opened with a second factor.
pub async fn confirm(platform: &Platform, actor: &Actor, code: &str) -> Result<Vec<String>> {
    let signed_in = actor.signed_in().ok_or(AuthRefusal::AccountNotFound)?;
    let id = signed_in.account;
    // Who took over a session is not to end its owner's enrolment with a guess, which would tell
    // the recovery codes.
    let (throttle, key) = (&platform.throttle, format!("enrol {}", encode(signed_in.session)));
    if let Allowance::TooMany { retry_after } =
        throttle.hit(&key, GUESSES, GUESSES_WINDOW, platform.now()).await
    {
        return Err(AuthRefusal::TooManyAttempts { retry_after }.into());
    }
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let now = uow.now();
    store::lock_account(&uow, id).await?;
    let found = find(&uow, id).await?;
    let Some(second_factor::Model {
        pending_sealed: Some(sealed), pending_at: Some(shown_at), ..
    }) = found
    else {
        return Err(AuthRefusal::TotpNotBegun.into());
    };
    if now - shown_at > PENDING {
        return Err(AuthRefusal::TotpNotBegun.into());
    }
    let step = open(platform, id, &sealed)?
        .step_of(&digits(code), now, 0)
        .ok_or(AuthRefusal::TotpCodeInvalid)?;
    second_factor::ActiveModel {
        account_id: Set(id),
        secret_sealed: Set(Some(sealed)),
        enrolled_at: Set(Some(now)),
        last_step: Set(step),
        failures: Set(0),
        pending_sealed: Set(None),
        pending_at: Set(None),
    }
    .update(uow.tx())
    .await?;
    let codes: Vec<String> =
        (0..RECOVERY_CODES).map(|_| password::generate(&platform.random)).collect();
    forget_recovery_codes(&uow, id).await?;
    let rows = codes.iter().map(|code| recovery_code::ActiveModel {
        account_id: Set(id),
        hash: Set(hash_of(&password::copied(code))),
        used_at: Set(None),
    });
    recovery_code::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
    let others = session::Column::AccountId.eq(id).and(session::Column::Id.ne(signed_in.session));
    store::revoke(uow.tx(), others, now).await?;
    session::Entity::update_many()
        .col_expr(session::Column::SecondFactorAt, Expr::value(now))
        .filter(session::Column::Id.eq(signed_in.session))
        .exec(uow.tx())
        .await?;
    uow.record(Stream::System, "account.enrol_totp", encode(id), json!({}));
    uow.commit().await?;
    Ok(codes)
}

/// Takes the second factor from another's account, whose app is lost: its sessions end.
pub async fn remove(platform: &Platform, actor: &Actor, id: AccountId) -> Result<()> {
    let scope = Scope::of(actor, Permission::ManageAccounts);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    accounts::find_in_hand(&uow, &scope, id).await?;
    let gone = second_factor::Entity::delete_many()
        .filter(second_factor::Column::AccountId.eq(id))
        .filter(second_factor::Column::EnrolledAt.is_not_null())
        .exec(uow.tx())
        .await?;
    if gone.rows_affected == 0 {
        return Err(AuthRefusal::TotpNotEnrolled.into());
    }
    forget_recovery_codes(&uow, id).await?;
    accounts::raise_version(&uow, id).await?;
    super::end_sessions(&uow, id).await?;
    uow.record(Stream::System, "account.remove_totp", encode(id), json!({}));
    uow.commit().await?;
    Ok(())
}

/// How the second factor of an account stands.
pub async fn standing(
    db: &impl ConnectionTrait,
    id: AccountId,
) -> std::result::Result<Standing, Fault> {
    let found = second_factor::Entity::find_by_id(id).one(db).await?;
    let left = recovery_code::Entity::find()
        .filter(recovery_code::Column::AccountId.eq(id))
        .filter(recovery_code::Column::UsedAt.is_null())
        .count(db)
        .await?;
    Ok(Standing { enrolled_at: found.and_then(|f| f.enrolled_at), recovery_codes_left: left })
}

/// Asks for the second factor of an account that has one, whose row the transaction has locked.
/// Gives the transaction back, and whether a factor was given; a wrong one is counted at once.
pub(super) async fn demand(
    mut uow: UnitOfWork,
    id: AccountId,
    code: Option<&str>,
) -> Result<(UnitOfWork, bool)> {
    let found = find(&uow, id).await?;
    let Some((factor, sealed)) = found.and_then(|f| Some((f.clone(), f.secret_sealed?))) else {
        return Ok((uow, false));
    };
    let doubted = factor.failures >= FAILURES;
    let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
        return Err(if doubted {
            AuthRefusal::TotpTwoCodesRequired.into()
        } else {
            AuthRefusal::TotpCodeRequired.into()
        });
    };
    let app = open(uow.platform(), id, &sealed)?;
    let (given, now, last) = (digits(code), uow.now(), factor.last_step);
    let step = match given.len() {
        DIGITS if doubted => return Err(AuthRefusal::TotpTwoCodesRequired.into()),
        DIGITS => app.step_of(&given, now, last),
        n if n == 2 * DIGITS => app.step_of_pair(&given, now, last),
        _ => None,
    };
    if step.is_none() && !use_recovery_code(&mut uow, id, code).await? {
        let failures = factor.failures.saturating_add(1);
        set(&uow, id, last, failures).await?;
        if failures == FAILURES {
            uow.record(Stream::System, "account.totp_doubted", encode(id), json!({}));
        }
        uow.commit().await?;
        return Err(AuthRefusal::TotpCodeInvalid.into());
    }
    set(&uow, id, step.unwrap_or(last), 0).await?;
    Ok((uow, true))
}

/// Marks the roles that give less as long as the account has no second factor: what a policy asks
/// for at the role's agency on this day, or the default where none was entered.
pub(super) async fn marked(
    db: &impl ConnectionTrait,
    mut roles: Vec<GrantedRole>,
    today: NaiveDate,
) -> std::result::Result<Vec<GrantedRole>, Fault> {
    let concerned: Vec<AgencyId> =
        roles.iter().filter(|g| second_factor_matters(g.role)).map(|g| g.agency).collect();
    if concerned.is_empty() {
        return Ok(roles);
    }
    let divisions: HashMap<AgencyId, String> = agency::Entity::find()
        .select_only()
        .columns([agency::Column::Id, agency::Column::DivisionCode])
        .filter(agency::Column::Id.is_in(concerned))
        .into_tuple::<(AgencyId, String)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let codes: Vec<String> = divisions.values().cloned().collect();
    let policies = policy::in_force_many::<AccountsPolicy>(db, &codes, today).await?;
    let default = AccountsPolicy::default();
    for granted in &mut roles {
        let in_force = divisions.get(&granted.agency).and_then(|code| policies.get(code));
        let rule = in_force.map_or(&default, |p| &p.body);
        granted.awaits_totp = rule.totp_required_roles.contains(&granted.role);
    }
    Ok(roles)
}

async fn find(
    uow: &UnitOfWork,
    id: AccountId,
) -> std::result::Result<Option<second_factor::Model>, Fault> {
    let mut select = second_factor::Entity::find_by_id(id);
    if !uow.platform().db.is_sqlite() {
        select = select.lock(LockType::Update);
    }
    Ok(select.one(uow.tx()).await?)
}

async fn set(
    uow: &UnitOfWork,
    id: AccountId,
    last_step: i64,
    failures: i32,
) -> std::result::Result<(), Fault> {
    second_factor::ActiveModel {
        account_id: Set(id),
        last_step: Set(last_step),
        failures: Set(failures),
        ..Default::default()
    }
    .update(uow.tx())
    .await?;
    Ok(())
}

/// Uses a recovery code up; `false` where it is none of this account's or was used.
async fn use_recovery_code(
    uow: &mut UnitOfWork,
    id: AccountId,
    code: &str,
) -> std::result::Result<bool, Fault> {
    let used = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(uow.now()))
        .filter(recovery_code::Column::AccountId.eq(id))
        .filter(recovery_code::Column::Hash.eq(hash_of(&password::copied(code))))
        .filter(recovery_code::Column::UsedAt.is_null())
        .exec(uow.tx())
        .await?;
    if used.rows_affected == 0 {
        return Ok(false);
    }
    uow.record(Stream::System, "account.use_recovery_code", encode(id), json!({}));
    Ok(true)
}

async fn forget_recovery_codes(uow: &UnitOfWork, id: AccountId) -> std::result::Result<(), Fault> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.eq(id))
        .exec(uow.tx())
        .await?;
    Ok(())
}

/// What was typed, without the blanks that apps show between digits; nothing where it is no code.
fn digits(typed: &str) -> String {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.bytes().all(|b| b.is_ascii_digit()) { digits } else { String::new() }
}

fn seal(platform: &Platform, id: AccountId, secret: &[u8]) -> Vec<u8> {
    let mut random = platform.random.clone();
    platform.secret.seal(SEALED, id.0.as_bytes(), secret, &mut random)
}

fn open(platform: &Platform, id: AccountId, sealed: &[u8]) -> std::result::Result<App, Fault> {
    let secret = platform.secret.open(SEALED, id.0.as_bytes(), sealed).map_err(Fault::stored)?;
    App::new("", "", &secret).map_err(Fault::stored)
}
