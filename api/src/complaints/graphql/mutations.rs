//! Acts on complaints.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use entities::ids::{AgencyId, ComplaintId, ComplaintQuestionId, PersonId};

use super::types::{Complaint, ComplaintQuestion};
use super::{find_complaint, find_question};
use crate::access::Permission;
use crate::complaints::{self, error};
use crate::graphql::ids::Id;
use crate::graphql::{Needs, UserError, answer, caller};

/// A complaint that is not taken up.
#[derive(InputObject)]
pub struct RefuseComplaintInput {
    /// Which complaint.
    id: Id<ComplaintId>,
    /// Why, for its sender to read, at most 1,000 characters.
    reasons: String,
    /// Where the sender may turn instead, at most 1,000 characters.
    other_channel: Option<String>,
}

/// Whom a complaint is about.
#[derive(InputObject)]
pub struct AssignComplaintInput {
    /// Which complaint.
    id: Id<ComplaintId>,
    /// The agency.
    agency_id: Id<AgencyId>,
    /// An officer of it, where known.
    officer_id: Option<Id<PersonId>>,
}

/// The outcome of a complaint.
#[derive(InputObject)]
pub struct ProposeComplaintOutcomeInput {
    /// Which complaint.
    id: Id<ComplaintId>,
    /// Whether it is right (属实).
    upheld: bool,
    /// Why, for its sender to read, at most 1,000 characters.
    reasons: String,
}

/// What an act on a complaint answers.
#[derive(SimpleObject)]
pub struct ComplaintPayload {
    /// The complaint as it is now; none where the act was refused, and where another part of the
    /// tree handles it now.
    complaint: Option<Complaint>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// What reading a contact answers.
#[derive(SimpleObject)]
pub struct ComplaintContactPayload {
    /// How the sender can be reached; none where that was refused.
    contact: Option<String>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// What answering a question answers.
#[derive(SimpleObject)]
pub struct ComplaintQuestionPayload {
    /// The question with its answer; none where it was refused.
    question: Option<ComplaintQuestion>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// Acts on complaints.
#[derive(Default)]
pub struct ComplaintsMutation;

#[Object]
impl ComplaintsMutation {
    /// Takes a complaint up (受理): the deadline of its decision begins.
    #[graphql(guard = "Needs(Permission::HandleComplaints)")]
    async fn accept_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which complaint.")] id: Id<ComplaintId>,
    ) -> Result<ComplaintPayload> {
        let (platform, actor) = caller(ctx)?;
        payload(ctx, complaints::accept(platform, actor, id.get()).await).await
    }

    /// Does not take a complaint up (不予受理).
    #[graphql(guard = "Needs(Permission::HandleComplaints)")]
    async fn refuse_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which complaint, and why.")] input: RefuseComplaintInput,
    ) -> Result<ComplaintPayload> {
        let (platform, actor) = caller(ctx)?;
        let channel = input.other_channel.as_deref();
        let id = input.id.get();
        let result = complaints::refuse(platform, actor, id, &input.reasons, channel).await;
        payload(ctx, result).await
    }

    /// Says which agency and officer a complaint is about; the department that is competent for the
    /// agency handles it from then on.
    #[graphql(guard = "Needs(Permission::HandleComplaints)")]
    async fn assign_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which complaint, and whom it is about.")] input: AssignComplaintInput,
    ) -> Result<ComplaintPayload> {
        let (platform, actor) = caller(ctx)?;
        let (agency, officer) = (input.agency_id.get(), input.officer_id.map(Id::get));
        let id = input.id.get();
        payload(ctx, complaints::assign(platform, actor, id, agency, officer).await).await
    }

    /// Extends the deadline of the decision, once; the sender reads why.
    #[graphql(guard = "Needs(Permission::HandleComplaints)")]
    async fn extend_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which complaint.")] id: Id<ComplaintId>,
        #[graphql(desc = "Why, at most 1,000 characters.")] reasons: String,
    ) -> Result<ComplaintPayload> {
        let (platform, actor) = caller(ctx)?;
        payload(ctx, complaints::extend(platform, actor, id.get(), &reasons).await).await
    }

    /// Asks the agency for a statement. It sees the question alone, so it must be neutral and in
    /// words of one's own: what repeats the sender's is refused.
    #[graphql(guard = "Needs(Permission::HandleComplaints)")]
    async fn ask_about_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which complaint.")] id: Id<ComplaintId>,
        #[graphql(desc = "The question, at most 1,000 characters.")] question: String,
    ) -> Result<ComplaintPayload> {
        let (platform, actor) = caller(ctx)?;
        payload(ctx, complaints::ask(platform, actor, id.get(), &question).await).await
    }

    /// Answers for one's agency what it is asked about a complaint; the answer stands.
    #[graphql(guard = "Needs(Permission::AnswerComplaintQuestions)")]
    async fn answer_complaint_question(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which question.")] id: Id<ComplaintQuestionId>,
        #[graphql(desc = "The answer, at most 1,000 characters.")] text: String,
    ) -> Result<ComplaintQuestionPayload> {
        let (platform, actor) = caller(ctx)?;
        let result = complaints::answer_question(platform, actor, id.get(), &text).await;
        let (id, user_errors) = answer(ctx, result)?;
        let question = match id {
            Some(id) => find_question(ctx, id).await?,
            None => None,
        };
        Ok(ComplaintQuestionPayload { question, user_errors })
    }

    /// Proposes the outcome of a complaint; another person decides.
    #[graphql(guard = "Needs(Permission::HandleComplaints)")]
    async fn propose_complaint_outcome(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which complaint, and its outcome.")] input: ProposeComplaintOutcomeInput,
    ) -> Result<ComplaintPayload> {
        let (platform, actor) = caller(ctx)?;
        let (id, upheld) = (input.id.get(), input.upheld);
        payload(ctx, complaints::propose(platform, actor, id, upheld, &input.reasons).await).await
    }

    /// Decides a complaint as proposed, by another person than who proposed it. Its sender reads the
    /// reasons from then on.
    #[graphql(guard = "Needs(Permission::HandleComplaints)")]
    async fn decide_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which complaint.")] id: Id<ComplaintId>,
    ) -> Result<ComplaintPayload> {
        let (platform, actor) = caller(ctx)?;
        payload(ctx, complaints::decide(platform, actor, id.get()).await).await
    }

    /// Gives a proposed outcome back, by another person than who proposed it.
    #[graphql(guard = "Needs(Permission::HandleComplaints)")]
    async fn return_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which complaint.")] id: Id<ComplaintId>,
        #[graphql(desc = "Why, at most 1,000 characters; the sender does not read it.")]
        reasons: String,
    ) -> Result<ComplaintPayload> {
        let (platform, actor) = caller(ctx)?;
        payload(ctx, complaints::give_back(platform, actor, id.get(), &reasons).await).await
    }

    /// Tells how the sender of a complaint can be reached, to the department that handles it. That
    /// it was read is written to the audit log.
    #[graphql(guard = "Needs(Permission::HandleComplaints)")]
    async fn read_complaint_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which complaint.")] id: Id<ComplaintId>,
    ) -> Result<ComplaintContactPayload> {
        let (platform, actor) = caller(ctx)?;
        let result = complaints::read_contact(platform, actor, id.get()).await;
        let (contact, user_errors) = answer(ctx, result)?;
        Ok(ComplaintContactPayload { contact, user_errors })
    }
}

async fn payload(
    ctx: &Context<'_>,
    result: error::Result<ComplaintId>,
) -> Result<ComplaintPayload> {
    let (id, user_errors) = answer(ctx, result)?;
    let complaint = match id {
        Some(id) => find_complaint(ctx, id).await?,
        None => None,
    };
    Ok(ComplaintPayload { complaint, user_errors })
}
