//! The beginning of a showing: what is said of it is checked, and recorded with what was found.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Duration, NaiveDate};
use entities::ids::{AgencyId, PersonId, ShowingId};
use entities::{person, public_card, showing};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait};
use serde_json::json;

use super::error::{Code, ShowingRefusal};
use super::rules::{self, Act, Own};
use super::store;
use crate::access::Scope;
use crate::audit::{Stream, UnitOfWork};
use crate::credentials;
use crate::credentials::showings::{card_in_force, is_in_force, receipt, show_until};
use crate::graphql::ids::encode;
use crate::officers::facts;
use crate::organisations;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::{Failure, Fault};
use crate::platform::spelling::{compact, is_bidi};
use crate::policy::{self, InForce, ShowingPolicy};

/// Fields of one act.
const MOST_FIELDS: usize = 8;
/// Characters of the task.
const MOST_TASK: usize = 100;
/// Characters of a notice's number.
const MOST_NOTICE: usize = 60;
/// Minutes that a showing is open at least.
pub const LEAST_MINUTES: u32 = 5;

/// What an officer says of a showing.
#[derive(Clone, Debug)]
pub struct NewShowing {
    /// For what.
    pub kind: entities::enums::ShowingKind,
    /// Number of the notice, where there is one.
    pub notice_number: Option<String>,
    /// For what, in words; nothing of the party.
    pub task: String,
    /// Codes of the fields of the act.
    pub field_codes: Vec<String>,
    /// Where, as a division at the finest.
    pub division_code: Option<String>,
    /// Number of the second officer's certificate.
    pub second_certificate_no: Option<String>,
    /// Code of the policy's reason to be alone.
    pub alone_reason: Option<String>,
    /// For how long; the policy says it where it is not given.
    pub minutes: Option<u32>,
}

/// Starts a showing of the officer's own certificate.
pub async fn start(
    platform: &Platform,
    actor: &Actor,
    new: NewShowing,
) -> Result<ShowingId, Failure<ShowingRefusal>> {
    let refused = ShowingRefusal::from;
    let by = actor.person().ok_or(refused(Code::PersonRequired))?;
    let task = written(&new.task, 1, MOST_TASK).ok_or(refused(Code::TaskInvalid))?;
    let notice_number = match new.notice_number.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(text) => Some(written(text, 1, MOST_NOTICE).ok_or(refused(Code::NoticeInvalid))?),
    };
    if new.second_certificate_no.is_some() && new.alone_reason.is_some() {
        return Err(refused(Code::SecondAndReason).into());
    }
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let second = match &new.second_certificate_no {
        None => None,
        Some(number) => Some(second_card(&uow, by, number).await?),
    };
    // Acts on certificates lock their holders too: what is in force now is so at the commit.
    let people: Vec<PersonId> =
        std::iter::once(by).chain(second.iter().map(|card| card.holder_id)).collect();
    facts::lock(&uow, &people).await?;
    let second = match &second {
        None => None,
        Some(card) => Some(second_card(&uow, by, &card.number).await?),
    };
    let card =
        card_in_force(uow.tx(), by, uow.today()).await?.ok_or(refused(Code::NoCertificate))?;
    let officer = person::Entity::find_by_id(by)
        .one(uow.tx())
        .await?
        .ok_or_else(|| Fault::stored("a card without its holder"))?;
    let policy = policy_at(uow.tx(), card.agency_id, uow.today()).await?;
    let minutes = minutes(new.minutes, &policy.body)?;
    let alone_reason = match &new.alone_reason {
        None => None,
        Some(code) => {
            let known = policy.body.alone_reason(code);
            let known = known.ok_or_else(|| ShowingRefusal::about(Code::ReasonUnknown, code))?;
            Some(serde_json::to_value(known).map_err(Fault::other)?)
        }
    };
    let fields = known_fields(&uow, &new.field_codes).await?;
    let place = match &new.division_code {
        None => None,
        Some(code) => Some(known_place(&uow, code).await?),
    };
    let authorisations =
        store::authorisations_of(uow.tx(), by, card.agency_id, uow.today()).await?;
    let found = rules::find(
        Act { fields: &fields, place: place.as_deref() },
        Own { fields: &organisations::codes(&officer.field_codes), area: &officer.area_code },
        &authorisations,
    );
    store::close_past(&uow, by).await?;
    if store::open_of(uow.tx(), by).await?.is_some() {
        return Err(refused(Code::ShowingOpen).into());
    }
    let (now, ends_at) = (uow.now(), uow.now() + Duration::minutes(minutes.into()));
    let kept_until = uow.today() + Duration::days(policy.body.kept_days.into());
    let row = showing::Model {
        id: uow.new_id(),
        person_id: by,
        certificate_id: card.certificate_id,
        kind: new.kind,
        notice_number,
        task,
        field_codes: json!(fields),
        division_code: new.division_code,
        second_person_id: second.as_ref().map(|card| card.holder_id),
        second_certificate_id: second.as_ref().map(|card| card.certificate_id),
        second_answer: None,
        second_answered_at: None,
        second_confirmed_at: None,
        alone_reason,
        field_finding: found.field,
        area_finding: found.area,
        authorisation_id: found.authorisation,
        policy_id: policy.id,
        serial: receipt::new_serial(&platform.random),
        started_at: now,
        ends_at,
        ended_at: None,
        scanned: false,
        kept_until,
    };
    let id = row.id;
    let entry = entry(&row, new.alone_reason.as_deref());
    if let Err(error) = showing::ActiveModel::from(row).insert(uow.tx()).await {
        let fault = Fault::from(error);
        // Another session of the same officer was faster.
        return Err(if fault.is_unique_violation() {
            refused(Code::ShowingOpen).into()
        } else {
            fault.into()
        });
    }
    show_until(&uow, card.certificate_id, Some(ends_at)).await?;
    uow.record(Stream::Agency(card.agency_id), "showing.start", encode(id), entry);
    uow.commit().await?;
    Ok(id)
}

/// What holds for the showings of an officer today; none without a certificate in force.
pub async fn policy_for(
    platform: &Platform,
    officer: PersonId,
) -> Result<Option<Arc<InForce<ShowingPolicy>>>, Fault> {
    let (db, today) = (platform.db.read(), local_date(platform.now()));
    let Some(card) = card_in_force(db, officer, today).await? else { return Ok(None) };
    Ok(Some(policy_at(db, card.agency_id, today).await?))
}

/// What the audit log keeps: ids and codes; no words.
fn entry(row: &showing::Model, alone_reason: Option<&str>) -> serde_json::Value {
    json!({
        "certificate": encode(row.certificate_id),
        "kind": row.kind.code(),
        "second": row.second_certificate_id.map(encode),
        "alone": alone_reason,
        "field": row.field_finding.code(),
        "area": row.area_finding.code(),
        "authorisation": row.authorisation_id.map(encode),
        "policy": encode(row.policy_id),
        "until": row.ends_at.to_rfc3339(),
    })
}

/// A text without blanks around it, of so many characters and without control characters: the party
/// reads it, and nothing in it may show another text than is there.
pub(super) fn written(text: &str, least: usize, most: usize) -> Option<String> {
    let text = text.trim();
    let fits = (least..=most).contains(&text.chars().count());
    (fits && !text.chars().any(|c| c.is_control() || is_bidi(c))).then(|| text.to_owned())
}

/// The card of the second officer's certificate, in force today.
async fn second_card(
    uow: &UnitOfWork,
    by: PersonId,
    number: &str,
) -> Result<public_card::Model, Failure<ShowingRefusal>> {
    // A second officer may be of any agency: that is what joint work is.
    let card = credentials::card_by_number(uow.tx(), &Scope::Everything, &compact(number)).await?;
    let card = card
        .filter(|card| is_in_force(card, uow.today()))
        .ok_or(ShowingRefusal::from(Code::SecondNotInForce))?;
    if card.holder_id == by {
        return Err(ShowingRefusal::from(Code::SecondIsOneself).into());
    }
    Ok(card)
}

fn minutes(asked: Option<u32>, policy: &ShowingPolicy) -> Result<u32, ShowingRefusal> {
    let most = policy.open_minutes_most;
    match asked {
        None => Ok(policy.open_minutes_default),
        Some(minutes) if (LEAST_MINUTES..=most).contains(&minutes) => Ok(minutes),
        Some(_) => Err(ShowingRefusal::about(Code::MinutesInvalid, most)),
    }
}

/// The fields once each, all of them in the dictionary.
pub(super) async fn known_fields(
    uow: &UnitOfWork,
    codes: &[String],
) -> Result<Vec<String>, Failure<ShowingRefusal>> {
    let once: BTreeSet<&String> = codes.iter().collect();
    if !(1..=MOST_FIELDS).contains(&once.len()) || codes.len() > MOST_FIELDS * 2 {
        return Err(ShowingRefusal::about(Code::FieldsInvalid, MOST_FIELDS).into());
    }
    let known = organisations::fields_by_code(uow.tx()).await?;
    if let Some(unknown) = once.iter().find(|code| !known.contains_key(**code)) {
        return Err(ShowingRefusal::about(Code::FieldUnknown, unknown).into());
    }
    Ok(once.into_iter().cloned().collect())
}

/// A division and those above it.
async fn known_place(uow: &UnitOfWork, code: &str) -> Result<Vec<String>, Failure<ShowingRefusal>> {
    let place = organisations::with_those_above(uow.tx(), code).await?;
    if place.is_empty() {
        return Err(ShowingRefusal::about(Code::DivisionUnknown, code).into());
    }
    Ok(place)
}

/// The policy where an agency is, on a day.
pub(super) async fn policy_at(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    day: NaiveDate,
) -> Result<Arc<InForce<ShowingPolicy>>, Fault> {
    let division = store::division_of(db, agency).await?;
    policy::in_force(db, &division, day).await
}
