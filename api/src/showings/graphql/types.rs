//! A showing as each side sees it.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entities::enums::SecondAnswer as Answer;

use crate::credentials::showings::{alone_reason, findings};
use crate::graphql::enums::{SecondAnswer, ShowingFinding, ShowingKind, ShowingSubject};
use crate::graphql::ids::encode;
use crate::graphql::locale;
use crate::organisations::codes;
use crate::platform::Platform;
use crate::showings::{ShowingRow, Whose};

/// Something that is found of a showing; nothing follows from it by itself.
#[derive(SimpleObject)]
pub struct ShowingCheck {
    /// Of what.
    subject: ShowingSubject,
    /// What.
    finding: ShowingFinding,
    /// The same in the words that the party reads.
    message: String,
}

/// The second officer of a showing.
#[derive(SimpleObject)]
pub struct SecondOfficer {
    /// Number of the certificate, as it was given.
    certificate_no: String,
    /// Name. To the officer who started the showing it is told once the second officer has confirmed.
    name: Option<String>,
    /// Unit, likewise.
    agency_name: Option<String>,
    /// What the second officer said last.
    answer: Option<SecondAnswer>,
    /// When.
    answered_at: Option<DateTime<Utc>>,
}

/// Why an officer is alone.
#[derive(SimpleObject)]
pub struct AloneReason {
    /// Code of the policy on showings.
    code: String,
    /// In words.
    text: String,
}

/// A certificate that is shown to a party (亮证).
pub struct Showing {
    pub(super) row: ShowingRow,
    /// Who reads it decides what is told of a second officer who has not confirmed.
    pub(super) whose: Whose,
}

impl Showing {
    fn open_now(&self, ctx: &Context<'_>) -> Result<bool> {
        let now = ctx.data::<Platform>()?.now();
        Ok(self.row.showing.ended_at.is_none() && now < self.row.showing.ends_at)
    }
}

/// A certificate that is shown to a party (亮证).
#[Object]
impl Showing {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.row.showing.id).into()
    }

    /// The officer who shows.
    async fn officer_id(&self) -> ID {
        encode(self.row.showing.person_id).into()
    }

    /// The officer's name.
    async fn officer_name(&self) -> &str {
        &self.row.name
    }

    /// The certificate.
    async fn certificate_id(&self) -> ID {
        encode(self.row.showing.certificate_id).into()
    }

    /// Its number.
    async fn certificate_no(&self) -> &str {
        &self.row.number
    }

    /// The agency that keeps the certificate.
    async fn agency_id(&self) -> ID {
        encode(self.row.agency_id).into()
    }

    /// The unit as on the card.
    async fn agency_name(&self) -> &str {
        &self.row.agency_name
    }

    /// For what.
    async fn kind(&self) -> ShowingKind {
        self.row.showing.kind.into()
    }

    /// Number of the notice (检查通知书), where one was given.
    async fn notice_number(&self) -> Option<&str> {
        self.row.showing.notice_number.as_deref()
    }

    /// For what, in words.
    async fn task(&self) -> &str {
        &self.row.showing.task
    }

    /// Codes of the fields of the act.
    async fn field_codes(&self) -> Vec<String> {
        codes(&self.row.showing.field_codes)
    }

    /// Where, as a division at the finest; none where it was not said.
    async fn division_code(&self) -> Option<&str> {
        self.row.showing.division_code.as_deref()
    }

    /// Name of the place.
    async fn division_name(&self) -> Option<&str> {
        self.row.division_name.as_deref()
    }

    /// The second officer, where one was named.
    async fn second_officer(&self) -> Option<SecondOfficer> {
        let row = &self.row.showing;
        row.second_person_id?;
        let told =
            !matches!(self.whose, Whose::Own(_)) || row.second_answer == Some(Answer::Confirmed);
        Some(SecondOfficer {
            certificate_no: self.row.second_number.clone().unwrap_or_default(),
            name: self.row.second_name.clone().filter(|_| told),
            agency_name: self.row.second_agency_name.clone().filter(|_| told),
            answer: row.second_answer.map(Into::into),
            answered_at: row.second_answered_at,
        })
    }

    /// Why the officer is alone, where a reason was given.
    async fn alone_reason(&self, ctx: &Context<'_>) -> Option<AloneReason> {
        let row = &self.row.showing;
        let code = row.alone_reason.as_ref()?.get("code")?.as_str()?.to_owned();
        Some(AloneReason { code, text: alone_reason(row, locale(ctx))? })
    }

    /// What is found of it: as of its beginning, but for the second officer, who may answer while it
    /// is open.
    async fn checks(&self, ctx: &Context<'_>) -> Vec<ShowingCheck> {
        let locale = locale(ctx);
        let check = |found: crate::credentials::showings::Finding| ShowingCheck {
            subject: found.subject.into(),
            finding: found.finding.into(),
            message: found.text(locale),
        };
        findings(&self.row.showing).into_iter().map(check).collect()
    }

    /// The joint authorisation that covers what is outside.
    async fn joint_authorisation_id(&self) -> Option<ID> {
        self.row.showing.authorisation_id.map(|id| encode(id).into())
    }

    /// When it began.
    async fn started_at(&self) -> DateTime<Utc> {
        self.row.showing.started_at
    }

    /// Until when it is or was open: its end, or earlier where it was ended.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.row.showing.ended_at.unwrap_or(self.row.showing.ends_at)
    }

    /// Whether it is open now: a scan tells the party of it.
    async fn is_open(&self, ctx: &Context<'_>) -> Result<bool> {
        self.open_now(ctx)
    }

    /// Whether somebody scanned while it was open; null until it is over. When, by whom and how often
    /// is nowhere.
    async fn scanned(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        // Told earlier, it would tell who watches the list when the party scanned.
        Ok((!self.open_now(ctx)?).then_some(self.row.showing.scanned))
    }
}
