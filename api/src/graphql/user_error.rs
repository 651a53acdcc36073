//! Expected failures are data: `{ thing, userErrors { code, field, message } }`. What broke is a
//! top-level error with one word, logged in full under that word.

use async_graphql::{Context, Error, ErrorExtensions, Result, SimpleObject};

use super::locale;
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

/// What broke, as the caller sees it: `BUSY` where trying again helps, else `INTERNAL`. A resolver
/// may also use `?` on a [`Fault`]: [`super::limits::with_codes`] gives it the same face.
pub fn fault(fault: &Fault) -> Error {
    tracing::error!(error = %fault, "a request failed");
    let (code, text) = face(fault);
    Error::new(text).extend_with(|_, e| e.set("code", code))
}

/// Code and text of what a caller cannot mend.
pub const INTERNAL: (&str, &str) =
    ("INTERNAL", "系统故障，请稍后再试。 / A fault on our side, try again later.");

/// Code and text of what broke.
pub fn face(fault: &Fault) -> (&'static str, &'static str) {
    if matches!(fault, Fault::Database(sea_orm::DbErr::ConnectionAcquire(_))) {
        ("BUSY", "系统繁忙，请稍后再试。 / Busy, try again later.")
    } else {
        INTERNAL
    }
}
