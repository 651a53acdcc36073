//! A certificate, its life and its printed codes.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entities::ids::{CertificateId, PersonId, PolicyId};
use entities::{certificate_event, printed_code};

use super::loaders::{Codes, Events};
use super::types::PersonSummary;
use crate::access::{Permission, Scope};
use crate::certification::history::Standing;
use crate::certification::rules::grounds::Ground;
use crate::certification::store::CertificateRow;
use crate::graphql::enums::{CertificateAct, CertificateOrigin, CertificateState, PersonKind};
use crate::graphql::ids::{Id, encode};
use crate::graphql::{caller, locale};
use crate::organisations::graphql::AgencySummary;
use crate::platform::texts::Locale;
use crate::verification::graphql::UnitSuccession;

/// What stands before the digits of a printed code, `https://HOST/v/`; given to the schema as
/// data.
#[derive(Clone, Debug)]
pub struct CodePrefix(pub String);

/// A ground, with its text.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct GroundText {
    /// The ground.
    code: Ground,
    /// In words, in the language of the request.
    label: String,
}

impl GroundText {
    pub(super) fn of(code: Option<&str>, locale: Locale) -> Option<Self> {
        let ground = Ground::from_code(code?)?;
        Some(Self { code: ground, label: ground.label(locale) })
    }
}

/// A certificate (行政执法证 or 行政执法监督证).
pub struct Certificate {
    pub(super) row: CertificateRow,
    /// The day on which its state is told.
    pub(super) today: NaiveDate,
}

/// A certificate (行政执法证 or 行政执法监督证).
#[Object]
impl Certificate {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.row.certificate.id).into()
    }

    /// Certificate number (证件编号): opaque.
    async fn number(&self) -> &str {
        &self.row.certificate.number
    }

    /// Kind of the holder, which decides which of the two certificates this is.
    async fn kind(&self) -> PersonKind {
        self.row.certificate.kind.into()
    }

    /// State today: what is past its last day reads EXPIRED.
    async fn state(&self) -> CertificateState {
        self.row.state_on(self.today).into()
    }

    /// The holder.
    async fn holder(&self) -> PersonSummary {
        let id = self.row.certificate.person_id.into();
        PersonSummary { id, name: self.row.holder_name.clone() }
    }

    /// The holder's unit when it was issued, under the name of that day, as it is printed.
    async fn agency(&self) -> AgencySummary {
        AgencySummary::new(self.row.unit.unit_id, self.row.unit.unit_name.clone())
    }

    /// The agency that keeps it, under its name of today: the unit, or who took its place by a
    /// reform.
    async fn present_agency(&self) -> AgencySummary {
        AgencySummary::new(self.row.certificate.agency_id, self.row.agency_name.clone())
    }

    /// What became of the unit since, oldest first.
    async fn successions(&self) -> Result<Vec<UnitSuccession>> {
        Ok(self.row.unit.successions()?.into_iter().map(Into::into).collect())
    }

    /// Day by which it is to be exchanged, as a reform changed its unit's name; it stays in force.
    async fn exchange_due_on(&self) -> Option<NaiveDate> {
        self.row.exchange_due(self.today)
    }

    /// Issuing authority (发证机关).
    async fn issuing_authority(&self) -> AgencySummary {
        AgencySummary::new(self.row.certificate.issuing_agency_id, self.row.issuer_name.clone())
    }

    /// Day of issue.
    async fn issued_on(&self) -> NaiveDate {
        self.row.certificate.issued_on
    }

    /// First valid day.
    async fn valid_from(&self) -> NaiveDate {
        self.row.certificate.valid_from
    }

    /// Last valid day, inclusive.
    async fn valid_until(&self) -> NaiveDate {
        self.row.certificate.valid_until
    }

    /// Day of the handover to the holder.
    async fn handed_over_on(&self) -> Option<NaiveDate> {
        self.row.certificate.handed_over_on
    }

    /// Planned end of the suspension. Reaching it lifts nothing by itself.
    async fn suspended_until(&self) -> Option<NaiveDate> {
        self.row.certificate.suspended_until
    }

    /// The ground of the present state; never public.
    async fn ground(&self, ctx: &Context<'_>) -> Option<GroundText> {
        GroundText::of(self.row.certificate.ground.as_deref(), locale(ctx))
    }

    /// When it ended for good.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.row.certificate.ended_at
    }

    /// Issued here, or confirmed as one from before.
    async fn origin(&self) -> CertificateOrigin {
        self.row.certificate.origin.into()
    }

    /// The version of the policy that was applied at the issue.
    async fn policy_id(&self) -> Id<PolicyId> {
        self.row.certificate.policy_id.into()
    }

    /// Every step of its life, oldest first.
    #[graphql(complexity = "5 * child_complexity")]
    async fn events(&self, ctx: &Context<'_>) -> Result<Vec<CertificateEvent>> {
        let loader = ctx.data::<DataLoader<Events>>()?;
        let events = loader.load_one(self.row.certificate.id).await?.unwrap_or_default();
        Ok(events.into_iter().map(|row| CertificateEvent::of(row, locale(ctx))).collect())
    }

    /// How it stood at a moment; nothing where it was not issued yet.
    #[graphql(complexity = "5 * child_complexity")]
    async fn state_at(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which moment.")] moment: DateTime<Utc>,
    ) -> Result<Option<StateAtMoment>> {
        let (platform, actor) = caller(ctx)?;
        let scope = Scope::of(actor, Permission::ReadOfficers);
        let id = self.row.certificate.id;
        let found =
            crate::certification::certificate_at(platform.db.read(), &scope, id, moment).await?;
        Ok(found.map(Into::into))
    }

    /// The code to be printed; only for those who issue certificates or hand them over. Whoever
    /// has it can print a card.
    async fn printed_code(&self, ctx: &Context<'_>) -> Result<Option<PrintedCode>> {
        let (platform, actor) = caller(ctx)?;
        let scope = Scope::of(actor, Permission::PrintCodes);
        if !scope.contains(platform.db.read(), self.row.certificate.agency_id).await? {
            return Ok(None);
        }
        let loader = ctx.data::<DataLoader<Codes>>()?;
        let code = loader.load_one(self.row.certificate.id).await?;
        let prefix = ctx.data::<CodePrefix>()?;
        Ok(code.map(|row| PrintedCode::of(row, prefix)))
    }
}

/// A step in the life of a certificate.
#[derive(Clone, Debug, SimpleObject)]
pub struct CertificateEvent {
    /// 1, 2, 3 …
    seq: i32,
    /// What was done.
    act: CertificateAct,
    /// State before.
    from_state: Option<CertificateState>,
    /// State after.
    to_state: CertificateState,
    /// When it took effect.
    at: DateTime<Utc>,
    /// The ground.
    ground: Option<GroundText>,
    /// More in words.
    note: Option<String>,
    /// Who did it; nobody where it was the clock.
    by_person_id: Option<Id<PersonId>>,
    /// The version of the policy that was applied.
    policy_id: Option<Id<PolicyId>>,
}

impl CertificateEvent {
    pub(super) fn of(row: certificate_event::Model, locale: Locale) -> Self {
        Self {
            seq: row.seq,
            act: row.act.into(),
            from_state: row.from_state.map(Into::into),
            to_state: row.to_state.into(),
            at: row.at,
            ground: GroundText::of(row.ground.as_deref(), locale),
            note: row.note,
            by_person_id: row.by_person.map(Into::into),
            policy_id: row.policy_id.map(Into::into),
        }
    }
}

/// How a certificate stood at a moment.
#[derive(Clone, Debug, SimpleObject)]
pub struct StateAtMoment {
    /// Which certificate.
    certificate_id: Id<CertificateId>,
    /// The unit it was held in then, under the name of that day.
    agency: AgencySummary,
    /// Its state then.
    state: CertificateState,
    /// Whether its holder was authorised by it then.
    authorised: bool,
}

impl From<Standing> for StateAtMoment {
    fn from(standing: Standing) -> Self {
        Self {
            certificate_id: standing.certificate.into(),
            agency: AgencySummary::new(standing.unit.id, standing.unit.name),
            state: standing.state.into(),
            authorised: standing.authorised,
        }
    }
}

/// A printed code.
#[derive(Clone, Debug, SimpleObject)]
pub struct PrintedCode {
    /// What the QR code says: the address that any camera opens.
    url: String,
    /// Its digits.
    digits: String,
    /// From when on it is no longer valid.
    expires_at: DateTime<Utc>,
}

impl PrintedCode {
    fn of(row: printed_code::Model, prefix: &CodePrefix) -> Self {
        Self {
            url: format!("{}{}", prefix.0, row.digits),
            digits: row.digits,
            expires_at: row.expires_at,
        }
    }
}
