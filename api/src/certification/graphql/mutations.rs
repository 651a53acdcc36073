//! Mutations of certification: parse, one use-case, map.

use async_graphql::{Context, Enum, InputObject, Object, Result};
use entities::enums::CertificateAct;
use entities::ids::{ApplicationId, CertificateId, PersonId, QualificationId};

use super::payloads::{BulkPayload, CertificatePayload, IssueInBulkPayload, bulk, split};
use super::queries::find_certificate;
use crate::access::Permission;
use crate::certification::rules::grounds::Ground;
use crate::certification::rules::oddities::Oddity;
use crate::certification::{self, Acknowledged, Decision, MOST_AT_ONCE, Move, Particulars};
use crate::graphql::enums::ApplicationAct;
use crate::graphql::ids::{Id, NodeId, encode};
use crate::graphql::jobs::find_job;
use crate::graphql::{Needs, caller};

/// What the justice department decides on a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum QualificationDecision {
    /// Qualified: both exams and the training.
    Qualify,
    /// Refused, with reasons.
    Refuse,
}

/// What the justice department finds of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ReviewDecision {
    /// In order: it goes to the issuing authority.
    Approve,
    /// To be completed, with reasons (退回补正).
    Return,
    /// Refused, with reasons.
    Refuse,
}

/// An act on a certificate, with its ground.
#[derive(InputObject)]
pub struct CertificateActInput {
    /// Which certificate.
    id: Id<CertificateId>,
    /// The ground; it must go with the act.
    ground: Ground,
    /// More in words, at most 1,000 characters; never public.
    note: Option<String>,
}

/// A suspension.
#[derive(InputObject)]
pub struct SuspendCertificateInput {
    /// Which certificate.
    id: Id<CertificateId>,
    /// The ground of a suspension.
    ground: Ground,
    /// More in words, at most 1,000 characters; never public.
    note: Option<String>,
    /// Days it lasts; the policy's default where none. At most the policy's cap.
    days: Option<i32>,
}

/// The extension of a suspension.
#[derive(InputObject)]
pub struct ExtendSuspensionInput {
    /// Which certificate.
    id: Id<CertificateId>,
    /// Days after the planned end; in all, the suspension stays within the policy's cap.
    days: i32,
    /// Why, at most 1,000 characters; never public.
    reasons: String,
}

/// What was seen of an odd application that is approved.
#[derive(InputObject)]
pub struct AcknowledgedOddities {
    /// Which application.
    id: Id<ApplicationId>,
    /// What was seen of it.
    oddities: Vec<Oddity>,
}

/// Mutations of certification.
#[derive(Default)]
pub struct CertificationMutation;

fn typed<T: NodeId>(ids: Vec<Id<T>>) -> Vec<T> {
    ids.into_iter().map(Id::get).collect()
}

async fn act(
    ctx: &Context<'_>,
    id: CertificateId,
    act: CertificateAct,
    particulars: Particulars,
) -> Result<CertificatePayload> {
    let (platform, actor) = caller(ctx)?;
    let done = certification::act_on(platform, actor, id, act, &particulars).await;
    let (done, user_errors) = split(ctx, done)?;
    let certificate = match done {
        Some(()) => find_certificate(ctx, id).await?,
        None => None,
    };
    Ok(CertificatePayload { certificate, user_errors })
}

async fn act_with_ground(
    ctx: &Context<'_>,
    input: CertificateActInput,
    which: CertificateAct,
) -> Result<CertificatePayload> {
    let particulars = Particulars { ground: Some(input.ground), note: input.note, days: None };
    act(ctx, input.id.get(), which, particulars).await
}

#[Object]
impl CertificationMutation {
    /// Puts people forward for qualification. A result's `createdId` is the qualification.
    #[graphql(guard = "Needs(Permission::NominateCandidates)")]
    async fn nominate_candidates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom; at most 500.")] person_ids: Vec<Id<PersonId>>,
    ) -> Result<BulkPayload> {
        let (platform, actor) = caller(ctx)?;
        let outcomes = certification::nominate(platform, actor, &typed(person_ids)).await;
        bulk(ctx, outcomes, |id| Some(encode(*id).into()))
    }

    /// Decides on candidates, as their justice department.
    #[graphql(guard = "Needs(Permission::DecideQualifications)")]
    async fn decide_qualifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which; at most 500.")] ids: Vec<Id<QualificationId>>,
        #[graphql(desc = "What is decided.")] decision: QualificationDecision,
        #[graphql(desc = "Reasons of a refusal.")] reasons: Option<String>,
    ) -> Result<BulkPayload> {
        let (platform, actor) = caller(ctx)?;
        let decision = match decision {
            QualificationDecision::Qualify => Decision::Qualify,
            QualificationDecision::Refuse => Decision::Refuse(reasons.unwrap_or_default()),
        };
        let ids = typed(ids);
        let outcomes = certification::decide_qualification(platform, actor, &ids, &decision).await;
        bulk(ctx, outcomes, |()| None)
    }

    /// Confirms that people have done the off-post training they owed, as their justice
    /// department.
    #[graphql(guard = "Needs(Permission::DecideQualifications)")]
    async fn confirm_retraining(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom; at most 500.")] person_ids: Vec<Id<PersonId>>,
    ) -> Result<BulkPayload> {
        let (platform, actor) = caller(ctx)?;
        let people = typed(person_ids);
        let outcomes = certification::confirm_retraining(platform, actor, &people).await;
        bulk(ctx, outcomes, |()| None)
    }

    /// Applies for certificates. A result's `createdId` is the application.
    #[graphql(guard = "Needs(Permission::ApplyForCertificates)")]
    async fn apply_for_certificates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For whom; at most 500.")] person_ids: Vec<Id<PersonId>>,
        #[graphql(desc = "What is asked for.")] act: ApplicationAct,
    ) -> Result<BulkPayload> {
        let (platform, actor) = caller(ctx)?;
        let people = typed(person_ids);
        let outcomes = certification::apply(platform, actor, &people, act.into()).await;
        bulk(ctx, outcomes, |id| Some(encode(*id).into()))
    }

    /// Hands returned applications in again.
    #[graphql(guard = "Needs(Permission::ApplyForCertificates)")]
    async fn resubmit_applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which; at most 500.")] ids: Vec<Id<ApplicationId>>,
    ) -> Result<BulkPayload> {
        let (platform, actor) = caller(ctx)?;
        let ids = typed(ids);
        let outcomes =
            certification::move_applications(platform, actor, &ids, &Move::Resubmit).await;
        bulk(ctx, outcomes, |()| None)
    }

    /// Reviews applications, as the justice department of the agency. An odd one is approved only
    /// where what is odd of it is acknowledged beside it.
    #[graphql(guard = "Needs(Permission::ReviewApplications)")]
    async fn review_applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which; at most 500.")] ids: Vec<Id<ApplicationId>>,
        #[graphql(desc = "What is found.")] decision: ReviewDecision,
        #[graphql(desc = "Reasons of a return or refusal.")] reasons: Option<String>,
        #[graphql(desc = "What was seen of the odd ones that are approved; at most 500.")]
        acknowledged: Option<Vec<AcknowledgedOddities>>,
    ) -> Result<BulkPayload> {
        let (platform, actor) = caller(ctx)?;
        let (ids, reasons) = (typed(ids), reasons.unwrap_or_default());
        let to = match decision {
            ReviewDecision::Approve => {
                let named = acknowledged.unwrap_or_default().into_iter().take(MOST_AT_ONCE);
                let mut seen = Acknowledged::new();
                for AcknowledgedOddities { id, oddities } in named {
                    seen.entry(id.get()).or_default().extend(oddities);
                }
                let outcomes = certification::approve(platform, actor, &ids, &seen).await;
                return bulk(ctx, outcomes, |()| None);
            }
            ReviewDecision::Return => Move::Return(reasons),
            ReviewDecision::Refuse => Move::Refuse(reasons),
        };
        let outcomes = certification::move_applications(platform, actor, &ids, &to).await;
        bulk(ctx, outcomes, |()| None)
    }

    /// Returns reviewed applications with reasons, as the issuing authority.
    #[graphql(guard = "Needs(Permission::IssueCertificates)")]
    async fn send_back_applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which; at most 500.")] ids: Vec<Id<ApplicationId>>,
        #[graphql(desc = "Why.")] reasons: String,
    ) -> Result<BulkPayload> {
        let (platform, actor) = caller(ctx)?;
        let to = Move::SendBack(reasons);
        let outcomes = certification::move_applications(platform, actor, &typed(ids), &to).await;
        bulk(ctx, outcomes, |()| None)
    }

    /// Issues the certificate of a reviewed application.
    #[graphql(guard = "Needs(Permission::IssueCertificates)")]
    async fn issue_certificate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which application.")] application_id: Id<ApplicationId>,
    ) -> Result<CertificatePayload> {
        let (platform, actor) = caller(ctx)?;
        let issued = certification::issue(platform, actor, application_id.get()).await;
        let (issued, user_errors) = split(ctx, issued)?;
        let certificate = match issued {
            Some(id) => find_certificate(ctx, id).await?,
            None => None,
        };
        Ok(CertificatePayload { certificate, user_errors })
    }

    /// Issues the certificates of many reviewed applications by a job. What cannot be issued
    /// stays as it is; its checklist says why.
    #[graphql(guard = "Needs(Permission::IssueCertificates)")]
    async fn issue_certificates_in_bulk(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which applications; at most 5,000.")] application_ids: Vec<
            Id<ApplicationId>,
        >,
    ) -> Result<IssueInBulkPayload> {
        let (platform, actor) = caller(ctx)?;
        let asked = certification::issue_in_bulk(platform, actor, &typed(application_ids)).await;
        let (asked, user_errors) = split(ctx, asked)?;
        let job = match asked {
            Some(id) => find_job(ctx, id).await?,
            None => None,
        };
        Ok(IssueInBulkPayload { job, user_errors })
    }

    /// Records that certificates were handed over to their holders. What a holder had before ends
    /// with it.
    #[graphql(guard = "Needs(Permission::HandOverCertificates)")]
    async fn hand_over_certificates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which; at most 500.")] ids: Vec<Id<CertificateId>>,
    ) -> Result<BulkPayload> {
        let (platform, actor) = caller(ctx)?;
        let outcomes = certification::hand_over(platform, actor, &typed(ids)).await;
        bulk(ctx, outcomes, |()| None)
    }

    /// Suspends a certificate (暂扣) at once.
    #[graphql(guard = "Needs(Permission::SuspendCertificates)")]
    async fn suspend_certificate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which certificate, on what ground, for how long.")]
        input: SuspendCertificateInput,
    ) -> Result<CertificatePayload> {
        // No days at all, or fewer than none: refused with the cap, as too many are.
        let days = input.days.map(|days| u32::try_from(days).unwrap_or(0));
        let particulars = Particulars { ground: Some(input.ground), note: input.note, days };
        act(ctx, input.id.get(), CertificateAct::Suspend, particulars).await
    }

    /// Extends a suspension (延长暂扣): once, with reasons.
    #[graphql(guard = "Needs(Permission::LiftSuspensions)")]
    async fn extend_suspension(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which certificate, by how many days, and why.")]
        input: ExtendSuspensionInput,
    ) -> Result<CertificatePayload> {
        let days = Some(u32::try_from(input.days).unwrap_or(0));
        let particulars = Particulars { ground: None, note: Some(input.reasons), days };
        act(ctx, input.id.get(), CertificateAct::Extend, particulars).await
    }

    /// Lifts a suspension; refused while the holder owes off-post training.
    #[graphql(guard = "Needs(Permission::LiftSuspensions)")]
    async fn lift_suspension(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which certificate, and on what ground.")] input: CertificateActInput,
    ) -> Result<CertificatePayload> {
        act_with_ground(ctx, input, CertificateAct::Lift).await
    }

    /// Revokes a certificate (吊销) for good; bars its holder for the years of the policy.
    #[graphql(guard = "Needs(Permission::EndCertificates)")]
    async fn revoke_certificate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which certificate, and on what ground.")] input: CertificateActInput,
    ) -> Result<CertificatePayload> {
        act_with_ground(ctx, input, CertificateAct::Revoke).await
    }

    /// Cancels a certificate (注销) for good. Where its holder leaves, everything they hold ends, and
    /// their employment with it.
    #[graphql(guard = "Needs(Permission::EndCertificates)")]
    async fn cancel_certificate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which certificate, and on what ground.")] input: CertificateActInput,
    ) -> Result<CertificatePayload> {
        act_with_ground(ctx, input, CertificateAct::Cancel).await
    }

    /// Takes the report that a certificate was lost. Its code reads LOST from now on.
    #[graphql(guard = "Needs(Permission::HandOverCertificates)")]
    async fn report_certificate_loss(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which certificate, and on what ground.")] input: CertificateActInput,
    ) -> Result<CertificatePayload> {
        act_with_ground(ctx, input, CertificateAct::ReportLoss).await
    }
}
