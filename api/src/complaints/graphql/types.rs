//! Types of complaints and evaluations.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entities::ids::PersonId;

use crate::complaints::handle::is_overdue;
use crate::complaints::sealed;
use crate::complaints::store::{self, BatchRow, ComplaintRow, QuestionRow, Tally};
use crate::graphql::caller;
use crate::graphql::enums::{ComplaintCategory, ComplaintState};
use crate::graphql::ids::{Id, encode};
use crate::organisations::graphql::AgencySummary;

/// The officer a complaint is about.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct ComplaintOfficer {
    /// Id, for `officer`.
    id: Id<PersonId>,
    /// Name.
    name: String,
}

/// A complaint of a citizen.
pub struct Complaint(pub ComplaintRow);

/// A complaint of a citizen, for the justice department that handles it. Its time is known to the day
/// only, and its sender by nothing but what they left themselves.
#[Object]
impl Complaint {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.0.complaint.id).into()
    }

    /// How far it is.
    async fn state(&self) -> ComplaintState {
        self.0.complaint.state.into()
    }

    /// What it is about.
    async fn category(&self) -> ComplaintCategory {
        self.0.complaint.category.into()
    }

    /// What happened, as the sender wrote it.
    async fn text(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(sealed::text(caller(ctx)?.0, &self.0.complaint)?)
    }

    /// Unit and officer as the sender named them, where no certificate was shown.
    async fn named(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(sealed::named(caller(ctx)?.0, &self.0.complaint)?)
    }

    /// Where it happened, where the sender chose a division.
    async fn division_name(&self) -> Option<&str> {
        self.0.division_name.as_deref()
    }

    /// The agency it is about, once that is known.
    async fn agency(&self) -> Option<AgencySummary> {
        let named = self.0.complaint.agency_id.zip(self.0.agency_name.clone());
        named.map(|(id, name)| AgencySummary::new(id, name))
    }

    /// The officer it is about, once that is known.
    async fn officer(&self) -> Option<ComplaintOfficer> {
        let named = self.0.complaint.person_id.zip(self.0.person_name.clone());
        named.map(|(id, name)| ComplaintOfficer { id: id.into(), name })
    }

    /// Number of the certificate that was shown.
    async fn certificate_number(&self) -> Option<&str> {
        self.0.certificate_number.as_deref()
    }

    /// Day of the check, where a certificate was shown.
    async fn met_on(&self) -> Option<NaiveDate> {
        self.0.complaint.met_on
    }

    /// Day on which it came.
    async fn received_on(&self) -> NaiveDate {
        self.0.complaint.received_on
    }

    /// The justice department that handles it.
    async fn desk(&self) -> AgencySummary {
        AgencySummary::new(self.0.complaint.desk_id, self.0.desk_name.clone())
    }

    /// Whether the sender can be reached; how, `readComplaintContact` tells.
    async fn has_contact(&self) -> bool {
        self.0.complaint.contact_sealed.is_some()
    }

    /// Last day of what is to be done: of taking it up or not, then of the decision.
    async fn due_on(&self) -> NaiveDate {
        self.0.complaint.due_on
    }

    /// Whether it lies beyond the published calendar of holidays, and may move.
    async fn due_provisional(&self) -> bool {
        self.0.complaint.due_provisional
    }

    /// Whether it has passed and the complaint has not ended.
    async fn overdue(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(is_overdue(caller(ctx)?.0, &self.0.complaint))
    }

    /// Why the deadline was extended, once; the sender reads it.
    async fn extension_reasons(&self) -> Option<&str> {
        self.0.complaint.extension_reasons.as_deref()
    }

    /// The outcome that is proposed or decided.
    async fn upheld(&self) -> Option<bool> {
        self.0.complaint.upheld
    }

    /// The reasons of the outcome, or of not taking it up; the sender reads them once it has ended.
    async fn reasons(&self) -> Option<&str> {
        self.0.complaint.reasons.as_deref()
    }

    /// Where the sender may turn instead, of one that is not taken up.
    async fn other_channel(&self) -> Option<&str> {
        self.0.complaint.other_channel.as_deref()
    }

    /// Why a proposal was given back last.
    async fn returned_reasons(&self) -> Option<&str> {
        self.0.complaint.returned_reasons.as_deref()
    }

    /// When it was taken up, or was not.
    async fn accepted_at(&self) -> Option<DateTime<Utc>> {
        self.0.complaint.accepted_at
    }

    /// When the outcome was proposed.
    async fn proposed_at(&self) -> Option<DateTime<Utc>> {
        self.0.complaint.proposed_at
    }

    /// When it was decided.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.complaint.decided_at
    }

    /// What the agency was asked, oldest first; twenty at most.
    #[graphql(complexity = "20 + 20 * child_complexity")]
    async fn questions(&self, ctx: &Context<'_>) -> Result<Vec<ComplaintQuestion>> {
        let db = caller(ctx)?.0.db.read();
        let rows = store::questions_about(db, self.0.complaint.id).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}

/// What an agency is asked about a complaint, in words of the department that handles it. It sees
/// nothing else of it.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct ComplaintQuestion {
    /// Id.
    id: ID,
    /// Who is asked.
    agency: AgencySummary,
    /// The question.
    question: String,
    /// When it was asked.
    asked_at: DateTime<Utc>,
    /// The answer.
    answer: Option<String>,
    /// When it was answered.
    answered_at: Option<DateTime<Utc>>,
}

impl From<QuestionRow> for ComplaintQuestion {
    fn from(row: QuestionRow) -> Self {
        let QuestionRow { question, agency_name } = row;
        Self {
            id: encode(question.id).into(),
            agency: AgencySummary::new(question.agency_id, agency_name),
            question: question.question,
            asked_at: question.asked_at,
            answer: question.answer,
            answered_at: question.answered_at,
        }
    }
}

/// What senders say of one statement; the others were not sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, SimpleObject)]
pub struct EvaluationCount {
    /// How many say yes.
    yes: i64,
    /// How many say no.
    no: i64,
    /// Those who say yes among those who say yes or no, in thousandths; none where nobody does.
    yes_per_mille: Option<i64>,
}

impl EvaluationCount {
    fn of(yes: i64, no: i64) -> Self {
        Self { yes, no, yes_per_mille: (yes * 1000).checked_div(yes + no) }
    }
}

/// Evaluations as counts, of whole batches only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, SimpleObject)]
pub struct EvaluationTally {
    /// How many evaluations; none or five at least.
    answers: i64,
    /// Satisfied with the check.
    satisfied: EvaluationCount,
    /// The certificate was shown unasked.
    shown: EvaluationCount,
    /// At least two officers were there.
    two_officers: EvaluationCount,
    /// They were polite.
    polite: EvaluationCount,
    /// Payment to a person or goods were asked for.
    fees_asked: EvaluationCount,
}

impl From<Tally> for EvaluationTally {
    fn from(tally: Tally) -> Self {
        let count = EvaluationCount::of;
        Self {
            answers: tally.answers,
            satisfied: count(tally.satisfied, tally.answers - tally.satisfied),
            shown: count(tally.shown_yes, tally.shown_no),
            two_officers: count(tally.two_officers_yes, tally.two_officers_no),
            polite: count(tally.polite_yes, tally.polite_no),
            fees_asked: count(tally.fees_asked_yes, tally.fees_asked_no),
        }
    }
}

/// Evaluations of an agency that were released together, for good.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct EvaluationBatch {
    /// Id.
    id: ID,
    /// Whose people were evaluated.
    agency: AgencySummary,
    /// First month of them, `YYYY-MM`.
    first_month: String,
    /// Last month of them, `YYYY-MM`.
    last_month: String,
    /// Day of the release.
    released_on: NaiveDate,
    /// The counts.
    tally: EvaluationTally,
}

impl From<BatchRow> for EvaluationBatch {
    fn from(BatchRow { batch, agency_name }: BatchRow) -> Self {
        let month = |day: NaiveDate| day.format("%Y-%m").to_string();
        Self {
            id: encode(batch.id).into(),
            agency: AgencySummary::new(batch.agency_id, agency_name),
            first_month: month(batch.first_month),
            last_month: month(batch.last_month),
            released_on: batch.released_on,
            tally: Tally {
                answers: batch.answers,
                satisfied: batch.satisfied,
                shown_yes: batch.shown_yes,
                shown_no: batch.shown_no,
                two_officers_yes: batch.two_officers_yes,
                two_officers_no: batch.two_officers_no,
                polite_yes: batch.polite_yes,
                polite_no: batch.polite_no,
                fees_asked_yes: batch.fees_asked_yes,
                fees_asked_no: batch.fees_asked_no,
            }
            .into(),
        }
    }
}

/// Upheld complaints about an officer in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, SimpleObject)]
pub struct UpheldComplaints {
    /// About whom.
    pub officer_id: Id<PersonId>,
    /// How many.
    pub complaints: i64,
}
