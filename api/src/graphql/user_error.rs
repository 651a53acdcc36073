//! Expected failures are data: `{ thing, userErrors { code, field, message } }`. What broke is a
//! top-level error with one word, logged in full under that word.

use async_graphql::{Context, Error, Result, SimpleObject};

use super::{RequestError, locale};
use crate::platform::failure::{Failure, Fault, Refusal};
use crate::platform::texts::Locale;

/// Something the user can understand and mend. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct UserError {
    /// Stable word of the catalogue of errors.
    pub code: String,
    /// The input field it concerns, where there is one.
    pub field: Option<String>,
    /// What is wrong, in the language of the request.
    pub message: String,
}

impl UserError {
    /// A refusal in a language.
    pub fn of(refusal: &impl Refusal, locale: Locale) -> Self {
        Self {
            code: refusal.code().to_owned(),
            field: refusal.field().map(str::to_owned),
            message: refusal.message(locale),
        }
    }
}

/// Splits what a use-case answered into the thing and the user errors of a payload.
pub fn answer<T, R: Refusal>(
    ctx: &Context<'_>,
    result: Result<T, Failure<R>>,
) -> Result<(Option<T>, Vec<UserError>)> {
    match result {
        Ok(thing) => Ok((Some(thing), Vec::new())),
        Err(Failure::Refused(refusal)) => Ok((None, vec![UserError::of(&refusal, locale(ctx))])),
        Err(Failure::Fault(broken)) => Err(fault(&broken)),
    }
}

/// What broke, as the caller sees it. A resolver may also use `?` on a [`Fault`]:
/// [`super::limits::with_codes`] gives it the same face.
pub fn fault(fault: &Fault) -> Error {
    tracing::error!(error = %fault, "a request failed");
    face(fault).error()
}

/// What broke as one word: `BUSY` where trying again helps, else `INTERNAL`.
pub fn face(fault: &Fault) -> RequestError {
    match fault {
        Fault::Busy(_) | Fault::Database(sea_orm::DbErr::ConnectionAcquire(_)) => {
            RequestError::Busy
        }
        _ => RequestError::Internal,
    }
}
