//! What the worker does with evaluations and complaints: releases what is due, erases contacts when
//! their time is over, forgets receipts of evaluations long released, and reckons deadlines anew
//! when holidays are published.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::Days;
use entities::ids::ComplaintId;
use entities::{agency, complaint, evaluation, evaluation_batch};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};
use serde_json::json;

use super::evaluations;
use super::store::OPEN;
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;
use crate::policy::{self, CalendarPolicy, InForce};

/// Days after a release for which the receipt of an evaluation tells that it was released.
const RELEASED_KEPT: Days = Days::new(366);
/// Rows of a chunk.
const AT_ONCE: u64 = 500;

/// Does all of it. Where one step fails the others are done all the same: a contact is not kept
/// longer because a release broke. Answers the first fault.
pub async fn keep(platform: &Platform) -> Result<(), Fault> {
    let done = [
        ("release", evaluations::release_due(platform).await.map(|_| ())),
        ("erase", erase_contacts(platform).await.map(|_| ())),
        ("forget", forget_released(platform).await),
        ("reckon", reckon_anew(platform).await),
    ];
    let mut first = Ok(());
    for (step, result) in done {
        if let Err(error) = &result {
            tracing::error!(%error, step, "a step of keeping complaints failed");
        }
        first = first.and(result);
    }
    first
}

/// Erases the contacts whose time is over; answers how many.
pub async fn erase_contacts(platform: &Platform) -> Result<u64, Fault> {
    let mut erased = 0;
    loop {
        let mut uow = UnitOfWork::begin(platform, &Actor::System).await?;
        let due = complaint::Entity::find()
            .filter(complaint::Column::ContactSealed.is_not_null())
            .filter(complaint::Column::ContactUntil.lt(uow.today()))
            .order_by_asc(complaint::Column::Id)
            .limit(AT_ONCE)
            .all(uow.tx())
            .await?;
        if due.is_empty() {
            return Ok(erased);
        }
        for row in due {
            // Another node may have erased it meanwhile: it is logged once.
            let done = complaint::Entity::update_many()
                .col_expr(complaint::Column::ContactSealed, Expr::value(None::<Vec<u8>>))
                .filter(complaint::Column::Id.eq(row.id))
                .filter(complaint::Column::ContactSealed.is_not_null())
                .exec(uow.tx())
                .await?;
            if done.rows_affected > 0 {
                let stream = Stream::Agency(row.desk_id);
                uow.record(stream, "complaint.erase_contact", encode(row.id), json!({}));
            }
            erased += done.rows_affected;
        }
        uow.commit().await?;
    }
}

/// Removes what is left of evaluations that were released long ago.
async fn forget_released(platform: &Platform) -> Result<(), Fault> {
    let today = local_date(platform.now());
    let before = today.checked_sub_days(RELEASED_KEPT).unwrap_or(today);
    let long_ago = Query::select()
        .column(evaluation_batch::Column::Id)
        .from(evaluation_batch::Entity)
        .and_where(evaluation_batch::Column::ReleasedOn.lt(before))
        .take();
    evaluation::Entity::delete_many()
        .filter(evaluation::Column::BatchId.in_subquery(long_ago))
        .exec(platform.db.writer())
        .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Provisional {
    #[sea_orm(nested)]
    complaint: complaint::Model,
    division_code: String,
}

/// Reckons provisional deadlines with the calendar that holds now. Whoever extends one at this
/// moment has reckoned it with the same.
async fn reckon_anew(platform: &Platform) -> Result<(), Fault> {
    let (db, today) = (platform.db.read(), local_date(platform.now()));
    let mut calendars: HashMap<String, Arc<InForce<CalendarPolicy>>> = HashMap::new();
    let mut after: Option<ComplaintId> = None;
    loop {
        let mut select = complaint::Entity::find()
            .join(JoinType::InnerJoin, complaint::Relation::Desk.def())
            .column_as(agency::Column::DivisionCode, "division_code")
            .filter(complaint::Column::DueProvisional.eq(true))
            .filter(complaint::Column::State.is_in(OPEN));
        if let Some(after) = after {
            select = select.filter(complaint::Column::Id.gt(after));
        }
        let rows: Vec<Provisional> =
            select.order_by_asc(complaint::Column::Id).limit(AT_ONCE).into_model().all(db).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.complaint.id);
        let unknown: BTreeSet<&String> = rows
            .iter()
            .map(|row| &row.division_code)
            .filter(|code| !calendars.contains_key(*code))
            .collect();
        let unknown: Vec<String> = unknown.into_iter().cloned().collect();
        calendars.extend(policy::in_force_many(db, &unknown, today).await?);
        for Provisional { complaint: row, division_code } in rows {
            let Some(calendar) = calendars.get(&division_code) else { continue };
            let days = u32::try_from(row.due_days).unwrap_or_default();
            let due = calendar.body.after(row.due_from, days);
            if (due.on, due.provisional) == (row.due_on, row.due_provisional) {
                continue;
            }
            complaint::Entity::update_many()
                .col_expr(complaint::Column::DueOn, Expr::value(due.on))
                .col_expr(complaint::Column::DueProvisional, Expr::value(due.provisional))
                .filter(complaint::Column::Id.eq(row.id))
                .filter(complaint::Column::DueFrom.eq(row.due_from))
                .filter(complaint::Column::DueDays.eq(row.due_days))
                .exec(platform.db.writer())
                .await?;
        }
    }
}
