//! Acts on certificates that have been issued: handover, suspension and its lifting, revocation,
//! cancellation, loss, expiry. Plain acts with a ground; the procedures around them come on top.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use entities::enums::{CertificateAct, CertificateState, StandingKind};
use entities::ids::{CertificateId, PersonId, PolicyId};
use entities::{certificate, certificate_event};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::bulk::{Agencies, MOST_AT_ONCE, Outcome, bounded, passed, person_of, single, written};
use super::error::CertificationRefusal as Refusal;
use super::rules::applications::separation;
use super::rules::checklist::bar_until;
use super::rules::grounds::Ground;
use super::rules::lifecycle::{self, Transition};
use super::store::{self, Side};
use crate::access::Scope;
use crate::audit::{Stream, UnitOfWork};
use crate::credentials;
use crate::graphql::ids::encode;
use crate::officers::facts::{self, PersonFacts};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};
use crate::policy::{CertificationPolicy, InForce};

/// Rows of one statement.
const AT_ONCE: usize = 500;

/// Why an act is done, and what else it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Particulars {
    /// The ground, where the act asks for one.
    pub ground: Option<Ground>,
    /// More in words; never public.
    pub note: Option<String>,
    /// Days of a suspension; the policy's default where none.
    pub days: Option<u32>,
}

/// Hands certificates over to their holders (ISSUED → ACTIVE).
pub async fn hand_over(
    platform: &Platform,
    actor: &Actor,
    certificates: &[CertificateId],
) -> Result<Vec<Outcome<CertificateId, ()>>, Failure<Refusal>> {
    act_on_many(platform, actor, certificates, CertificateAct::HandOver, &Particulars::default())
        .await
}

/// Does one act on one certificate: SUSPEND, LIFT, REVOKE, CANCEL or `REPORT_LOSS`.
pub async fn act_on(
    platform: &Platform,
    actor: &Actor,
    certificate: CertificateId,
    act: CertificateAct,
    particulars: &Particulars,
) -> Result<(), Failure<Refusal>> {
    single(act_on_many(platform, actor, &[certificate], act, particulars).await?)
}

/// Does one act on many certificates.
pub async fn act_on_many(
    platform: &Platform,
    actor: &Actor,
    ids: &[CertificateId],
    act: CertificateAct,
    particulars: &Particulars,
) -> Result<Vec<Outcome<CertificateId, ()>>, Failure<Refusal>> {
    let ids = bounded(ids, MOST_AT_ONCE)?;
    let by = person_of(actor)?;
    let note = written(particulars.note.as_deref())?;
    // What has no permission is the clock's; what begins a certificate is `issue`'s.
    let permission = lifecycle::permission(act)
        .filter(|_| act != CertificateAct::Issue)
        .ok_or_else(|| Fault::other("not an act on a certificate that exists"))?;
    let scope = Scope::of(actor, permission);
    let side = if lifecycle::is_the_issuers(act) { Side::Issuer } else { Side::Agency };
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let today = uow.today();
    let people: Vec<PersonId> = store::certificates(uow.tx(), &scope, side, &ids)
        .await?
        .values()
        .map(|row| row.person_id)
        .collect();
    facts::lock(&uow, &people).await?;
    let rows = store::certificates(uow.tx(), &scope, side, &ids).await?;
    let known = facts::facts_of(uow.tx(), &Scope::Everything, &people, today.year()).await?;
    let agencies = Agencies::load(uow.tx(), rows.values().map(|r| r.agency_id), today).await?;
    let (mut outcomes, mut steps) = (Vec::new(), Vec::new());
    for id in ids {
        let check = || -> Result<Taken<'_>, Failure<Refusal>> {
            let row = rows.get(&id).ok_or(Refusal::NotFound)?;
            separation(by, row.person_id, &[]).map_err(Refusal::from)?;
            let facts = known.get(&row.person_id).ok_or(Refusal::NotFound)?;
            let policy = agencies.policy(row.agency_id)?;
            take(row, facts, policy, act, particulars, today).map_err(Failure::Refused)
        };
        let Some(taken) = passed(&mut outcomes, id, check())? else { continue };
        outcomes.push(Outcome { id, result: Ok(()) });
        steps.push(taken);
    }
    for taken in &steps {
        consequences(&mut uow, taken).await?;
    }
    let steps: Vec<StepTaken> = steps.into_iter().map(|taken| taken.step).collect();
    record_steps(&mut uow, &steps, Some(by), note.as_deref()).await?;
    uow.commit().await?;
    Ok(outcomes)
}

/// An act that passed its checks.
struct Taken<'a> {
    step: StepTaken,
    facts: &'a PersonFacts,
    policy: &'a Arc<InForce<CertificationPolicy>>,
}

/// A step to be written.
#[derive(Clone, Debug)]
pub(super) struct StepTaken {
    pub certificate: certificate::Model,
    pub transition: Transition,
    pub ground: Option<Ground>,
    pub suspended_until: Option<NaiveDate>,
    pub policy: Option<PolicyId>,
}

fn take<'a>(
    row: &certificate::Model,
    facts: &'a PersonFacts,
    policy: &'a Arc<InForce<CertificationPolicy>>,
    act: CertificateAct,
    particulars: &Particulars,
    today: NaiveDate,
) -> Result<Taken<'a>, Refusal> {
    let state = lifecycle::effective(row.state, row.valid_until, today);
    let transition =
        lifecycle::transition(Some(state), act).ok_or_else(|| Refusal::certificate(state))?;
    let by_hand = particulars.ground.filter(|g| !g.is_given_by_the_next_certificate());
    let fits = match by_hand {
        None => particulars.ground.is_none() && transition.grounds.is_empty(),
        Some(ground) => transition.grounds.contains(&ground),
    };
    if !fits {
        return Err(Refusal::GroundNotApplicable);
    }
    let owed = |s: &entities::standing::Model| s.kind == StandingKind::RetrainingOwed;
    if act == CertificateAct::Lift && facts.standings.iter().any(owed) {
        return Err(Refusal::RetrainingOwed);
    }
    let suspended_until = if act == CertificateAct::Suspend {
        let (default, cap) = (policy.body.suspension_days_default, policy.body.suspension_days_cap);
        let until = lifecycle::suspended_until(today, particulars.days, default, cap);
        Some(until.ok_or(Refusal::SuspensionDays { cap })?)
    } else {
        None
    };
    let step = StepTaken {
        certificate: row.clone(),
        transition,
        ground: by_hand,
        suspended_until,
        policy: Some(policy.id),
    };
    Ok(Taken { step, facts, policy })
}

/// What an act burdens its holder with: off-post training, or the bar after a revocation.
async fn consequences(uow: &mut UnitOfWork, taken: &Taken<'_>) -> Result<(), Fault> {
    let source = encode(taken.step.certificate.id);
    let person = &taken.facts.person;
    let owes = taken.step.ground.is_some_and(Ground::owes_retraining);
    match taken.step.transition.act {
        CertificateAct::Suspend if owes => {
            facts::enter_standing(uow, person, StandingKind::RetrainingOwed, None, &source).await
        }
        CertificateAct::Revoke => {
            let until = bar_until(uow.today(), &taken.policy.body);
            let kind = StandingKind::RecentRevocation;
            facts::enter_standing(uow, person, kind, Some(until), &source).await
        }
        _ => Ok(()),
    }
}

/// What makes two steps one kind: the state they lead to, ground and end of a suspension.
type Kind = (String, Option<&'static str>, Option<NaiveDate>);

/// Writes steps: the certificates, their events, what the public sees, and the audit entries.
/// The people they belong to must be locked.
pub(super) async fn record_steps(
    uow: &mut UnitOfWork,
    steps: &[StepTaken],
    by: Option<PersonId>,
    note: Option<&str>,
) -> Result<(), Fault> {
    let (now, today) = (uow.now(), uow.today());
    let ids: Vec<CertificateId> = steps.iter().map(|s| s.certificate.id).collect();
    let mut last: HashMap<CertificateId, i32> = HashMap::new();
    for chunk in ids.chunks(AT_ONCE) {
        last.extend(store::last_events(uow.tx(), chunk).await?);
    }
    // Steps of one kind are one statement.
    let mut alike: BTreeMap<Kind, Vec<&StepTaken>> = BTreeMap::new();
    let mut events = Vec::with_capacity(steps.len());
    for step in steps {
        let (row, transition) = (&step.certificate, &step.transition);
        let ground = step.ground.map(Ground::code);
        let kind = (transition.to.code(), ground, step.suspended_until);
        alike.entry(kind).or_default().push(step);
        let event = certificate_event::Model {
            id: uow.new_id(),
            certificate_id: row.id,
            seq: last.get(&row.id).copied().unwrap_or(0) + 1,
            act: transition.act,
            from_state: Some(row.state),
            to_state: transition.to,
            at: now,
            ground: ground.map(str::to_owned),
            note: note.map(str::to_owned),
            by_person: by,
            policy_id: step.policy,
        };
        events.push(event.into_active_model());
        uow.record(
            Stream::Agency(row.agency_id),
            action(transition.act),
            encode(row.id),
            json!({
                "from": row.state.code(),
                "to": transition.to.code(),
                "ground": ground,
                "suspended_until": step.suspended_until.map(|d| d.to_string()),
                "policy": step.policy.map(encode),
            }),
        );
    }
    for chunk in events.chunks(AT_ONCE) {
        certificate_event::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(uow.tx())
            .await?;
    }
    for ((_, ground, suspended_until), steps) in alike {
        let Some(first) = steps.first() else { continue };
        let (to, act) = (first.transition.to, first.transition.act);
        let ids: Vec<CertificateId> = steps.iter().map(|s| s.certificate.id).collect();
        for chunk in ids.chunks(AT_ONCE) {
            let mut update = certificate::Entity::update_many()
                .col_expr(certificate::Column::State, Expr::value(to))
                .col_expr(certificate::Column::Ground, Expr::value(ground.map(str::to_owned)))
                .col_expr(certificate::Column::SuspendedUntil, Expr::value(suspended_until))
                .col_expr(certificate::Column::UpdatedAt, Expr::value(now))
                .filter(certificate::Column::Id.is_in(chunk.iter().copied()));
            if act == CertificateAct::HandOver {
                update = update.col_expr(certificate::Column::HandedOverOn, Expr::value(today));
            }
            if lifecycle::is_terminal(to) {
                update = update.col_expr(certificate::Column::EndedAt, Expr::value(now));
            }
            update.exec(uow.tx()).await?;
        }
        credentials::set_status(uow, &ids, lifecycle::public(to, first.ground)).await?;
    }
    Ok(())
}

/// The word of an act in the audit log.
pub(super) const fn action(act: CertificateAct) -> &'static str {
    match act {
        CertificateAct::Issue => "certificate.issue",
        CertificateAct::HandOver => "certificate.hand_over",
        CertificateAct::Suspend => "certificate.suspend",
        CertificateAct::Lift => "certificate.lift",
        CertificateAct::Revoke => "certificate.revoke",
        CertificateAct::Cancel => "certificate.cancel",
        CertificateAct::ReportLoss => "certificate.report_loss",
        CertificateAct::Expire => "certificate.expire",
    }
}

/// Records the expiry of certificates whose last day is over; answers how many. They read expired
/// from that day on anyway.
pub async fn expire_due(platform: &Platform) -> Result<usize, Fault> {
    let mut count = 0;
    loop {
        let mut uow = UnitOfWork::begin(platform, &Actor::System).await?;
        let today = uow.today();
        let limit = u64::try_from(AT_ONCE).unwrap_or(u64::MAX);
        let people: Vec<PersonId> =
            store::past(uow.tx(), today, limit).await?.iter().map(|row| row.person_id).collect();
        if people.is_empty() {
            return Ok(count);
        }
        facts::lock(&uow, &people).await?;
        let past = store::past(uow.tx(), today, limit).await?;
        // Of those that are past now, only the people who were locked.
        let locked = past.iter().filter(|row| people.contains(&row.person_id));
        let steps: Vec<StepTaken> = locked.filter_map(expiry).collect();
        record_steps(&mut uow, &steps, None, None).await?;
        count += steps.len();
        uow.commit().await?;
    }
}

/// The expiry of a certificate that stands on record as issued or in force.
pub(super) fn expiry(row: &certificate::Model) -> Option<StepTaken> {
    let transition = lifecycle::transition(Some(row.state), CertificateAct::Expire)?;
    Some(StepTaken {
        certificate: row.clone(),
        transition,
        ground: None,
        suspended_until: None,
        policy: None,
    })
}

/// The end of a certificate by the one that follows it.
pub(super) fn succession(row: &certificate::Model, ground: Ground) -> Option<StepTaken> {
    let ground = if row.state == CertificateState::Lost { Ground::Loss } else { ground };
    let transition = lifecycle::transition(Some(row.state), CertificateAct::Cancel)?;
    Some(StepTaken {
        certificate: row.clone(),
        transition,
        ground: Some(ground),
        suspended_until: None,
        policy: None,
    })
}
