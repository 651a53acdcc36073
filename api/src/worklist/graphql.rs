//! Work lists over GraphQL.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use entities::ids::{
    AgencyChangeId, ApplicationId, CertificateId, ComplaintId, ComplaintQuestionId, ExamSittingId,
    ExistingCertificateId, ImportBatchId, InvitationId, JobId, JointAuthorisationId, PersonId,
    PhotoBatchId, QualificationId, SigningKeyId, TrainingUploadId,
};
use uuid::Uuid;

use super::{After, Escalation, TEXTS, WorkKind, kinds};
use crate::graphql::enums::Role;
use crate::graphql::guard::SignedIn;
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{RequestError, caller, locale};
use crate::organisations::graphql::AgencySummary;
use crate::platform::clock::local_date;
use crate::platform::texts::Locale;

/// Somebody whom work concerns.
#[derive(Clone, Debug, SimpleObject)]
pub struct WorkPerson {
    /// Id, for `officer`.
    id: Id<PersonId>,
    /// Name.
    name: String,
}

/// Why work of a nearer office is in one's own list.
#[derive(Clone, Debug, SimpleObject)]
pub struct WorkEscalation {
    /// Stable word of the catalogue: `NEARER_MAY_NOT` or `NOBODY_NEARER`.
    code: String,
    /// The same in the language of the request.
    message: String,
}

impl WorkEscalation {
    fn of(escalation: Escalation, locale: Locale) -> Self {
        let code = escalation.code();
        Self { code: code.to_owned(), message: TEXTS.text(locale, code, &[]) }
    }
}

/// Something that waits for the signed-in person.
#[derive(Clone, Debug, SimpleObject)]
pub struct WorkItem {
    /// What is to be done.
    kind: WorkKind,
    /// What it is to be done with: an application, a qualification, a certificate, the claim of an
    /// existing one, an import, a batch of photos, a workbook of training, a sitting of an exam, a
    /// reform of agencies, an invitation, a job, a key, a complaint or a question about one, a joint
    /// authorisation.
    subject_id: ID,
    /// Whom it concerns; of a job whoever asked for it.
    person: Option<WorkPerson>,
    /// The unit it concerns; of a joint authorisation the one that decides.
    agency: Option<AgencySummary>,
    /// Number of the certificate or of the claim, name of the file, place of the sitting, document
    /// that orders the reform or the joint authorisation, sign-in name of the account, kind of the
    /// job, use of the key, category of the complaint.
    label: Option<String>,
    /// Since when it waits.
    since: DateTime<Utc>,
    /// The day by which it is due: the last of a certificate, the planned end of a suspension, the
    /// deadline of a complaint, the first day of a reform or of a joint authorisation.
    due_on: Option<NaiveDate>,
    /// Whether that day has passed.
    overdue: bool,
    /// The moment by which it is due.
    due_at: Option<DateTime<Utc>>,
    /// Of a certificate that ends: the last reminder that was due, 90, 30 or 7 days before.
    reminder_days: Option<i64>,
    /// Why it was returned.
    reasons: Option<String>,
    /// In which role it was returned.
    returned_by: Option<Role>,
    /// Why it is here and not with the nearer office.
    escalation: Option<WorkEscalation>,
}

impl WorkItem {
    fn of(item: super::WorkItem, today: NaiveDate, locale: Locale) -> Self {
        let reminder_days = item
            .due_on
            .filter(|_| item.kind == WorkKind::CertificateExpiring)
            .and_then(|end| kinds::reminder(end, today));
        Self {
            kind: item.kind,
            subject_id: subject(item.kind, item.id).into(),
            person: item.person.map(|(id, name)| WorkPerson { id: id.into(), name }),
            agency: item.agency.map(|(id, name)| AgencySummary::new(id, name)),
            label: item.label,
            since: item.since,
            due_on: item.due_on,
            overdue: item.due_on.is_some_and(|due| due < today),
            due_at: item.due_at,
            reminder_days,
            reasons: item.reasons,
            returned_by: item.returned_by.map(Into::into),
            escalation: item.escalation.map(|why| WorkEscalation::of(why, locale)),
        }
    }
}

/// The id of what a kind of work is done with, as the outside sees it.
fn subject(kind: WorkKind, id: Uuid) -> String {
    match kind {
        WorkKind::ApplicationReturned
        | WorkKind::ApplicationToReview
        | WorkKind::ApplicationToIssue => encode(ApplicationId(id)),
        WorkKind::CertificateToHandOver
        | WorkKind::CertificateExpiring
        | WorkKind::SuspensionOver
        | WorkKind::LossReported => encode(CertificateId(id)),
        WorkKind::ImportToApply => encode(ImportBatchId(id)),
        WorkKind::PhotosToApply => encode(PhotoBatchId(id)),
        WorkKind::TrainingToApply => encode(TrainingUploadId(id)),
        WorkKind::ExistingToConfirm => encode(ExistingCertificateId(id)),
        WorkKind::SittingToConfirm => encode(ExamSittingId(id)),
        WorkKind::ReformToDecide | WorkKind::ReformFailed => encode(AgencyChangeId(id)),
        WorkKind::CandidateToDecide => encode(QualificationId(id)),
        WorkKind::InvitationEnding => encode(InvitationId(id)),
        WorkKind::JobFailed => encode(JobId(id)),
        WorkKind::KeyEnding => encode(SigningKeyId(id)),
        WorkKind::ComplaintToAccept | WorkKind::ComplaintToHandle | WorkKind::ComplaintToDecide => {
            encode(ComplaintId(id))
        }
        WorkKind::ComplaintQuestionToAnswer => encode(ComplaintQuestionId(id)),
        WorkKind::JointAuthorisationToDecide => encode(JointAuthorisationId(id)),
    }
}

/// How much of a kind waits.
#[derive(Clone, Debug, SimpleObject)]
pub struct WorkCount {
    /// What is to be done.
    kind: WorkKind,
    /// How many.
    count: i64,
    /// Since when the oldest waits.
    oldest: Option<DateTime<Utc>>,
}

/// Queries of work lists.
#[derive(Default)]
pub struct WorklistQuery;

#[Object]
impl WorklistQuery {
    /// What waits for the signed-in person over all their roles, oldest first. What they may not do
    /// is not in it: their own record, and what they had another part in.
    #[graphql(
        guard = "SignedIn",
        complexity = "100 + usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn my_work(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "Only these kinds; all where none are named.")] kinds: Option<
            Vec<WorkKind>,
        >,
    ) -> Result<Connection<String, WorkItem>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 2)?;
        let place = match page.after.as_deref() {
            Some([since, id]) => {
                let place = place(since, id);
                Some(place.ok_or_else(|| RequestError::CursorInvalid.error())?)
            }
            _ => None,
        };
        let kinds = kinds.unwrap_or_default();
        let items = super::my_work(platform, actor, &kinds, place, page.limit()).await?;
        let today = local_date(platform.now());
        let cursor = |item: &super::WorkItem| {
            let since = item.since.to_rfc3339_opts(SecondsFormat::Micros, true);
            vec![since, item.id.simple().to_string()]
        };
        Ok(page.connection(items, cursor, |item| WorkItem::of(item, today, locale(ctx))))
    }

    /// How much of each kind waits for the signed-in person, for the kinds their roles have.
    #[graphql(guard = "SignedIn", complexity = "100 + 23 * child_complexity")]
    async fn my_work_counts(&self, ctx: &Context<'_>) -> Result<Vec<WorkCount>> {
        let (platform, actor) = caller(ctx)?;
        let counts = super::my_counts(platform, actor).await?;
        let told =
            |c: super::WorkCount| WorkCount { kind: c.kind, count: c.count, oldest: c.oldest };
        Ok(counts.into_iter().map(told).collect())
    }
}

/// The place a cursor tells.
fn place(since: &str, id: &str) -> Option<After> {
    let since = DateTime::parse_from_rfc3339(since).ok()?;
    Some((since.with_timezone(&Utc), Uuid::try_parse(id).ok()?))
}
