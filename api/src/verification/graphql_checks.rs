//! A supervisor's challenge and check over GraphQL.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entities::ids::ChallengeId;
use mobile_contract::{Verdict, challenge_symbol};

use super::challenges::{self, Asked};
use super::checking::{self, Checked};
use super::graphql::LookedUpCertificate;
use super::page::{advice, heading};
use crate::access::Permission;
use crate::graphql::ids::Id;
use crate::graphql::{
    Needs, RequestError, UserError, answer, base64url, caller, locale, signed_in,
};
use crate::platform::failure::Fault;

/// The verdict on a code, in order of precedence (`docs/credential.md` §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CodeVerdict {
    /// No code of a certificate.
    Unreadable,
    /// Signed by nobody this system knows.
    UnknownIssuer,
    /// The signature does not hold, or another device shows it.
    SignatureInvalid,
    /// It verifies, and was not issued here as it says.
    KeyCompromised,
    /// A phone's credential without the phone: a copy.
    PresentationMissing,
    /// Reported lost.
    Lost,
    /// 吊销
    Revoked,
    /// 注销
    Cancelled,
    /// The phone was ended; the certificate may hold.
    Invalid,
    /// 暂扣
    Suspended,
    /// Suspended or revoked; which, is not told outside one's part of the tree.
    NotAuthorised,
    /// Not in force yet, or not yet handed over.
    NotYetValid,
    /// Past its validity.
    Expired,
    /// Not shown just now, or a clock is wrong.
    StaleCode,
    /// Made for another challenge.
    ChallengeBound,
    /// The status could not be had: not to be taken for valid.
    StatusUnknown,
    /// In force.
    Valid,
}

impl CodeVerdict {
    const fn of(checked: &Checked) -> Self {
        if checked.ground_withheld {
            return Self::NotAuthorised;
        }
        match checked.verdict {
            Verdict::Unreadable => Self::Unreadable,
            Verdict::UnknownIssuer => Self::UnknownIssuer,
            Verdict::SignatureInvalid => Self::SignatureInvalid,
            Verdict::KeyCompromised => Self::KeyCompromised,
            Verdict::PresentationMissing => Self::PresentationMissing,
            Verdict::Lost => Self::Lost,
            Verdict::Revoked => Self::Revoked,
            Verdict::Cancelled => Self::Cancelled,
            Verdict::Invalid => Self::Invalid,
            Verdict::Suspended => Self::Suspended,
            Verdict::NotYetValid => Self::NotYetValid,
            Verdict::Expired => Self::Expired,
            Verdict::StaleCode => Self::StaleCode,
            Verdict::ChallengeBound => Self::ChallengeBound,
            Verdict::Valid => Self::Valid,
            _ => Self::StatusUnknown,
        }
    }
}

/// A remark beside a verdict, which it does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "mobile_contract::Reason")]
pub enum CodeReason {
    /// The same code was opened within two minutes before.
    Replayed,
    /// The phone's code is dated later than now.
    FromTheFuture,
    /// The credential is genuine, but another device shows it.
    OtherDevice,
    /// A challenge was asked for, and this is an ordinary code: it proves no more than ever.
    ChallengeUnanswered,
    /// The code holds only the beginning of the name.
    NameCut,
    /// Any other.
    Unknown,
}

/// How much a code proves, should it come to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "mobile_contract::Evidence")]
pub enum CodeEvidence {
    /// A printed code: it proves no time, and may be a copy.
    Printed,
    /// A phone's code made at its time.
    Phone,
    /// A phone's code made in answer to this challenge.
    Challenged,
}

/// What a supervisor asks a phone to sign: shown as a QR symbol, which the officer's app scans and,
/// once the officer has confirmed, signs.
#[derive(SimpleObject)]
pub struct CodeChallenge {
    /// For `checkCode`.
    id: Id<ChallengeId>,
    /// 16 bytes in base64url, without padding.
    value: String,
    /// The text of the QR symbol that shows it, at level M.
    symbol: String,
    /// The code that answers it must be here by then: 20 seconds.
    expires_at: DateTime<Utc>,
}

impl From<Asked> for CodeChallenge {
    fn from(asked: Asked) -> Self {
        Self {
            id: asked.id.into(),
            value: base64url(asked.value),
            symbol: challenge_symbol(&asked.value),
            expires_at: asked.expires_at,
        }
    }
}

/// Answer of `createChallenge`.
#[derive(SimpleObject)]
pub struct CreateChallengePayload {
    /// The challenge; none where there are user errors.
    challenge: Option<CodeChallenge>,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// What a supervisor is told of a code.
#[derive(SimpleObject)]
pub struct CodeCheck {
    /// The verdict.
    verdict: CodeVerdict,
    /// The same in words, in the language of the request, as the public page has them.
    heading: String,
    /// What to do about it.
    advice: String,
    /// Remarks beside it.
    reasons: Vec<CodeReason>,
    /// How much it proves; none where the showing itself is not proved.
    evidence: Option<CodeEvidence>,
    /// When a phone showed it, by the phone's clock.
    shown_at: Option<DateTime<Utc>>,
    /// The code is of a phone that was ended: told within one's part of the tree.
    device_ended: bool,
    /// The certificate, where the code is genuine and it lies within one's part of the tree.
    certificate: Option<LookedUpCertificate>,
    /// The time of the answer.
    checked_at: DateTime<Utc>,
}

/// Answer of `checkCode`.
#[derive(SimpleObject)]
pub struct CheckCodePayload {
    /// The check; none where there are user errors.
    check: Option<CodeCheck>,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// Mutations of checks.
#[derive(Default)]
pub struct VerificationMutation;

#[Object]
impl VerificationMutation {
    /// Makes a challenge for an officer's phone: good for 20 seconds, once, and for this account.
    /// After 300 within ten minutes `TOO_MANY_LOOK_UPS`.
    #[graphql(guard = "Needs(Permission::CheckCodes)")]
    async fn create_challenge(&self, ctx: &Context<'_>) -> Result<CreateChallengePayload> {
        let (platform, actor) = caller(ctx)?;
        let made = challenges::create(platform, actor, signed_in(ctx)?).await?;
        let asked = made.ok_or_else(|| RequestError::TooManyLookUps.error())?;
        Ok(CreateChallengePayload { challenge: Some(asked.into()), user_errors: Vec::new() })
    }

    /// Judges a scanned code, with the challenge that its phone was asked to answer, where there was
    /// one. Each check is in the audit log; after 300 within ten minutes `TOO_MANY_LOOK_UPS`.
    #[graphql(guard = "Needs(Permission::CheckCodes)", complexity = "100")]
    async fn check_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was scanned: the whole address or its digits.")] code: String,
        #[graphql(desc = "The challenge, of this account; none where none was asked.")]
        challenge_id: Option<Id<ChallengeId>>,
    ) -> Result<CheckCodePayload> {
        let (platform, actor) = caller(ctx)?;
        let challenge = challenge_id.map(Id::get);
        let result = checking::check(platform, actor, signed_in(ctx)?, &code, challenge).await;
        let (checked, user_errors) = answer(ctx, result)?;
        let check = match checked {
            None => None,
            Some(None) => return Err(RequestError::TooManyLookUps.error()),
            Some(Some(checked)) => Some(told(ctx, checked)?),
        };
        Ok(CheckCodePayload { check, user_errors })
    }
}

fn told(ctx: &Context<'_>, checked: Checked) -> std::result::Result<CodeCheck, Fault> {
    let locale = locale(ctx);
    Ok(CodeCheck {
        verdict: CodeVerdict::of(&checked),
        heading: heading(locale, checked.shown).into_owned(),
        advice: advice(locale, checked.shown).into_owned(),
        reasons: checked.reasons.into_iter().map(Into::into).collect(),
        evidence: checked.evidence.map(Into::into),
        shown_at: checked.shown_at,
        device_ended: checked.device_ended,
        certificate: checked.found.map(TryInto::try_into).transpose()?,
        checked_at: checked.checked_at,
    })
}
