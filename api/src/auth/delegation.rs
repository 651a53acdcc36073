//! Roles lent: who holds a role lets another person's account act in it until a moment, over what
//! they hold themselves or a part of it (domain §1). A role that is lent is never lent on; it ends
//! by itself, with the grant it rests on, and when either of the two ends it. The lender keeps it.
//!
//! Both stay what they are in the log: the delegate acts, and the entry names the delegation. Where
//! duties are kept apart the two count as one.

mod stood_in;

use chrono::{DateTime, Duration, SubsecRound, Utc};
use entities::enums::{Role, ScopeAxis};
use entities::ids::{AccountId, AgencyId, DelegationId, PersonId, PolicyId};
use entities::{account, agency, agency_closure, delegation, grant, person};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use serde_json::json;

use super::{AuthRefusal, Result, handover, store};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::{Actor, GrantedRole, Lent, SignedIn};
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;
use crate::policy::{self, AccountsPolicy};
pub use stood_in::{StoodIn, doers, lenders, stood_in, stood_in_for};

/// How far ahead a delegation can begin.
const AHEAD: Duration = Duration::days(366);
/// Most delegations a list shows.
const MOST: u64 = 100;

/// What is lent, to whom and until when.
#[derive(Clone, Debug)]
pub struct NewDelegation {
    /// The role.
    pub role: Role,
    /// Root of the part: an agency the role of one's own is over.
    pub agency: AgencyId,
    /// Sign-in name of whoever is to act.
    pub to_login: String,
    /// From when; now where it is not said.
    pub from: Option<DateTime<Utc>>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// For those who look at it later.
    pub note: Option<String>,
}

/// Roles that are lent. An administrator's is not: what it gives to others would outlast its end.
/// Nor is an officer's, which is about the officer alone.
const fn is_lendable(role: Role) -> bool {
    !matches!(role, Role::SystemAdministrator | Role::Officer)
}

/// Lends a role. The other account gets and loses it at the moments named, in the sessions it has
/// open too: roles are read with each request.
pub async fn delegate(
    platform: &Platform,
    actor: &Actor,
    new: NewDelegation,
) -> Result<DelegationId> {
    let note = handover::note(new.note.as_deref())?;
    let signed_in = actor.signed_in().ok_or(AuthRefusal::AccountNotFound)?;
    if !is_lendable(new.role) {
        return Err(AuthRefusal::RoleNotLendable.into());
    }
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    // Two at once wait for each other, and a role that is taken meanwhile is not lent.
    store::lock_account(&uow, signed_in.account).await?;
    let grant = own_grant(&uow, signed_in, new.role, new.agency).await?;
    let to = colleague(&uow, &grant, &new.to_login).await?;
    if to.person_id == signed_in.person {
        return Err(AuthRefusal::OwnAccount.into());
    }
    if to.disabled_at.is_some() {
        return Err(AuthRefusal::AccountClosed.into());
    }
    let policy = policy_at(&uow, new.agency).await?;
    let most = policy.as_ref().map_or(AccountsPolicy::default().delegation_days, |(_, days)| *days);
    let now = uow.now();
    let from = new.from.map_or(now, |at| at.trunc_subsecs(6));
    let until = new.until.trunc_subsecs(6);
    let begins = from >= now && from <= now + AHEAD;
    if !begins || until <= from || until - from > Duration::days(most.into()) {
        return Err(AuthRefusal::DelegationTimeInvalid { most }.into());
    }
    let same = delegation::Entity::find()
        .filter(delegation::Column::ToAccountId.eq(to.id))
        .filter(delegation::Column::GrantId.eq(grant.id))
        .filter(delegation::Column::AgencyId.eq(new.agency))
        .filter(delegation::Column::EndedAt.is_null())
        .filter(delegation::Column::StartsAt.lt(until))
        .filter(delegation::Column::EndsAt.gt(from));
    if same.one(uow.tx()).await?.is_some() {
        return Err(AuthRefusal::DelegationOverlaps.into());
    }
    let id: DelegationId = uow.new_id();
    delegation::ActiveModel {
        id: Set(id),
        grant_id: Set(grant.id),
        from_account_id: Set(signed_in.account),
        to_account_id: Set(to.id),
        agency_id: Set(new.agency),
        starts_at: Set(from),
        ends_at: Set(until),
        ended_at: Set(None),
        note: Set(note),
        policy_id: Set(policy.map(|(id, _)| id)),
        created_at: Set(now),
    }
    .insert(uow.tx())
    .await?;
    let body = json!({
        "delegation": encode(id),
        "to": encode(to.id),
        "role": new.role.code(),
        "agency": encode(new.agency),
        "axis": grant.axis.code(),
        "from": from.to_rfc3339(),
        "until": until.to_rfc3339(),
        "policy": policy.map(|(id, _)| encode(id)),
    });
    uow.record(Stream::System, "account.delegate", encode(signed_in.account), body);
    uow.commit().await?;
    Ok(id)
}

/// Ends a delegation before its time: its lender takes it back, or whoever acts gives it back.
pub async fn end(platform: &Platform, actor: &Actor, id: DelegationId) -> Result<()> {
    let account = actor.account().ok_or(AuthRefusal::DelegationNotFound)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let now = uow.now();
    let ended = delegation::Entity::update_many()
        .col_expr(delegation::Column::EndedAt, Expr::value(now))
        .filter(delegation::Column::Id.eq(id))
        .filter(of(account))
        .filter(delegation::Column::EndedAt.is_null())
        .filter(delegation::Column::EndsAt.gt(now))
        .exec(uow.tx())
        .await?;
    if ended.rows_affected == 0 {
        return Err(AuthRefusal::DelegationNotFound.into());
    }
    let body = json!({ "delegation": encode(id) });
    uow.record(Stream::System, "account.delegation_end", encode(account), body);
    uow.commit().await?;
    Ok(())
}

/// A delegation as those see it whom it concerns.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Delegation {
    /// The row.
    #[sea_orm(nested)]
    pub row: delegation::Model,
    /// Role of the grant it rests on.
    pub role: Role,
    /// Axis of the grant.
    pub axis: ScopeAxis,
    /// When the grant ends.
    pub grant_ended_at: Option<DateTime<Utc>>,
    /// Whether the grant reaches the part now.
    pub reaches: bool,
    /// Name of the part's root.
    pub agency_name: String,
    /// Who lends.
    pub from_name: String,
    /// Who acts.
    pub to_name: String,
}

impl Delegation {
    /// When it ends or ended: the earliest of its own end, its ending by hand and its grant's.
    pub fn end(&self) -> DateTime<Utc> {
        earliest(self.row.ends_at, self.row.ended_at, self.grant_ended_at)
    }
}

/// When a delegation ends or ended: at its own end, or before it by hand or with its grant.
fn earliest(
    end: DateTime<Utc>,
    by_hand: Option<DateTime<Utc>>,
    of_grant: Option<DateTime<Utc>>,
) -> DateTime<Utc> {
    let earlier = [by_hand, of_grant].into_iter().flatten().min();
    earlier.map_or(end, |at| Ord::min(at, end))
}

/// What an account lends and what is lent to it, newest first; 100 at most.
pub async fn of_account(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> std::result::Result<Vec<Delegation>, Fault> {
    let person_of = |side: delegation::Relation, account: &'static str, name: &'static str| {
        let to_person = account::Relation::Person.def();
        (side.def(), account, to_person, name)
    };
    let sides = [
        person_of(delegation::Relation::FromAccount, "lender", "lender_person"),
        person_of(delegation::Relation::ToAccount, "delegate", "delegate_person"),
    ];
    let mut query = delegation::Entity::find()
        .join(JoinType::InnerJoin, delegation::Relation::Grant.def())
        .join(JoinType::InnerJoin, delegation::Relation::Agency.def())
        .column(grant::Column::Role)
        .column(grant::Column::Axis)
        .column_as(grant::Column::EndedAt, "grant_ended_at")
        .expr_as(Expr::exists(within_its_grant()), "reaches")
        .column_as(agency::Column::Name, "agency_name");
    for (to_account, joined, mut to_person, name) in sides {
        to_person.from_tbl = to_person.from_tbl.alias(joined);
        query = query.join_as(JoinType::InnerJoin, to_account, joined).join_as(
            JoinType::InnerJoin,
            to_person,
            name,
        );
    }
    Ok(query
        .expr_as(Expr::col(("lender_person", person::Column::Name)), "from_name")
        .expr_as(Expr::col(("delegate_person", person::Column::Name)), "to_name")
        .filter(of(account))
        .order_by_desc(delegation::Column::Id)
        .limit(MOST)
        .into_model::<Delegation>()
        .all(db)
        .await?)
}

/// The roles that are lent to an account and hold now: a part that a reform has brought out of what
/// the lender's role is over is lent no more.
pub(super) async fn lent_to(
    db: &impl ConnectionTrait,
    account: AccountId,
    now: DateTime<Utc>,
) -> std::result::Result<Vec<GrantedRole>, Fault> {
    type Row = (DelegationId, Role, AgencyId, ScopeAxis, PersonId);
    let rows: Vec<Row> = delegation::Entity::find()
        .select_only()
        .column(delegation::Column::Id)
        .column(grant::Column::Role)
        .column(delegation::Column::AgencyId)
        .column(grant::Column::Axis)
        .column(account::Column::PersonId)
        .join(JoinType::InnerJoin, delegation::Relation::Grant.def())
        .join(JoinType::InnerJoin, delegation::Relation::FromAccount.def())
        .filter(delegation::Column::ToAccountId.eq(account))
        .filter(in_force(now))
        .filter(account::Column::DisabledAt.is_null())
        .order_by_asc(delegation::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    let lent = |(delegation, role, agency, axis, by): Row| GrantedRole {
        role,
        agency,
        axis,
        awaits_totp: false,
        lent: Some(Lent { delegation, by }),
    };
    Ok(rows.into_iter().map(lent).collect())
}

/// That a delegation holds at a moment, for a query that joins its grant.
fn in_force(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(delegation::Column::StartsAt.lte(now))
        .add(not_over(now))
        .add(store::holds(now))
        .add(Expr::exists(within_its_grant()))
}

/// That the part that is lent lies under the root of the grant, for a query that joins both.
fn within_its_grant() -> SelectStatement {
    let of = |column| Expr::col((agency_closure::Entity, column));
    Query::select()
        .expr(Expr::val(1))
        .from(agency_closure::Entity)
        .and_where(of(agency_closure::Column::Axis).equals((grant::Entity, grant::Column::Axis)))
        .and_where(
            of(agency_closure::Column::AncestorId).equals((grant::Entity, grant::Column::AgencyId)),
        )
        .and_where(
            of(agency_closure::Column::AgencyId)
                .equals((delegation::Entity, delegation::Column::AgencyId)),
        )
        .take()
}

/// To whom an account lends a role now, and which.
pub async fn delegates_of(
    db: &impl ConnectionTrait,
    account: AccountId,
    now: DateTime<Utc>,
) -> std::result::Result<Vec<(Role, PersonId)>, Fault> {
    Ok(delegation::Entity::find()
        .select_only()
        .column(grant::Column::Role)
        .column(account::Column::PersonId)
        .join(JoinType::InnerJoin, delegation::Relation::Grant.def())
        .join(JoinType::InnerJoin, delegation::Relation::ToAccount.def())
        .filter(delegation::Column::FromAccountId.eq(account))
        .filter(in_force(now))
        .order_by_asc(delegation::Column::Id)
        .into_tuple()
        .all(db)
        .await?)
}

/// What is lent to an account now or will be.
pub(super) async fn open_to(
    db: &impl ConnectionTrait,
    account: AccountId,
    now: DateTime<Utc>,
) -> std::result::Result<Vec<delegation::Model>, Fault> {
    Ok(delegation::Entity::find()
        .filter(delegation::Column::ToAccountId.eq(account))
        .filter(not_over(now))
        .order_by_asc(delegation::Column::Id)
        .all(db)
        .await?)
}

fn of(account: AccountId) -> Condition {
    Condition::any()
        .add(delegation::Column::FromAccountId.eq(account))
        .add(delegation::Column::ToAccountId.eq(account))
}

fn not_over(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(delegation::Column::EndedAt.is_null())
        .add(delegation::Column::EndsAt.gt(now))
}

/// The account's own grant of a role that an agency lies under.
async fn own_grant(
    uow: &UnitOfWork,
    signed_in: &SignedIn,
    role: Role,
    agency: AgencyId,
) -> Result<grant::Model> {
    let grants = grant::Entity::find()
        .filter(grant::Column::AccountId.eq(signed_in.account))
        .filter(grant::Column::Role.eq(role))
        .filter(store::holds(uow.now()))
        .order_by_asc(grant::Column::Id)
        .all(uow.tx())
        .await?;
    if grants.is_empty() {
        let lent = signed_in.roles.iter().any(|g| g.role == role && g.lent.is_some());
        let refusal = if lent { AuthRefusal::RoleIsLent } else { AuthRefusal::RoleNotHeld };
        return Err(refusal.into());
    }
    for grant in grants {
        if lies_under(uow, &grant, agency).await? {
            return Ok(grant);
        }
    }
    Err(AuthRefusal::AgencyNotFound.into())
}

/// The account of a name, of somebody who works where the role reaches. Another's is not found.
async fn colleague(uow: &UnitOfWork, grant: &grant::Model, login: &str) -> Result<account::Model> {
    let found = account::Entity::find()
        .filter(account::Column::Login.eq(login))
        .join(JoinType::InnerJoin, account::Relation::Person.def())
        .select_also(person::Entity)
        .one(uow.tx())
        .await?;
    let Some((found, Some(person))) = found else {
        return Err(AuthRefusal::ColleagueNotFound.into());
    };
    if lies_under(uow, grant, person.agency_id).await? {
        Ok(found)
    } else {
        Err(AuthRefusal::ColleagueNotFound.into())
    }
}

async fn lies_under(
    uow: &UnitOfWork,
    grant: &grant::Model,
    agency: AgencyId,
) -> std::result::Result<bool, Fault> {
    Ok(agency_closure::Entity::find()
        .filter(agency_closure::Column::Axis.eq(grant.axis))
        .filter(agency_closure::Column::AncestorId.eq(grant.agency_id))
        .filter(agency_closure::Column::AgencyId.eq(agency))
        .one(uow.tx())
        .await?
        .is_some())
}

/// The policy on accounts where an agency is: its version, and the days a delegation lasts.
async fn policy_at(uow: &UnitOfWork, agency: AgencyId) -> Result<Option<(PolicyId, u32)>> {
    let Some(found) = agency::Entity::find_by_id(agency).one(uow.tx()).await? else {
        return Err(AuthRefusal::AgencyNotFound.into());
    };
    let (code, day) = (found.division_code, local_date(uow.now()));
    let policies =
        policy::in_force_many::<AccountsPolicy>(uow.tx(), std::slice::from_ref(&code), day).await?;
    Ok(policies.get(&code).map(|policy| (policy.id, policy.body.delegation_days)))
}
