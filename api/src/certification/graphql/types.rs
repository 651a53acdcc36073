//! Types of certification: qualifications, and applications with their steps.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entities::application_step;
use entities::ids::{CertificateId, ExistingCertificateId, PersonId, PolicyId};

use super::loaders::{Checklists, Oddities, Steps};
use crate::certification::rules::checklist::Unmet;
use crate::certification::rules::oddities::Oddity;
use crate::certification::store::{ApplicationRow, QualificationRow};
use crate::graphql::enums::{
    ApplicationAct, ApplicationState, ApplicationStep, PersonKind, QualificationState,
};
use crate::graphql::ids::{Id, encode};
use crate::graphql::locale;
use crate::organisations::graphql::AgencySummary;
use crate::platform::texts::Locale;

/// A person by name.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct PersonSummary {
    /// Id, for `officer`.
    pub(super) id: Id<PersonId>,
    /// Name.
    pub(super) name: String,
}

/// Something that is asked for and not met.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct ChecklistItem {
    /// Stable word of the catalogue.
    code: String,
    /// What is missing, in the language of the request.
    message: String,
}

impl ChecklistItem {
    fn of(item: Unmet, locale: Locale) -> Self {
        Self { code: item.code().to_owned(), message: item.message(locale) }
    }
}

/// Something odd of an application.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct OddityFound {
    /// What it is.
    code: Oddity,
    /// The same in the language of the request.
    message: String,
    /// An approval must name it.
    must_be_acknowledged: bool,
}

impl OddityFound {
    fn of(oddity: Oddity, locale: Locale) -> Self {
        Self {
            code: oddity,
            message: oddity.message(locale),
            must_be_acknowledged: oddity.is_grave(),
        }
    }
}

/// A qualification (执法资格).
pub struct Qualification(pub(super) QualificationRow);

/// A qualification (执法资格): whether a person may be given a certificate.
#[Object]
impl Qualification {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.0.qualification.id).into()
    }

    /// Whose it is.
    async fn person(&self) -> PersonSummary {
        let id = self.0.qualification.person_id.into();
        PersonSummary { id, name: self.0.person_name.clone() }
    }

    /// Kind of the person.
    async fn kind(&self) -> PersonKind {
        self.0.qualification.kind.into()
    }

    /// State.
    async fn state(&self) -> QualificationState {
        self.0.qualification.state.into()
    }

    /// The agency that put the person forward.
    async fn agency(&self) -> AgencySummary {
        AgencySummary::new(self.0.qualification.agency_id, self.0.agency_name.clone())
    }

    /// When the person was put forward.
    async fn nominated_at(&self) -> DateTime<Utc> {
        self.0.qualification.nominated_at
    }

    /// When it was decided.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.qualification.decided_at
    }

    /// Reasons of a refusal.
    async fn reasons(&self) -> Option<&str> {
        self.0.qualification.reasons.as_deref()
    }

    /// The version of the policy that was applied last.
    async fn policy_id(&self) -> Option<Id<PolicyId>> {
        self.0.qualification.policy_id.map(Into::into)
    }

    /// The existing certificate on the strength of which the person is qualified, where that is so.
    async fn existing_certificate_id(&self) -> Option<Id<ExistingCertificateId>> {
        self.0.qualification.existing_id.map(Into::into)
    }

    /// What a candidate still lacks today; empty once it is decided.
    async fn checklist(&self, ctx: &Context<'_>) -> Result<Vec<ChecklistItem>> {
        let loader = ctx.data::<DataLoader<Checklists>>()?;
        let unmet = loader.load_one(self.0.qualification.id).await?.unwrap_or_default();
        Ok(unmet.into_iter().map(|item| ChecklistItem::of(item, locale(ctx))).collect())
    }
}

/// An application for a certificate.
pub struct Application(pub(super) ApplicationRow);

/// An application for a certificate, on its way from the agency to the issuing authority.
#[Object]
impl Application {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.0.application.id).into()
    }

    /// For whom.
    async fn person(&self) -> PersonSummary {
        let id = self.0.application.person_id.into();
        PersonSummary { id, name: self.0.person_name.clone() }
    }

    /// What is asked for.
    async fn act(&self) -> ApplicationAct {
        self.0.application.act.into()
    }

    /// State.
    async fn state(&self) -> ApplicationState {
        self.0.application.state.into()
    }

    /// The agency that applies.
    async fn agency(&self) -> AgencySummary {
        AgencySummary::new(self.0.application.agency_id, self.0.agency_name.clone())
    }

    /// The issuing authority that is asked.
    async fn issuing_authority(&self) -> AgencySummary {
        AgencySummary::new(self.0.application.issuing_agency_id, self.0.issuer_name.clone())
    }

    /// When it was last handed in.
    async fn submitted_at(&self) -> Option<DateTime<Utc>> {
        self.0.application.submitted_at
    }

    /// When it was last reviewed.
    async fn reviewed_at(&self) -> Option<DateTime<Utc>> {
        self.0.application.reviewed_at
    }

    /// When the issuing authority decided.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.application.decided_at
    }

    /// Why it was returned or refused.
    async fn reasons(&self) -> Option<&str> {
        self.0.application.reasons.as_deref()
    }

    /// The version of the policy that was applied last.
    async fn policy_id(&self) -> Option<Id<PolicyId>> {
        self.0.application.policy_id.map(Into::into)
    }

    /// The certificate to be renewed or replaced.
    async fn replaces_id(&self) -> Option<Id<CertificateId>> {
        self.0.application.replaces_id.map(Into::into)
    }

    /// The certificate that came of it.
    async fn certificate_id(&self) -> Option<Id<CertificateId>> {
        self.0.application.certificate_id.map(Into::into)
    }

    /// Every step that was taken, oldest first: who proposed, reviewed and decided, and why it was
    /// returned.
    #[graphql(complexity = "5 * child_complexity")]
    async fn steps(&self, ctx: &Context<'_>) -> Result<Vec<ApplicationStepTaken>> {
        let loader = ctx.data::<DataLoader<Steps>>()?;
        let steps = loader.load_one(self.0.application.id).await?.unwrap_or_default();
        Ok(steps.into_iter().map(Into::into).collect())
    }

    /// What is odd of it today, the gravest first; empty once it is decided.
    #[graphql(complexity = "5 * child_complexity")]
    async fn oddities(&self, ctx: &Context<'_>) -> Result<Vec<OddityFound>> {
        let loader = ctx.data::<DataLoader<Oddities>>()?;
        let odd = loader.load_one(self.0.application.id).await?.unwrap_or_default();
        Ok(odd.into_iter().map(|oddity| OddityFound::of(oddity, locale(ctx))).collect())
    }

    /// What the application lacks today; empty once it is decided.
    async fn checklist(&self, ctx: &Context<'_>) -> Result<Vec<ChecklistItem>> {
        let loader = ctx.data::<DataLoader<Checklists>>()?;
        let unmet = loader.load_one(self.0.application.id).await?.unwrap_or_default();
        Ok(unmet.into_iter().map(|item| ChecklistItem::of(item, locale(ctx))).collect())
    }
}

/// A step of an application that was taken.
#[derive(Clone, Debug, SimpleObject)]
pub struct ApplicationStepTaken {
    /// 1, 2, 3 …
    seq: i32,
    /// What was done.
    step: ApplicationStep,
    /// When.
    at: DateTime<Utc>,
    /// Who did it.
    by_person_id: Id<PersonId>,
    /// Reasons of a return or refusal.
    reasons: Option<String>,
    /// The version of the policy on reviews that was applied.
    policy_id: Option<Id<PolicyId>>,
}

impl From<application_step::Model> for ApplicationStepTaken {
    fn from(row: application_step::Model) -> Self {
        Self {
            seq: row.seq,
            step: row.step.into(),
            at: row.at,
            by_person_id: row.by_person.into(),
            reasons: row.reasons,
            policy_id: row.policy_id.map(Into::into),
        }
    }
}
