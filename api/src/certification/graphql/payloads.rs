//! What mutations answer: the thing and the user errors, or one result a record.

use async_graphql::{Context, ID, Result, SimpleObject};

use super::certificate::Certificate;
use crate::certification::{CertificationRefusal, Outcome};
use crate::graphql::ids::{NodeId, encode};
use crate::graphql::jobs::Job;
use crate::graphql::{UserError, fault, locale};
use crate::platform::failure::{Failure, Refusal};
use crate::platform::texts::Locale;

/// What came of one record of a bulk mutation.
#[derive(Clone, Debug, SimpleObject)]
pub struct BulkResult {
    /// The record that was named.
    id: ID,
    /// Whether it was done.
    ok: bool,
    /// What came of it, where that is a record of its own.
    created_id: Option<ID>,
    /// Why it was not done.
    user_errors: Vec<UserError>,
}

/// What came of a bulk mutation. What succeeded is committed together.
#[derive(Clone, Debug, SimpleObject)]
pub struct BulkPayload {
    /// One result a record, each record once; empty where the call was refused as a whole.
    results: Vec<BulkResult>,
    /// Why the call was refused as a whole.
    user_errors: Vec<UserError>,
}

/// What came of an act on a certificate.
#[derive(SimpleObject)]
pub struct CertificatePayload {
    /// The certificate, where the act was done.
    pub(super) certificate: Option<Certificate>,
    /// Why it was not done.
    pub(super) user_errors: Vec<UserError>,
}

/// What came of asking for the confirmation of what an import claims.
#[derive(SimpleObject)]
pub struct ConfirmImportPayload {
    /// The job that confirms.
    pub(super) job: Option<Job>,
    /// Why there is none.
    pub(super) user_errors: Vec<UserError>,
}

/// What came of asking for a bulk issue.
#[derive(SimpleObject)]
pub struct IssueInBulkPayload {
    /// The job that issues them.
    pub(super) job: Option<Job>,
    /// Why there is none.
    pub(super) user_errors: Vec<UserError>,
}

/// The user errors of a refusal: of a checklist, one for each thing that is unmet; of a claim or an
/// application, one for each thing that is odd.
fn errors_of(refusal: &CertificationRefusal, locale: Locale) -> Vec<UserError> {
    match refusal {
        CertificationRefusal::Checklist(items) => items
            .iter()
            .map(|item| UserError {
                code: item.code().to_owned(),
                field: None,
                message: item.message(locale),
            })
            .collect(),
        CertificationRefusal::Exceptions(items) => items
            .iter()
            .map(|item| UserError {
                code: item.code().to_owned(),
                field: None,
                message: item.message(locale),
            })
            .collect(),
        CertificationRefusal::Odd(items) => items
            .iter()
            .map(|item| UserError {
                code: refusal.code().to_owned(),
                field: refusal.field().map(str::to_owned),
                message: item.message(locale),
            })
            .collect(),
        refusal => vec![UserError::of(refusal, locale)],
    }
}

/// Splits what a use-case answered into the thing and the user errors of a payload.
pub(super) fn split<T>(
    ctx: &Context<'_>,
    result: std::result::Result<T, Failure<CertificationRefusal>>,
) -> Result<(Option<T>, Vec<UserError>)> {
    match result {
        Ok(thing) => Ok((Some(thing), Vec::new())),
        Err(Failure::Refused(refusal)) => Ok((None, errors_of(&refusal, locale(ctx)))),
        Err(Failure::Fault(broken)) => Err(fault(&broken)),
    }
}

/// The payload of a bulk use-case; `created` is the id of what came of a record.
pub(super) fn bulk<I: NodeId, T>(
    ctx: &Context<'_>,
    outcomes: std::result::Result<Vec<Outcome<I, T>>, Failure<CertificationRefusal>>,
    created: impl Fn(&T) -> Option<ID>,
) -> Result<BulkPayload> {
    let (outcomes, user_errors) = split(ctx, outcomes)?;
    let result = |outcome: Outcome<I, T>| {
        let id = encode(outcome.id).into();
        match outcome.result {
            Ok(done) => {
                BulkResult { id, ok: true, created_id: created(&done), user_errors: Vec::new() }
            }
            Err(refusal) => {
                let user_errors = errors_of(&refusal, locale(ctx));
                BulkResult { id, ok: false, created_id: None, user_errors }
            }
        }
    };
    let results = outcomes.unwrap_or_default().into_iter().map(result).collect();
    Ok(BulkPayload { results, user_errors })
}
