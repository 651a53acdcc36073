//! How an exam stands for a person: the one rule that qualifying and registering for a sitting ask.

use entities::enums::ExamSubject;
use entities::exam_result;

use crate::policy::CertificationPolicy;

/// How an exam stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExamStanding {
    /// Passed.
    Passed,
    /// Not sat yet, or failed with a resit left.
    Open,
    /// The exam and its resits failed: off-post study, then a new cycle.
    StudyNeeded,
}

/// How an exam stands: what counts is the last cycle, with the resits the policy allows.
pub fn standing(
    results: &[exam_result::Model],
    subject: ExamSubject,
    policy: &CertificationPolicy,
) -> ExamStanding {
    let of_subject = || results.iter().filter(|e| e.subject == subject);
    let Some(cycle) = of_subject().map(|e| e.cycle).max() else { return ExamStanding::Open };
    let attempts = policy.resits.saturating_add(1);
    let counted = || of_subject().filter(|e| e.cycle == cycle && e.attempt <= attempts);
    if counted().any(|e| e.score_tenths >= policy.pass_mark_tenths) {
        ExamStanding::Passed
    } else if counted().any(|e| e.attempt == attempts) {
        ExamStanding::StudyNeeded
    } else {
        ExamStanding::Open
    }
}
