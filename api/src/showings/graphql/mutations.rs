//! Mutations of showings: parse, one use-case, map.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use entities::enums::SecondAnswer;
use entities::ids::ShowingId;

use super::queries::find_showing;
use super::types::Showing;
use crate::access::Permission;
use crate::graphql::enums::ShowingKind;
use crate::graphql::ids::Id;
use crate::graphql::{Needs, UserError, answer, caller};
use crate::platform::failure::Failure;
use crate::showings::{self, NewShowing, ShowingRefusal};

/// A showing as an officer starts it. Nothing of the party belongs into it.
#[derive(InputObject)]
pub struct StartShowingInput {
    /// For what.
    kind: ShowingKind,
    /// Number of the notice (检查通知书) or of the document, at most 60 characters. Without one, an
    /// inspection is started all the same, and the party is told that there is none.
    notice_number: Option<String>,
    /// For what, in words, 1–100 characters. The party reads it.
    task: String,
    /// Codes of the fields of the act, 1–8.
    field_codes: Vec<String>,
    /// Code of the division (GB/T 2260) it is in; none where it is not to be said. No finer place is
    /// ever taken.
    division_code: Option<String>,
    /// Number of the second officer's certificate, which must be in force.
    second_certificate_no: Option<String>,
    /// Code of a reason to be alone, of the policy SHOWINGS; not beside a second officer.
    alone_reason: Option<String>,
    /// Minutes for which it is open; the policy's default where none are given.
    minutes: Option<i32>,
}

/// What came of an act on a showing.
#[derive(SimpleObject)]
pub struct ShowingPayload {
    /// The showing as it is now; none where there are user errors.
    showing: Option<Showing>,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// Mutations of showings.
#[derive(Default)]
pub struct ShowingMutation;

async fn payload(
    ctx: &Context<'_>,
    done: std::result::Result<ShowingId, Failure<ShowingRefusal>>,
) -> Result<ShowingPayload> {
    let (id, user_errors) = answer(ctx, done)?;
    let showing = match id {
        Some(id) => find_showing(ctx, id).await?,
        None => None,
    };
    Ok(ShowingPayload { showing, user_errors })
}

#[Object]
impl ShowingMutation {
    /// Starts a showing of one's own certificate (亮证). Until it ends, a scan of the certificate's
    /// code tells the party for what it is shown, beside whom, and what was found of it.
    #[graphql(guard = "Needs(Permission::ShowCertificates)")]
    async fn start_showing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said of it.")] input: StartShowingInput,
    ) -> Result<ShowingPayload> {
        let (platform, actor) = caller(ctx)?;
        let new = NewShowing {
            kind: input.kind.into(),
            notice_number: input.notice_number,
            task: input.task,
            field_codes: input.field_codes,
            division_code: input.division_code,
            second_certificate_no: input.second_certificate_no,
            alone_reason: input.alone_reason,
            // Less than nothing is as wrong as nothing.
            minutes: input.minutes.map(|minutes| u32::try_from(minutes).unwrap_or_default()),
        };
        payload(ctx, showings::start(platform, actor, new).await).await
    }

    /// Confirms, as the second officer whom a showing names, to be there.
    #[graphql(guard = "Needs(Permission::ShowCertificates)")]
    async fn confirm_showing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which showing.")] id: Id<ShowingId>,
    ) -> Result<ShowingPayload> {
        answered(ctx, id.get(), SecondAnswer::Confirmed).await
    }

    /// Says, as the second officer whom a showing names, not to be there.
    #[graphql(guard = "Needs(Permission::ShowCertificates)")]
    async fn decline_showing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which showing.")] id: Id<ShowingId>,
    ) -> Result<ShowingPayload> {
        answered(ctx, id.get(), SecondAnswer::Declined).await
    }

    /// Ends one's own showing. One that is over already stays as it is.
    #[graphql(guard = "Needs(Permission::ShowCertificates)")]
    async fn end_showing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which showing.")] id: Id<ShowingId>,
    ) -> Result<ShowingPayload> {
        let (platform, actor) = caller(ctx)?;
        let id = id.get();
        payload(ctx, showings::end(platform, actor, id).await.map(|()| id)).await
    }
}

async fn answered(ctx: &Context<'_>, id: ShowingId, word: SecondAnswer) -> Result<ShowingPayload> {
    let (platform, actor) = caller(ctx)?;
    payload(ctx, showings::answer(platform, actor, id, word).await.map(|()| id)).await
}
