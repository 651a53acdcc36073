//! What a justice department does with a complaint. Whoever looks into it proposes the outcome and
//! another decides; nobody handles one about themselves.

use chrono::Days;
use entities::enums::ComplaintState;
use entities::ids::{AgencyId, ComplaintId, ComplaintQuestionId, PersonId};
use entities::{agency, complaint, complaint_question, person};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter,
};
use serde_json::{Value, json};

use super::desk::{self, Terms};
use super::error::{ComplaintRefusal as Refusal, Result};
use super::rules::{self, Act};
use super::{sealed, store};
use crate::access::{Permission, Scope, counts_as, granted_to};
use crate::audit::{Stream, UnitOfWork};
use crate::auth::delegation;
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;

const PERMISSION: Permission = Permission::HandleComplaints;
/// The word of the log for reading a contact.
pub const CONTACT_READ: &str = "complaint.read_contact";
/// Questions about one complaint, at most.
const QUESTIONS: u64 = 20;

/// A complaint in the hands of somebody who may act on it.
struct InHand {
    uow: UnitOfWork,
    row: complaint::Model,
    by: PersonId,
    /// Whoever the actor counts as.
    as_one: Vec<PersonId>,
}

/// Takes a complaint up for an act: it lies within the actor's part of the tree, is not about them,
/// and its state allows the act.
async fn take(platform: &Platform, actor: &Actor, id: ComplaintId, act: Act) -> Result<InHand> {
    let by = actor.person().ok_or(Refusal::PersonRequired)?;
    let as_one = counts_as(actor, PERMISSION);
    let uow = UnitOfWork::begin(platform, actor).await?;
    let row = store::to_act_on(&uow, &Scope::of(actor, PERMISSION), id).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    if row.person_id.is_some_and(|person| as_one.contains(&person)) {
        return Err(Refusal::OwnRecord.into());
    }
    if !act.follows(row.state) {
        return Err(Refusal::StateNotAllowed { state: row.state.code() }.into());
    }
    Ok(InHand { uow, row, by, as_one })
}

impl InHand {
    /// Writes what has changed, with an entry that has no words of it.
    async fn settle(
        mut self,
        change: impl FnOnce(&mut complaint::ActiveModel),
        action: &'static str,
        body: Value,
    ) -> Result<ComplaintId> {
        let (id, stream) = (self.row.id, Stream::Agency(self.row.desk_id));
        let mut changed = self.row.into_active_model();
        change(&mut changed);
        changed.update(self.uow.tx()).await.map_err(Fault::from)?;
        self.uow.record(stream, action, encode(id), body);
        self.uow.commit().await?;
        Ok(id)
    }

    /// The policies where the complaint is handled.
    async fn terms(&self) -> std::result::Result<Terms, Fault> {
        Terms::of(self.uow.tx(), self.row.desk_id, self.uow.today()).await
    }
}

/// Takes a complaint up: the deadline of its decision begins.
pub async fn accept(platform: &Platform, actor: &Actor, id: ComplaintId) -> Result<ComplaintId> {
    let hand = take(platform, actor, id, Act::Accept).await?;
    let terms = hand.terms().await?;
    let (today, days) = (hand.uow.today(), terms.body.decide_working_days);
    let due = terms.due(today, days);
    let (by, now) = (hand.by, hand.uow.now());
    let change = |row: &mut complaint::ActiveModel| {
        row.state = Set(ComplaintState::Accepted);
        row.policy_id = Set(terms.policy);
        row.due_from = Set(today);
        row.due_days = Set(i32::try_from(days).unwrap_or(i32::MAX));
        row.due_on = Set(due.on);
        row.due_provisional = Set(due.provisional);
        row.accepted_by = Set(Some(by));
        row.accepted_at = Set(Some(now));
    };
    hand.settle(change, "complaint.accept", json!({ "due": due.on })).await
}

/// Does not take a complaint up, with reasons for its sender and where to turn instead.
pub async fn refuse(
    platform: &Platform,
    actor: &Actor,
    id: ComplaintId,
    reasons: &str,
    other_channel: Option<&str>,
) -> Result<ComplaintId> {
    let reasons = rules::reasons(reasons)?;
    let other_channel = other_channel.map(rules::reasons).transpose()?;
    let hand = take(platform, actor, id, Act::Refuse).await?;
    let terms = hand.terms().await?;
    let contact_until = hand.uow.today() + Days::new(terms.body.contact_days.into());
    let (by, now) = (hand.by, hand.uow.now());
    let change = |row: &mut complaint::ActiveModel| {
        row.state = Set(ComplaintState::NotAccepted);
        row.reasons = Set(Some(reasons));
        row.other_channel = Set(other_channel);
        row.contact_until = Set(Some(contact_until));
        row.accepted_by = Set(Some(by));
        row.accepted_at = Set(Some(now));
    };
    hand.settle(change, "complaint.refuse", json!({})).await
}

/// Whether there is such an agency, and it has not ended.
async fn exists(uow: &UnitOfWork, agency: AgencyId) -> std::result::Result<bool, Fault> {
    let ends = agency::Column::AbolishedOn;
    let found = agency::Entity::find_by_id(agency)
        .filter(ends.is_null().or(ends.gt(uow.today())))
        .one(uow.tx())
        .await?;
    Ok(found.is_some())
}

/// Says which agency, and which officer of it, a complaint is about that named them in words or
/// wrongly. It goes to the department that is competent for the agency, wherever that is: one that
/// came to the wrong county could not be passed on otherwise.
pub async fn assign(
    platform: &Platform,
    actor: &Actor,
    id: ComplaintId,
    agency: AgencyId,
    officer: Option<PersonId>,
) -> Result<ComplaintId> {
    let hand = take(platform, actor, id, Act::Assign).await?;
    let (tx, today) = (hand.uow.tx(), hand.uow.today());
    if !exists(&hand.uow, agency).await? {
        return Err(Refusal::AgencyNotFound.into());
    }
    if let Some(officer) = officer {
        let of_agency = person::Entity::find_by_id(officer)
            .filter(person::Column::AgencyId.eq(agency))
            .one(tx)
            .await
            .map_err(Fault::from)?;
        if of_agency.is_none() {
            return Err(Refusal::OfficerNotFound.into());
        }
        if hand.as_one.contains(&officer) {
            return Err(Refusal::OwnRecord.into());
        }
    }
    let desk = desk::of_agency(tx, agency, today).await?.ok_or(Refusal::AgencyNotFound)?;
    let body = json!({
        "agency": encode(agency),
        "officer": officer.map(encode),
        "desk": encode(desk),
    });
    let change = |row: &mut complaint::ActiveModel| {
        row.agency_id = Set(Some(agency));
        row.person_id = Set(officer);
        row.desk_id = Set(desk);
    };
    hand.settle(change, "complaint.assign", body).await
}

/// Extends the deadline, once, with reasons that the sender reads.
pub async fn extend(
    platform: &Platform,
    actor: &Actor,
    id: ComplaintId,
    reasons: &str,
) -> Result<ComplaintId> {
    let reasons = rules::reasons(reasons)?;
    let hand = take(platform, actor, id, Act::Extend).await?;
    if hand.row.extension_reasons.is_some() {
        return Err(Refusal::ExtendedAlready.into());
    }
    let terms = hand.terms().await?;
    let before = u32::try_from(hand.row.due_days).unwrap_or_default();
    let days = before.saturating_add(terms.body.extension_working_days);
    let due = terms.due(hand.row.due_from, days);
    let change = |row: &mut complaint::ActiveModel| {
        row.extension_reasons = Set(Some(reasons));
        row.due_days = Set(i32::try_from(days).unwrap_or(i32::MAX));
        row.due_on = Set(due.on);
        row.due_provisional = Set(due.provisional);
    };
    hand.settle(change, "complaint.extend", json!({ "due": due.on })).await
}

/// Asks the agency for a statement, in words of the handler's own: what the sender wrote must not
/// be in it.
pub async fn ask(
    platform: &Platform,
    actor: &Actor,
    id: ComplaintId,
    question: &str,
) -> Result<ComplaintId> {
    let question = rules::reasons(question)?;
    let mut hand = take(platform, actor, id, Act::Ask).await?;
    let agency = hand.row.agency_id.ok_or(Refusal::AgencyUnknown)?;
    // Nobody would answer for one that ended: it is assigned to whoever took its place first.
    if !exists(&hand.uow, agency).await? {
        return Err(Refusal::AgencyUnknown.into());
    }
    let text = sealed::text(platform, &hand.row)?;
    let named = sealed::named(platform, &hand.row)?;
    let sealed_contact = hand.row.contact_sealed.as_deref();
    let contact = sealed_contact
        .map(|sealed| sealed::open(platform, sealed::CONTACT, id, sealed))
        .transpose()?;
    if rules::repeats(&question, &text, named.as_deref(), contact.as_deref()) {
        return Err(Refusal::QuestionRepeats.into());
    }
    let asked = complaint_question::Entity::find()
        .filter(complaint_question::Column::ComplaintId.eq(id))
        .count(hand.uow.tx())
        .await
        .map_err(Fault::from)?;
    if asked >= QUESTIONS {
        return Err(Refusal::TooMany { most: usize::try_from(QUESTIONS).unwrap_or(0) }.into());
    }
    let row = complaint_question::Model {
        id: hand.uow.new_id(),
        complaint_id: id,
        agency_id: agency,
        question,
        asked_by: hand.by,
        asked_at: hand.uow.now(),
        answer: None,
        answered_by: None,
        answered_at: None,
    };
    let body = json!({ "question": encode(row.id), "agency": encode(agency) });
    row.into_active_model().insert(hand.uow.tx()).await.map_err(Fault::from)?;
    hand.uow.record(Stream::Agency(hand.row.desk_id), "complaint.ask", encode(id), body);
    hand.uow.commit().await?;
    Ok(id)
}

/// Answers a question for the agency that is asked. It stands: an answer is not changed.
pub async fn answer_question(
    platform: &Platform,
    actor: &Actor,
    id: ComplaintQuestionId,
    answer: &str,
) -> Result<ComplaintQuestionId> {
    let answer = rules::reasons(answer)?;
    let by = actor.person().ok_or(Refusal::PersonRequired)?;
    let scope = Scope::of(actor, Permission::AnswerComplaintQuestions);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let select = complaint_question::Entity::find_by_id(id).filter(
        scope.condition((complaint_question::Entity, complaint_question::Column::AgencyId)),
    );
    let select = uow.locked(select);
    let row = select.one(uow.tx()).await.map_err(Fault::from)?;
    let row = row.ok_or(Refusal::QuestionNotFound)?;
    if row.answer.is_some() {
        return Err(Refusal::AnsweredAlready.into());
    }
    let agency = row.agency_id;
    let mut changed = row.into_active_model();
    changed.answer = Set(Some(answer));
    changed.answered_by = Set(Some(by));
    changed.answered_at = Set(Some(uow.now()));
    changed.update(uow.tx()).await.map_err(Fault::from)?;
    uow.record(Stream::Agency(agency), "complaint_question.answer", encode(id), json!({}));
    uow.commit().await?;
    Ok(id)
}

/// Proposes whether a complaint is right, with reasons addressed to its sender.
pub async fn propose(
    platform: &Platform,
    actor: &Actor,
    id: ComplaintId,
    upheld: bool,
    reasons: &str,
) -> Result<ComplaintId> {
    let reasons = rules::reasons(reasons)?;
    let hand = take(platform, actor, id, Act::Propose).await?;
    if hand.row.agency_id.is_none() {
        return Err(Refusal::AgencyUnknown.into());
    }
    let (by, now) = (hand.by, hand.uow.now());
    let change = |row: &mut complaint::ActiveModel| {
        row.state = Set(ComplaintState::Proposed);
        row.upheld = Set(Some(upheld));
        row.reasons = Set(Some(reasons));
        row.proposed_by = Set(Some(by));
        row.proposed_at = Set(Some(now));
        row.returned_reasons = Set(None);
    };
    hand.settle(change, "complaint.propose", json!({ "upheld": upheld })).await
}

/// Refuses whoever proposed the outcome, or counts as one with them.
async fn another(hand: &InHand) -> Result<()> {
    let Some((by, at)) = hand.row.proposed_by.zip(hand.row.proposed_at) else { return Ok(()) };
    let stood_in = delegation::stood_in(hand.uow.tx(), &[by]).await?;
    let proposers = delegation::doers(&stood_in, by, PERMISSION, at);
    if proposers.iter().any(|person| hand.as_one.contains(person)) {
        return Err(Refusal::SeparationOfDuties.into());
    }
    Ok(())
}

/// Decides as proposed; by another person.
pub async fn decide(platform: &Platform, actor: &Actor, id: ComplaintId) -> Result<ComplaintId> {
    let hand = take(platform, actor, id, Act::Decide).await?;
    another(&hand).await?;
    let terms = hand.terms().await?;
    let upheld = hand.row.upheld.ok_or_else(|| Fault::stored("a proposal without outcome"))?;
    let contact_until = hand.uow.today() + Days::new(terms.body.contact_days.into());
    let (by, now) = (hand.by, hand.uow.now());
    let state = if upheld { ComplaintState::Upheld } else { ComplaintState::NotUpheld };
    let change = |row: &mut complaint::ActiveModel| {
        row.state = Set(state);
        row.contact_until = Set(Some(contact_until));
        row.decided_by = Set(Some(by));
        row.decided_at = Set(Some(now));
    };
    hand.settle(change, "complaint.decide", json!({ "upheld": upheld })).await
}

/// Gives a proposal back with reasons; by another person. It is looked into further.
pub async fn give_back(
    platform: &Platform,
    actor: &Actor,
    id: ComplaintId,
    reasons: &str,
) -> Result<ComplaintId> {
    let reasons = rules::reasons(reasons)?;
    let hand = take(platform, actor, id, Act::GiveBack).await?;
    another(&hand).await?;
    let change = |row: &mut complaint::ActiveModel| {
        row.state = Set(ComplaintState::Accepted);
        row.returned_reasons = Set(Some(reasons));
    };
    hand.settle(change, "complaint.give_back", json!({})).await
}

/// How the sender can be reached: for those of the department that handles the complaint, and for
/// whoever of a department above took it up or proposed its outcome. It is logged before it is told.
pub async fn read_contact(platform: &Platform, actor: &Actor, id: ComplaintId) -> Result<String> {
    let as_one = counts_as(actor, PERMISSION);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let row = store::to_act_on(&uow, &Scope::of(actor, PERMISSION), id).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    if row.person_id.is_some_and(|person| as_one.contains(&person)) {
        return Err(Refusal::OwnRecord.into());
    }
    let of_desk = actor.signed_in().is_some_and(|signed_in| {
        let roles = &signed_in.roles;
        roles.iter().any(|g| granted_to(PERMISSION).contains(&g.role) && g.agency == row.desk_id)
    });
    let own = [row.accepted_by, row.proposed_by].into_iter().flatten();
    if !of_desk && !own.into_iter().any(|person| as_one.contains(&person)) {
        return Err(Refusal::NotHandledHere.into());
    }
    let sealed = row.contact_sealed.as_deref().ok_or(Refusal::NoContact)?;
    let contact = sealed::open(platform, sealed::CONTACT, id, sealed)?;
    uow.record(Stream::Agency(row.desk_id), CONTACT_READ, encode(id), json!({}));
    uow.commit().await?;
    Ok(contact)
}

/// Whether a deadline has passed.
pub(super) fn is_overdue(platform: &Platform, row: &complaint::Model) -> bool {
    store::OPEN.contains(&row.state) && row.due_on < local_date(platform.now())
}
