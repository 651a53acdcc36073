//! Certification: who qualifies, applications, certificates and what is done with them.
//!
//! Three life cycles stay apart: qualification, certificate and employment. Whoever proposes does
//! not review, whoever reviews does not decide, and nobody acts on their own record; a table for
//! each life cycle is in [`rules`].

mod acts;
mod apply;
mod background;
mod bulk;
mod error;
mod existing;
mod faces;
pub mod graphql;
mod history;
mod issue;
mod qualify;
pub mod receipts;
mod record;
pub mod reform;
mod reissue;
pub mod rules;
mod steps;
mod store;
mod succession;

use std::sync::LazyLock;

pub use acts::{Particulars, act_on, act_on_many, expire_due, hand_over};
pub use apply::{Acknowledged, Move, apply, approve, checklists_of, move_applications};
pub use background::oddities_of;
pub use bulk::{MOST_AT_ONCE, MOST_TEXT, Outcome};
pub use error::CertificationRefusal;
pub use existing::{
    CONFIRM_JOB, confirm_existing, confirm_import, refuse_existing, work_confirm_job,
};
pub use history::{Life, Standing, Unit, certificate_at, lives_of, person_at};
pub use issue::{ISSUE_JOB, MOST_IN_JOB, issue, issue_in_bulk, work_issue_job};
pub use qualify::{Decision, confirm_retraining, decide_qualification, nominate};
pub use record::{Record, record_of};
use rules::grounds::Ground;
pub use store::{
    ApplicationFilter, ApplicationRow, CertificateFilter, CertificateRow, QualificationFilter,
    QualificationRow, application_page, certificate_page, is_seen_by, qualification_page,
};

use crate::platform::texts::{Catalogue, Locale};

/// The texts of this capability.
pub static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("certification.zh-CN.ftl"), include_str!("certification.en.ftl"))
});

impl Ground {
    /// The ground in words.
    pub fn label(self, locale: Locale) -> String {
        TEXTS.text(locale, &format!("ground-{}", self.code()), &[])
    }
}
