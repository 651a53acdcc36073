//! The kinds of work, whose each is, and since when an item of it waits.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};

use super::After;
use super::sql::Sql;
use crate::access::Permission;
use crate::platform::clock::{local_date, start_of_day};

/// Days before the end of a certificate from which its agency is reminded (domain §2).
pub(super) const REMINDERS: [i64; 3] = [90, 30, 7];
/// How long before the end of a key that no newer one follows it is work: renewing by itself has
/// failed by then.
pub(super) const KEY_ENDS: Duration = Duration::days(2);
/// How long before its end an invitation that nobody took up is work.
pub(super) const INVITATION_ENDS: Duration = Duration::hours(24);
/// How long a failed job or reform is shown.
pub(super) const FAILURE_SHOWN: Duration = Duration::days(30);

/// A kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, async_graphql::Enum)]
pub enum WorkKind {
    /// 退回补正: an application was returned; hand it in again.
    ApplicationReturned,
    /// 待发放: a certificate was issued, or given a code; hand it over to its holder.
    CertificateToHandOver,
    /// 即将到期: a certificate ends within 90 days and nobody has applied for another.
    CertificateExpiring,
    /// 待导入: a roster of one's own was checked; apply it.
    ImportToApply,
    /// 待挂接照片: photos of one's own were looked at; apply them.
    PhotosToApply,
    /// 待应用培训考试表格: a workbook of attendance, candidates or results of one's own was checked;
    /// apply it.
    TrainingToApply,
    /// 待认定资格: decide on a candidate.
    CandidateToDecide,
    /// 待确认原证件: decide on a certificate that a roster claims.
    ExistingToConfirm,
    /// 待确认成绩: every outcome of a sitting was entered by others; confirm it.
    SittingToConfirm,
    /// 待审核: review an application.
    ApplicationToReview,
    /// 待发证: issue the certificate of a reviewed application.
    ApplicationToIssue,
    /// 暂扣期满: a suspension has reached its planned end; lift it, extend it or end the certificate.
    SuspensionOver,
    /// 报失待注销: a certificate was reported lost; verify and cancel it.
    LossReported,
    /// 待决定机构变更: a reform of agencies was proposed, by another administrator unless the policy
    /// lets one decide alone; decide on it.
    ReformToDecide,
    /// 机构变更未能生效: a reform could not take effect on its day; mend what kept it and propose it
    /// anew; for 30 days.
    ReformFailed,
    /// 邀请即将失效: an invitation ends within a day and was not taken up.
    InvitationEnding,
    /// 后台任务失败: a job was given up: one's own, or of the accounts one keeps; for 30 days.
    JobFailed,
    /// 密钥即将到期: a signing key ends within two days and no newer one follows it.
    KeyEnding,
    /// 待决定是否受理投诉: a complaint came; take it up or not.
    ComplaintToAccept,
    /// 待办理投诉: a complaint was taken up; look into it and propose the outcome.
    ComplaintToHandle,
    /// 待决定投诉: another person proposed the outcome of a complaint; decide.
    ComplaintToDecide,
    /// 待答复询问: one's agency is asked about a complaint; answer.
    ComplaintQuestionToAnswer,
    /// 待决定联合执法授权: another person proposed a joint authorisation; decide on it.
    JointAuthorisationToDecide,
}

impl WorkKind {
    /// Every kind.
    pub const ALL: [Self; 23] = [
        Self::ApplicationReturned,
        Self::CertificateToHandOver,
        Self::CertificateExpiring,
        Self::ImportToApply,
        Self::PhotosToApply,
        Self::TrainingToApply,
        Self::CandidateToDecide,
        Self::ExistingToConfirm,
        Self::SittingToConfirm,
        Self::ApplicationToReview,
        Self::ApplicationToIssue,
        Self::SuspensionOver,
        Self::LossReported,
        Self::ReformToDecide,
        Self::ReformFailed,
        Self::InvitationEnding,
        Self::JobFailed,
        Self::KeyEnding,
        Self::ComplaintToAccept,
        Self::ComplaintToHandle,
        Self::ComplaintToDecide,
        Self::ComplaintQuestionToAnswer,
        Self::JointAuthorisationToDecide,
    ];

    /// The permission whoever does it needs.
    pub const fn permission(self) -> Permission {
        match self {
            Self::ApplicationReturned | Self::CertificateExpiring => {
                Permission::ApplyForCertificates
            }
            Self::CertificateToHandOver => Permission::HandOverCertificates,
            Self::ImportToApply => Permission::ImportRoster,
            Self::PhotosToApply => Permission::UploadPhotos,
            Self::TrainingToApply => Permission::RecordTraining,
            Self::CandidateToDecide => Permission::DecideQualifications,
            Self::ExistingToConfirm => Permission::ConfirmExistingCertificates,
            Self::SittingToConfirm => Permission::RecordExams,
            Self::ApplicationToReview => Permission::ReviewApplications,
            Self::ApplicationToIssue => Permission::IssueCertificates,
            Self::SuspensionOver => Permission::LiftSuspensions,
            Self::LossReported => Permission::EndCertificates,
            Self::ReformToDecide | Self::ReformFailed => Permission::ManageOrganisations,
            Self::InvitationEnding | Self::JobFailed => Permission::ManageAccounts,
            Self::KeyEnding => Permission::ManageKeys,
            Self::ComplaintToAccept | Self::ComplaintToHandle | Self::ComplaintToDecide => {
                Permission::HandleComplaints
            }
            Self::ComplaintQuestionToAnswer => Permission::AnswerComplaintQuestions,
            Self::JointAuthorisationToDecide => Permission::DecideJointAuthorisations,
        }
    }

    /// How the time since when an item waits is told from its row.
    pub(super) const fn since(self) -> Since {
        match self {
            Self::CertificateExpiring => Since::Day { before: 90 },
            // Of a complaint the day is known on which it came.
            Self::SuspensionOver | Self::ComplaintToAccept => Since::Day { before: 0 },
            Self::KeyEnding => Since::Moment { before: KEY_ENDS },
            _ => Since::Moment { before: Duration::zero() },
        }
    }
}

/// The time since when an item waits: that of its row or so much before, so that a page is read by
/// the row's own column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// By `since_at`.
    Moment {
        /// How much before.
        before: Duration,
    },
    /// By the first moment of `since_on`.
    Day {
        /// How many days before.
        before: u64,
    },
}

impl Since {
    /// The time of a row.
    pub fn moment(self, at: Option<DateTime<Utc>>, on: Option<NaiveDate>) -> Option<DateTime<Utc>> {
        match self {
            Self::Moment { before } => at.map(|at| at - before),
            Self::Day { before } => on?.checked_sub_days(Days::new(before)).map(start_of_day),
        }
    }

    /// The column a page is sorted by, and the condition that a row `x` comes after an item.
    pub fn after(self, after: Option<After>, sql: &mut Sql) -> (&'static str, String) {
        let beyond = |sql: &mut Sql, column: &str, value: sea_orm::Value, id: uuid::Uuid| {
            let (value, id) = (sql.bind(value), sql.bind(id));
            format!("(x.{column} > {value} OR (x.{column} = {value} AND x.id > {id}))")
        };
        match (self, after) {
            (Self::Moment { .. }, None) => ("since_at", "1 = 1".to_owned()),
            (Self::Day { .. }, None) => ("since_on", "1 = 1".to_owned()),
            (Self::Moment { before }, Some((at, id))) => {
                ("since_at", beyond(sql, "since_at", (at + before).into(), id))
            }
            (Self::Day { before }, Some((at, id))) => {
                let day = local_date(at);
                let on = day.checked_add_days(Days::new(before)).unwrap_or(NaiveDate::MAX);
                // Every item of a day waits since its first moment.
                let id = if start_of_day(day) == at { id } else { uuid::Uuid::max() };
                ("since_on", beyond(sql, "since_on", on.into(), id))
            }
        }
    }
}

/// The last reminder that was due before the end of a certificate, in days before it.
pub(super) fn reminder(valid_until: NaiveDate, today: NaiveDate) -> Option<i64> {
    let left = (valid_until - today).num_days();
    REMINDERS.into_iter().filter(|days| left <= *days).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::resolver_utils::EnumType;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn reminders_come_ninety_thirty_and_seven_days_before() {
        let end = day("2026-12-31");
        for (today, expected) in [
            ("2026-10-01", None),
            ("2026-10-02", Some(90)),
            ("2026-11-30", Some(90)),
            ("2026-12-01", Some(30)),
            ("2026-12-23", Some(30)),
            ("2026-12-24", Some(7)),
            ("2026-12-31", Some(7)),
        ] {
            assert_eq!(reminder(end, day(today)), expected, "{today}");
        }
    }

    #[test]
    fn every_kind_is_listed_once() {
        for (n, kind) in WorkKind::ALL.iter().enumerate() {
            assert_eq!(WorkKind::ALL.iter().position(|other| other == kind), Some(n));
        }
        assert_eq!(WorkKind::ALL.len(), WorkKind::items().len());
    }

    #[test]
    fn an_item_waits_since_the_first_moment_of_its_day() {
        let since = WorkKind::CertificateExpiring.since();
        let at = since.moment(None, Some(day("2026-12-31"))).unwrap();
        assert_eq!(at.to_rfc3339(), "2026-10-01T16:00:00+00:00");
        assert_eq!(since.moment(Some(at), None), None);
    }
}
