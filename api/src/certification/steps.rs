//! Writing what became of certificates: rows, events, what the public sees, audit entries.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entities::enums::CertificateAct;
use entities::ids::{CertificateId, PersonId, PolicyId};
use entities::{certificate, certificate_event};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::rules::grounds::Ground;
use super::rules::lifecycle::{self, Transition};
use super::store;
use crate::audit::{Stream, UnitOfWork};
use crate::credentials;
use crate::graphql::ids::encode;
use crate::platform::failure::Fault;

/// Rows of one statement.
pub(super) const AT_ONCE: usize = 500;

/// A step to be written.
#[derive(Clone, Debug)]
pub(super) struct StepTaken {
    pub certificate: certificate::Model,
    pub transition: Transition,
    pub ground: Option<Ground>,
    pub suspended_until: Option<NaiveDate>,
    pub policy: Option<PolicyId>,
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
    if steps.is_empty() {
        return Ok(());
    }
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
        CertificateAct::Extend => "certificate.extend",
        CertificateAct::Lift => "certificate.lift",
        CertificateAct::Revoke => "certificate.revoke",
        CertificateAct::Cancel => "certificate.cancel",
        CertificateAct::ReportLoss => "certificate.report_loss",
        CertificateAct::Expire => "certificate.expire",
        CertificateAct::Confirm => "certificate.confirm",
        CertificateAct::Reissue => "certificate.reissue",
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
