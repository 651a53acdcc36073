//! The look-up of a hotline's operator over GraphQL.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};

use super::for_callers::{Answer, Found, look_up};
use super::page::{advice, heading};
use super::scan::field_names;
use super::shown_verdict::ShownVerdict;
use crate::access::Permission;
use crate::credentials::Succession;
use crate::graphql::enums::{AgencyChangeKind, PersonKind};
use crate::graphql::{Needs, RequestError, caller};
use crate::organisations::graphql::AgencySummary;
use crate::platform::failure::Fault;
use crate::platform::texts::Locale;

/// What is said in public of a certificate that was looked up by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum LookUpVerdict {
    /// In force today.
    Valid,
    /// Past its validity.
    Expired,
    /// Not in force yet, or not yet handed to its holder.
    NotYetValid,
    /// Suspended or revoked; which, is not public.
    NotAuthorised,
    /// Cancelled.
    Cancelled,
    /// Reported lost.
    Lost,
    /// Anything else: not to be taken for valid.
    StatusUnknown,
}

impl From<ShownVerdict> for LookUpVerdict {
    fn from(verdict: ShownVerdict) -> Self {
        match verdict {
            ShownVerdict::Valid => Self::Valid,
            ShownVerdict::Expired { .. } => Self::Expired,
            ShownVerdict::NotYetValid { .. } => Self::NotYetValid,
            ShownVerdict::NotAuthorised => Self::NotAuthorised,
            ShownVerdict::Cancelled => Self::Cancelled,
            ShownVerdict::Lost => Self::Lost,
            _ => Self::StatusUnknown,
        }
    }
}

/// What became of a certificate's unit.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct UnitSuccession {
    /// Since which day.
    on: NaiveDate,
    /// By what kind of reform.
    kind: AgencyChangeKind,
    /// The agency that stands for it since, under its name of that day; none where it was
    /// abolished without a successor.
    agency: Option<AgencySummary>,
}

impl From<Succession> for UnitSuccession {
    fn from(succession: Succession) -> Self {
        let named = succession.agency.zip(succession.name);
        Self {
            on: succession.on,
            kind: succession.kind.into(),
            agency: named.map(|(id, name)| AgencySummary::new(id, name)),
        }
    }
}

/// A certificate as anyone may see it, for an operator who reads it to a caller. No photo: the
/// caller compares the one on the certificate.
#[derive(SimpleObject)]
pub struct LookedUpCertificate {
    /// What is said of it.
    verdict: LookUpVerdict,
    /// The same in Chinese words.
    heading_zh: String,
    /// The same in English words.
    heading_en: String,
    /// What the caller should do, in Chinese.
    advice_zh: String,
    /// What the caller should do, in English.
    advice_en: String,
    /// Whether the name that was given is the holder's; none where no name was given.
    name_matches: Option<bool>,
    /// The holder's name, to be compared with what the caller says.
    name: String,
    /// The unit it was issued to, under its name of then.
    unit: String,
    /// What became of the unit since, oldest first.
    successions: Vec<UnitSuccession>,
    /// Its number.
    number: String,
    /// The kind of its holder.
    kind: PersonKind,
    /// Fields of enforcement, in Chinese.
    fields_zh: Vec<String>,
    /// Fields of enforcement, in English.
    fields_en: Vec<String>,
    /// Area.
    area: String,
    /// First day of validity.
    valid_from: NaiveDate,
    /// Last day of validity.
    valid_until: NaiveDate,
    /// Issuing authority.
    issuing_authority: String,
    /// Complaint phone of the unit, where it has one.
    complaint_phone: Option<String>,
    /// The time of the answer.
    checked_at: DateTime<Utc>,
}

impl TryFrom<Found> for LookedUpCertificate {
    type Error = Fault;

    fn try_from(
        Found { card, verdict, name_matches, checked_at }: Found,
    ) -> std::result::Result<Self, Fault> {
        let successions = Succession::read(&card.successions)?;
        Ok(Self {
            verdict: verdict.into(),
            heading_zh: heading(Locale::ZhCn, verdict).into_owned(),
            heading_en: heading(Locale::En, verdict).into_owned(),
            advice_zh: advice(Locale::ZhCn, verdict).into_owned(),
            advice_en: advice(Locale::En, verdict).into_owned(),
            name_matches,
            fields_zh: field_names(&card, Locale::ZhCn),
            fields_en: field_names(&card, Locale::En),
            name: card.name,
            unit: card.agency_name,
            successions: successions.into_iter().map(Into::into).collect(),
            number: card.number,
            kind: card.kind.into(),
            area: card.area_name,
            valid_from: card.valid_from,
            valid_until: card.valid_until,
            issuing_authority: card.issuing_authority,
            complaint_phone: card.complaint_phone,
            checked_at,
        })
    }
}

/// Queries of verification.
#[derive(Default)]
pub struct VerificationQuery;

#[Object]
impl VerificationQuery {
    /// A certificate by its whole number, for a caller of the hotline; none where there is none of
    /// that number within the scope. Each look-up is in the audit log; after sixty within ten
    /// minutes `TOO_MANY_LOOK_UPS`.
    #[graphql(guard = "Needs(Permission::LookUpCertificates)", complexity = "100")]
    async fn look_up_certificate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whole certificate number; widths and spaces are mended.")] number: String,
        #[graphql(desc = "The holder's name as the caller gives it.")] name: Option<String>,
    ) -> Result<Option<LookedUpCertificate>> {
        let (platform, actor) = caller(ctx)?;
        match look_up(platform, actor, &number, name.as_deref()).await? {
            Answer::Found(found) => Ok(Some((*found).try_into()?)),
            Answer::NoMatch => Ok(None),
            Answer::TooMany => Err(RequestError::TooManyLookUps.error()),
        }
    }
}
