//! Complaints and evaluations in GraphQL: parse, one use-case, map.

mod mutations;
mod types;

use async_graphql::connection::Connection;
use async_graphql::{Context, Object, Result};
use entities::ids::{AgencyId, ComplaintId, ComplaintQuestionId, PersonId};

use super::store::{self, ComplaintFilter};
use crate::access::{Permission, Scope};
use crate::graphql::enums::ComplaintState;
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, RequestError, caller};
use crate::platform::clock::local_date;
pub use mutations::ComplaintsMutation;
pub use types::{Complaint, ComplaintQuestion, EvaluationBatch, EvaluationTally, UpheldComplaints};

/// Officers asked about in one call.
const MOST: usize = 500;

/// Reading of complaints and evaluations.
#[derive(Default)]
pub struct ComplaintsQuery;

#[Object]
impl ComplaintsQuery {
    /// A complaint that a department of one's part of the tree handles.
    #[graphql(guard = "Needs(Permission::HandleComplaints)")]
    async fn complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which complaint.")] id: Id<ComplaintId>,
    ) -> Result<Option<Complaint>> {
        find_complaint(ctx, id.get()).await
    }

    /// Complaints that departments of one's part of the tree handle, newest first.
    #[graphql(
        guard = "Needs(Permission::HandleComplaints)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the list")]
    async fn complaints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "How far they are.")] state: Option<ComplaintState>,
        #[graphql(desc = "The agency they are about.")] agency_id: Option<Id<AgencyId>>,
        #[graphql(desc = "The officer they are about.")] officer_id: Option<Id<PersonId>>,
        #[graphql(desc = "Only those whose deadline has passed and that have not ended.")]
        overdue: Option<bool>,
    ) -> Result<Connection<String, Complaint>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 2)?;
        let scope = Scope::of(actor, Permission::HandleComplaints);
        let filter = ComplaintFilter {
            state: state.map(Into::into),
            agency: agency_id.map(Id::get),
            officer: officer_id.map(Id::get),
            due_before: overdue.unwrap_or_default().then(|| local_date(platform.now())),
        };
        let rows = store::complaints(platform.db.read(), &scope, &filter, &page).await?;
        let cursor = |row: &store::ComplaintRow| {
            vec![row.complaint.received_on.to_string(), encode(row.complaint.id)]
        };
        Ok(page.connection(rows, cursor, Complaint))
    }

    /// A question about a complaint to one's agency.
    #[graphql(guard = "Needs(Permission::AnswerComplaintQuestions)")]
    async fn complaint_question(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which question.")] id: Id<ComplaintQuestionId>,
    ) -> Result<Option<ComplaintQuestion>> {
        find_question(ctx, id.get()).await
    }

    /// What one's agency is asked about complaints, newest first.
    #[graphql(
        guard = "Needs(Permission::AnswerComplaintQuestions)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn complaint_questions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "Only those that are answered, or only those that are not.")]
        answered: Option<bool>,
    ) -> Result<Connection<String, ComplaintQuestion>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let scope = Scope::of(actor, Permission::AnswerComplaintQuestions);
        let rows = store::questions_to(platform.db.read(), &scope, answered, &page).await?;
        Ok(page.connection(rows, |row| vec![encode(row.question.id)], Into::into))
    }

    /// Evaluations of agencies, released in batches of five at least, newest first. What waits for
    /// its release is counted nowhere.
    #[graphql(
        guard = "Needs(Permission::ReadEvaluations)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn evaluation_batches(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "One agency; all within reach where none is named.")] agency_id: Option<
            Id<AgencyId>,
        >,
    ) -> Result<Connection<String, EvaluationBatch>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let scope = Scope::of(actor, Permission::ReadEvaluations);
        let agency = agency_id.map(Id::get);
        let rows = store::batches(platform.db.read(), &scope, agency, &page).await?;
        Ok(page.connection(rows, |row| vec![encode(row.batch.id)], Into::into))
    }

    /// The batches that were released in a year, summed up: of an agency and what lies under it, such
    /// as the region of a justice department, or of all within reach.
    #[graphql(guard = "Needs(Permission::ReadEvaluations)", complexity = "100")]
    async fn evaluation_summary(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calendar year of the release.")] year: i32,
        #[graphql(desc = "An agency and what lies under it.")] agency_id: Option<Id<AgencyId>>,
    ) -> Result<EvaluationTally> {
        let (platform, actor) = caller(ctx)?;
        let scope = Scope::of(actor, Permission::ReadEvaluations);
        let agency = agency_id.map(Id::get);
        Ok(store::summary(platform.db.read(), &scope, agency, year).await?.into())
    }

    /// How many complaints about officers were upheld in a calendar year, by the day of the decision,
    /// as far as they are about agencies of one's part of the tree; an officer without any is left
    /// out. For 500 officers at most.
    #[graphql(guard = "Needs(Permission::HandleComplaints)", complexity = "100")]
    async fn upheld_complaints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The officers.")] officer_ids: Vec<Id<PersonId>>,
        #[graphql(desc = "The calendar year.")] year: i32,
    ) -> Result<Vec<UpheldComplaints>> {
        let (platform, actor) = caller(ctx)?;
        if officer_ids.len() > MOST {
            return Err(RequestError::FirstOutOfRange.error());
        }
        let scope = Scope::of(actor, Permission::HandleComplaints);
        let people: Vec<PersonId> = officer_ids.into_iter().map(Id::get).collect();
        let found = store::upheld_in_year(platform.db.read(), &scope, &people, year).await?;
        let counted = |upheld: store::Upheld| UpheldComplaints {
            officer_id: upheld.person_id.into(),
            complaints: upheld.complaints,
        };
        Ok(found.into_iter().map(counted).collect())
    }
}

/// A complaint within what the caller may handle, for `complaint`, `node` and payloads.
pub async fn find_complaint(ctx: &Context<'_>, id: ComplaintId) -> Result<Option<Complaint>> {
    let (platform, actor) = caller(ctx)?;
    let scope = Scope::of(actor, Permission::HandleComplaints);
    Ok(store::complaint(platform.db.read(), &scope, id).await?.map(Complaint))
}

/// A question to an agency of the caller's.
async fn find_question(
    ctx: &Context<'_>,
    id: ComplaintQuestionId,
) -> Result<Option<ComplaintQuestion>> {
    let (platform, actor) = caller(ctx)?;
    let scope = Scope::of(actor, Permission::AnswerComplaintQuestions);
    Ok(store::question(platform.db.read(), &scope, id).await?.map(Into::into))
}
