//! Existing certificates in GraphQL: what rosters claim, the exceptions first.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entities::ids::{
    AgencyId, CertificateId, ExistingCertificateId, ImportBatchId, PersonId, PolicyId,
};

use crate::access::{Permission, Scope};
use crate::graphql::enums::{CertificateState, ExistingKind, ExistingState};
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, caller, locale};
use crate::officers::existing::{self, Exception, ExistingFilter, ExistingRow};
use crate::organisations::graphql::AgencySummary;

/// Something odd about a claim.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct ExistingException {
    /// Stable word of the catalogue.
    code: String,
    /// What it is, in the language of the request.
    message: String,
    /// Whether it is never confirmed; the others are for a person to weigh.
    forbids: bool,
}

/// A certificate that somebody holds from before this system, as a roster claims it, or one of a
/// ministry.
pub struct ExistingCertificate(pub(super) ExistingRow);

/// A certificate that somebody holds from before this system, as a roster claims it, or one of a
/// ministry, which is filed. Nobody is authorised by it before it is confirmed.
#[Object]
impl ExistingCertificate {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.0.existing.id).into()
    }

    /// Who holds it.
    async fn holder_id(&self) -> Id<PersonId> {
        self.0.existing.person_id.into()
    }

    /// The holder's name.
    async fn holder_name(&self) -> &str {
        &self.0.person_name
    }

    /// The holder's unit now.
    async fn agency(&self) -> AgencySummary {
        AgencySummary::new(self.0.unit_id, self.0.unit_name.clone())
    }

    /// What it is.
    async fn kind(&self) -> ExistingKind {
        self.0.existing.kind.into()
    }

    /// A ministry's kind of certificate, as written.
    async fn ministry_kind(&self) -> Option<&str> {
        self.0.existing.ministry_kind.as_deref()
    }

    /// Its number: opaque. A ministry's may be without one.
    async fn number(&self) -> Option<&str> {
        self.0.existing.number.as_deref()
    }

    /// The issuer, as written.
    async fn issuer(&self) -> Option<&str> {
        self.0.existing.issuer.as_deref()
    }

    /// The issuer in the register; none where it is not there.
    async fn issuing_agency_id(&self) -> Option<Id<AgencyId>> {
        self.0.existing.issuing_agency_id.map(Into::into)
    }

    /// Day of issue.
    async fn issued_on(&self) -> Option<NaiveDate> {
        self.0.existing.issued_on
    }

    /// Last valid day; none for 长期.
    async fn valid_until(&self) -> Option<NaiveDate> {
        self.0.existing.valid_until
    }

    /// Its state, as the roster claims it.
    async fn claimed_state(&self) -> Option<CertificateState> {
        self.0.existing.claimed_state.map(Into::into)
    }

    /// What became of the claim.
    async fn state(&self) -> ExistingState {
        self.0.existing.state.into()
    }

    /// What is odd about it, by its weight: as it was found last, at the latest a day ago while the
    /// claim waits. It is looked at anew with the decision.
    async fn exceptions(&self, ctx: &Context<'_>) -> Vec<ExistingException> {
        let locale = locale(ctx);
        let codes = self.0.existing.exceptions.as_array().into_iter().flatten();
        codes
            .filter_map(|code| Exception::from_code(code.as_str()?))
            .map(|exception| ExistingException {
                code: exception.code().to_owned(),
                message: exception.message(locale),
                forbids: exception.forbids(),
            })
            .collect()
    }

    /// The import it came by.
    async fn import_id(&self) -> Id<ImportBatchId> {
        self.0.existing.batch_id.into()
    }

    /// The person of the file, counted from 1.
    async fn row(&self) -> i32 {
        self.0.existing.row_no
    }

    /// Who imported it, and so does not decide on it; none for the command line.
    async fn imported_by(&self) -> Option<Id<PersonId>> {
        self.0.existing.imported_by.map(Into::into)
    }

    /// Who decided on it, or took it back.
    async fn decided_by(&self) -> Option<Id<PersonId>> {
        self.0.existing.decided_by.map(Into::into)
    }

    /// When that was.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.existing.decided_at
    }

    /// Why it was refused.
    async fn reason(&self) -> Option<&str> {
        self.0.existing.reason.as_deref()
    }

    /// The version of the policy that was applied.
    async fn policy_id(&self) -> Option<Id<PolicyId>> {
        self.0.existing.policy_id.map(Into::into)
    }

    /// The certificate that came of it.
    async fn certificate_id(&self) -> Option<Id<CertificateId>> {
        self.0.existing.certificate_id.map(Into::into)
    }
}

/// Which existing certificates a list shows; what is left out narrows nothing.
#[derive(Default, InputObject)]
pub struct ExistingCertificateFilter {
    /// What became of them.
    state: Option<ExistingState>,
    /// What they are.
    kind: Option<ExistingKind>,
    /// Those about which something is odd, or those about which nothing is.
    exceptional: Option<bool>,
    /// The holder's agency and what lies under it.
    agency_id: Option<Id<AgencyId>>,
    /// The import they came by.
    import_id: Option<Id<ImportBatchId>>,
    /// A whole number.
    number: Option<String>,
}

/// An existing certificate within the caller's reach.
pub async fn find_existing(
    ctx: &Context<'_>,
    id: ExistingCertificateId,
) -> Result<Option<ExistingCertificate>> {
    let (platform, actor) = caller(ctx)?;
    let scope = Scope::of(actor, Permission::ReadOfficers);
    let row = existing::existing(platform.db.read(), &scope, id).await?;
    Ok(row.map(ExistingCertificate))
}

/// Reading of existing certificates.
#[derive(Default)]
pub struct ExistingQuery;

#[Object]
impl ExistingQuery {
    /// An existing certificate.
    #[graphql(guard = "Needs(Permission::ReadOfficers)")]
    async fn existing_certificate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: Id<ExistingCertificateId>,
    ) -> Result<Option<ExistingCertificate>> {
        find_existing(ctx, id.get()).await
    }

    /// Existing certificates that rosters claim, and filed ones: those about which something is odd
    /// first, then as they were entered.
    #[graphql(
        guard = "Needs(Permission::ReadOfficers)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn existing_certificates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "Which.")] filter: Option<ExistingCertificateFilter>,
    ) -> Result<Connection<String, ExistingCertificate>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 2)?;
        let scope = Scope::of(actor, Permission::ReadOfficers);
        let filter = filter.unwrap_or_default();
        let filter = ExistingFilter {
            state: filter.state.map(Into::into),
            kind: filter.kind.map(Into::into),
            exceptional: filter.exceptional,
            agency: filter.agency_id.map(Id::get),
            batch: filter.import_id.map(Id::get),
            number: filter.number,
        };
        let rows = existing::existing_page(platform.db.read(), &scope, &filter, &page).await?;
        Ok(page.connection(
            rows,
            |row| vec![row.existing.rank.to_string(), encode(row.existing.id)],
            ExistingCertificate,
        ))
    }
}
