//! What citizens send, and what they are told of it by their receipt. Neither the scan nor the time
//! is kept, no address and no user agent; ids are by chance, so that they tell no time either. For
//! the same reason nothing stands in the audit log before a person of the department acts.

use std::net::IpAddr;

use chrono::NaiveDate;
use entities::enums::{ComplaintState, DivisionLevel};
use entities::ids::{ComplaintId, EvaluationId};
use entities::{agency, complaint, division, evaluation, public_card};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use tokio::time::timeout;
use uuid::Builder;

use super::desk::{self, Terms};
use super::rules::{self, Answers, Complained, Sent};
use super::sealed;
use super::store::OPEN;
use crate::credentials::card_of_certificate;
use crate::platform::Platform;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;
use crate::platform::throttle::Allowance;
use crate::verification::feedback_link::{About, Form};
use crate::verification::lookup::{FROM_ALL, count};
use crate::verification::receipt_page::{ComplaintStanding, Standing};
use crate::verification::scan::PATIENCE;

/// Forms from all places within a minute.
const SENT_FROM_ALL: u32 = 600;

/// What becomes of a form that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is there, under the number of its receipt.
    Under {
        /// The number, in groups.
        number: String,
        /// It had been received before.
        again: bool,
        /// What was received.
        standing: Standing,
    },
    /// What it is about does not exist any more.
    Gone,
    /// Too many were sent from there, or in all.
    TooMany {
        /// Seconds until the next may be sent.
        retry_after: u32,
    },
    /// The database does not answer.
    Down,
}

/// What is found by a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    /// What was received.
    Found(Standing),
    /// Nothing: one answer, whatever the number.
    None,
    /// Too many were asked for from there, or in all.
    TooMany {
        /// Seconds until the next may be asked for.
        retry_after: u32,
    },
    /// The database does not answer.
    Down,
}

/// Takes what a form says. What comes by the same form a second time is the same and is not entered
/// again. `place` is where it comes from: it is counted, never kept.
pub async fn receive(
    platform: &Platform,
    place: Option<IpAddr>,
    form: &Form,
    sent: &Sent,
) -> Received {
    let allowance = count(platform, "feedback", place, SENT_FROM_ALL).await;
    if let Allowance::TooMany { retry_after } = allowance {
        return Received::TooMany { retry_after };
    }
    match timeout(PATIENCE, enter(platform, form, sent)).await {
        Ok(Ok(received)) => received,
        Ok(Err(error)) => {
            tracing::error!(%error, "what a form says could not be taken");
            Received::Down
        }
        Err(_) => {
            tracing::error!("a form was waited for too long");
            Received::Down
        }
    }
}

/// The certificate a form is about, as its card stands now.
pub async fn shown(
    platform: &Platform,
    about: &About,
) -> Result<Option<public_card::Model>, Fault> {
    card_of_certificate(platform.db.lookups(), about.certificate).await
}

/// Prefectures and counties by code, of which a sender chooses one where no certificate was shown.
pub async fn places(platform: &Platform) -> Result<Vec<(String, String)>, Fault> {
    let levels = [DivisionLevel::Prefecture, DivisionLevel::County];
    let rows = division::Entity::find()
        .filter(division::Column::Level.is_in(levels))
        .order_by_asc(division::Column::Code)
        .all(platform.db.lookups())
        .await?;
    Ok(rows.into_iter().map(|row| (row.code, row.name)).collect())
}

async fn enter(platform: &Platform, form: &Form, sent: &Sent) -> Result<Received, Fault> {
    let kind = match sent {
        Sent::Evaluation(_) => "evaluation",
        Sent::Complaint(_) => "complaint",
    };
    let receipt = sealed::receipt(platform, kind, form.nonce);
    let index = sealed::index(platform, &receipt);
    let under =
        |again, standing| Received::Under { number: rules::in_groups(&receipt), again, standing };
    let db = platform.db.lookups();
    if let Some(standing) = find(platform, db, &index).await? {
        return Ok(under(true, standing));
    }
    let card = match &form.about {
        Some(about) => match shown(platform, about).await? {
            Some(card) => Some(card),
            None => return Ok(Received::Gone),
        },
        None => None,
    };
    let entered = match (sent, &card) {
        (Sent::Evaluation(answers), Some(card)) => {
            enter_evaluation(platform, form, card, answers, index.clone()).await
        }
        (Sent::Evaluation(_), None) => return Ok(Received::Gone),
        (Sent::Complaint(complained), card) => {
            enter_complaint(platform, form, card.as_ref(), complained, index.clone()).await
        }
    };
    let again = match entered {
        Ok(()) => false,
        // The same form, sent twice at once.
        Err(fault) if fault.is_unique_violation() => true,
        Err(fault) => return Err(fault),
    };
    let standing = find(platform, platform.db.writer(), &index).await?;
    let standing = standing.ok_or_else(|| Fault::other("what was just entered is not there"))?;
    Ok(under(again, standing))
}

async fn enter_evaluation(
    platform: &Platform,
    form: &Form,
    card: &public_card::Model,
    answers: &Answers,
    receipt_index: Vec<u8>,
) -> Result<(), Fault> {
    let day = form.about.map_or_else(|| local_date(platform.now()), |about| about.met_on);
    let row = evaluation::Model {
        id: EvaluationId(by_chance(platform)),
        receipt_index,
        agency_id: card.agency_id,
        month: rules::month(day),
        satisfied: Some(answers.satisfied),
        shown: answers.shown,
        two_officers: answers.two_officers,
        polite: answers.polite,
        fees_asked: answers.fees_asked,
        batch_id: None,
    };
    evaluation::Entity::insert(row.into_active_model())
        .exec_without_returning(platform.db.writer())
        .await?;
    Ok(())
}

async fn enter_complaint(
    platform: &Platform,
    form: &Form,
    card: Option<&public_card::Model>,
    complained: &Complained,
    receipt_index: Vec<u8>,
) -> Result<(), Fault> {
    let (db, today) = (platform.db.lookups(), local_date(platform.now()));
    let (division_code, desk) = match card {
        Some(card) => (None, desk::of_agency(db, card.agency_id, today).await?),
        None => desk::of_division(db, complained.place.as_deref(), today).await?,
    };
    let desk_id = desk.ok_or_else(|| Fault::other("no justice department is there"))?;
    let terms = Terms::of(db, desk_id, today).await?;
    let days = terms.body.accept_working_days;
    let due = terms.due(today, days);
    let id = ComplaintId(by_chance(platform));
    let sealed = |purpose, text: &String| sealed::seal(platform, purpose, id, text);
    let row = complaint::Model {
        id,
        receipt_index,
        state: ComplaintState::Received,
        category: complained.category,
        certificate_id: card.map(|card| card.certificate_id),
        person_id: card.map(|card| card.holder_id),
        agency_id: card.map(|card| card.agency_id),
        division_code,
        named_sealed: complained.named.as_ref().map(|named| sealed(sealed::NAMED, named)),
        text_sealed: sealed(sealed::TEXT, &complained.text),
        contact_sealed: complained.contact.as_ref().map(|c| sealed(sealed::CONTACT, c)),
        contact_until: None,
        met_on: form.about.map(|about| about.met_on),
        received_on: today,
        desk_id,
        policy_id: terms.policy,
        due_from: today,
        due_days: i32::try_from(days).unwrap_or(i32::MAX),
        due_on: due.on,
        due_provisional: due.provisional,
        accepted_by: None,
        accepted_at: None,
        extension_reasons: None,
        upheld: None,
        reasons: None,
        other_channel: None,
        proposed_by: None,
        proposed_at: None,
        returned_reasons: None,
        decided_by: None,
        decided_at: None,
    };
    row.into_active_model().insert(platform.db.writer()).await?;
    Ok(())
}

/// An id that tells no time, unlike all others here.
fn by_chance(platform: &Platform) -> uuid::Uuid {
    Builder::from_random_bytes(platform.random.bytes()).into_uuid()
}

/// How far it is that was received under a number.
pub async fn follow(platform: &Platform, place: Option<IpAddr>, receipt: &str) -> Followed {
    if let Allowance::TooMany { retry_after } = count(platform, "receipt", place, FROM_ALL).await {
        return Followed::TooMany { retry_after };
    }
    let index = sealed::index(platform, receipt);
    match timeout(PATIENCE, find(platform, platform.db.lookups(), &index)).await {
        Ok(Ok(Some(standing))) => Followed::Found(standing),
        Ok(Ok(None)) => Followed::None,
        Ok(Err(error)) => {
            tracing::error!(%error, "a receipt could not be followed");
            Followed::Down
        }
        Err(_) => {
            tracing::error!("a receipt was waited for too long");
            Followed::Down
        }
    }
}

/// A complaint and the name of who handles it.
#[derive(FromQueryResult)]
struct Followable {
    #[sea_orm(nested)]
    complaint: complaint::Model,
    desk_name: String,
}

/// Asks both tables, whatever the first answers: a hit and a miss cost the same.
async fn find(
    platform: &Platform,
    db: &impl ConnectionTrait,
    index: &[u8],
) -> Result<Option<Standing>, Fault> {
    let evaluation = evaluation::Entity::find()
        .filter(evaluation::Column::ReceiptIndex.eq(index))
        .one(db)
        .await?;
    let complaint = complaint::Entity::find()
        .column_as(agency::Column::Name, "desk_name")
        .join(JoinType::InnerJoin, complaint::Relation::Desk.def())
        .filter(complaint::Column::ReceiptIndex.eq(index))
        .into_model::<Followable>()
        .one(db)
        .await?;
    let today = local_date(platform.now());
    Ok(match (evaluation, complaint) {
        (Some(row), _) => Some(Standing::Evaluation { released: row.batch_id.is_some() }),
        (None, Some(found)) => Some(Standing::Complaint(Box::new(standing(found, today)))),
        (None, None) => None,
    })
}

/// What the sender is told: nothing that is only proposed, and nobody's name.
fn standing(found: Followable, today: NaiveDate) -> ComplaintStanding {
    let Followable { complaint: row, desk_name } = found;
    let ended = !OPEN.contains(&row.state);
    let ended_at = row.decided_at.or(row.accepted_at).filter(|_| ended);
    ComplaintStanding {
        state: row.state,
        received_on: row.received_on,
        desk: desk_name,
        due_on: row.due_on,
        due_provisional: row.due_provisional,
        overdue: !ended && row.due_on < today,
        extension_reasons: row.extension_reasons,
        reasons: row.reasons.filter(|_| ended),
        other_channel: row.other_channel,
        ended_on: ended_at.map(local_date),
    }
}
