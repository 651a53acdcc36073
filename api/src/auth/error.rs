//! Refusals of signing in and of keeping accounts.

use std::sync::LazyLock;

use crate::platform::failure::{Failure, Refusal};
use crate::platform::texts::{Catalogue, Locale};

pub(super) static TEXTS: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new(include_str!("auth.zh-CN.ftl"), include_str!("auth.en.ftl")));

/// Why an operation on accounts or sessions was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthRefusal {
    /// Name or password wrong, or the account closed: one answer for all.
    SignInFailed,
    /// Too many failures for this name from this place.
    TooManyAttempts {
        /// Seconds until the next try.
        retry_after: u32,
    },
    /// The refresh token is unknown, used, or of an ended session.
    RefreshTokenInvalid,
    /// The sign-in name has another form.
    LoginInvalid,
    /// The sign-in name is taken.
    LoginTaken,
    /// The password is too short, too long or the name itself.
    PasswordInvalid,
    /// No such person here.
    PersonNotFound,
    /// No such account here.
    AccountNotFound,
    /// No such agency here.
    AgencyNotFound,
    /// The role cannot be given along this axis.
    RoleInvalid,
    /// The account does not hold this role there.
    RoleNotHeld,
    /// An account may not change itself here.
    OwnAccount,
    /// Name or secret of an invitation wrong, or the invitation over: one answer for all.
    InvitationInvalid,
    /// No invitation of this account is open.
    InvitationNotFound,
    /// The account has its password: there is nothing to invite to.
    AccountActive,
    /// The account is closed.
    AccountClosed,
    /// The password is right; the second factor is wanted too.
    TotpCodeRequired,
    /// The same, after many wrong codes: two codes in a row or a recovery code.
    TotpTwoCodesRequired,
    /// The code is wrong, of another time, or was used.
    TotpCodeInvalid,
    /// No enrolment was begun, or too long ago.
    TotpNotBegun,
    /// The account has no second factor.
    TotpNotEnrolled,
    /// No such session of this account.
    SessionNotFound,
    /// The name of the client is too long.
    ClientNameInvalid,
    /// Both accounts are one person's.
    SamePerson,
    /// The moment is past, or more than a year away.
    HandoverTimeInvalid,
    /// The note is too long or has control characters.
    NoteInvalid,
    /// The role is lent: it is not the account's own to lend on.
    RoleIsLent,
    /// The role is not one that is lent.
    RoleNotLendable,
    /// Nobody of this sign-in name works within what the role is over.
    ColleagueNotFound,
    /// It begins in the past or more than a year ahead, ends before it begins or lasts too long.
    DelegationTimeInvalid {
        /// Days it lasts at most.
        most: u32,
    },
    /// The same is lent to this account already.
    DelegationOverlaps,
    /// No such delegation of this account, or it has ended.
    DelegationNotFound,
}

/// Every refusal, for the catalogue and its test.
pub const ALL: [AuthRefusal; 32] = [
    AuthRefusal::SignInFailed,
    AuthRefusal::TooManyAttempts { retry_after: 0 },
    AuthRefusal::RefreshTokenInvalid,
    AuthRefusal::LoginInvalid,
    AuthRefusal::LoginTaken,
    AuthRefusal::PasswordInvalid,
    AuthRefusal::PersonNotFound,
    AuthRefusal::AccountNotFound,
    AuthRefusal::AgencyNotFound,
    AuthRefusal::RoleInvalid,
    AuthRefusal::RoleNotHeld,
    AuthRefusal::OwnAccount,
    AuthRefusal::InvitationInvalid,
    AuthRefusal::InvitationNotFound,
    AuthRefusal::AccountActive,
    AuthRefusal::AccountClosed,
    AuthRefusal::TotpCodeRequired,
    AuthRefusal::TotpTwoCodesRequired,
    AuthRefusal::TotpCodeInvalid,
    AuthRefusal::TotpNotBegun,
    AuthRefusal::TotpNotEnrolled,
    AuthRefusal::SessionNotFound,
    AuthRefusal::ClientNameInvalid,
    AuthRefusal::SamePerson,
    AuthRefusal::HandoverTimeInvalid,
    AuthRefusal::NoteInvalid,
    AuthRefusal::RoleIsLent,
    AuthRefusal::RoleNotLendable,
    AuthRefusal::ColleagueNotFound,
    AuthRefusal::DelegationTimeInvalid { most: 60 },
    AuthRefusal::DelegationOverlaps,
    AuthRefusal::DelegationNotFound,
];

impl Refusal for AuthRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::SignInFailed => "SIGN_IN_FAILED",
            Self::TooManyAttempts { .. } => "TOO_MANY_ATTEMPTS",
            Self::RefreshTokenInvalid => "REFRESH_TOKEN_INVALID",
            Self::LoginInvalid => "LOGIN_INVALID",
            Self::LoginTaken => "LOGIN_TAKEN",
            Self::PasswordInvalid => "PASSWORD_INVALID",
            Self::PersonNotFound => "PERSON_NOT_FOUND",
            Self::AccountNotFound => "ACCOUNT_NOT_FOUND",
            Self::AgencyNotFound => "AGENCY_NOT_FOUND",
            Self::RoleInvalid => "ROLE_INVALID",
            Self::RoleNotHeld => "ROLE_NOT_HELD",
            Self::OwnAccount => "OWN_ACCOUNT",
            Self::InvitationInvalid => "INVITATION_INVALID",
            Self::InvitationNotFound => "INVITATION_NOT_FOUND",
            Self::AccountActive => "ACCOUNT_ACTIVE",
            Self::AccountClosed => "ACCOUNT_CLOSED",
            Self::TotpCodeRequired => "TOTP_CODE_REQUIRED",
            Self::TotpTwoCodesRequired => "TOTP_TWO_CODES_REQUIRED",
            Self::TotpCodeInvalid => "TOTP_CODE_INVALID",
            Self::TotpNotBegun => "TOTP_NOT_BEGUN",
            Self::TotpNotEnrolled => "TOTP_NOT_ENROLLED",
            Self::SessionNotFound => "SESSION_NOT_FOUND",
            Self::ClientNameInvalid => "CLIENT_NAME_INVALID",
            Self::SamePerson => "SAME_PERSON",
            Self::HandoverTimeInvalid => "HANDOVER_TIME_INVALID",
            Self::NoteInvalid => "NOTE_INVALID",
            Self::RoleIsLent => "ROLE_IS_LENT",
            Self::RoleNotLendable => "ROLE_NOT_LENDABLE",
            Self::ColleagueNotFound => "COLLEAGUE_NOT_FOUND",
            Self::DelegationTimeInvalid { .. } => "DELEGATION_TIME_INVALID",
            Self::DelegationOverlaps => "DELEGATION_OVERLAPS",
            Self::DelegationNotFound => "DELEGATION_NOT_FOUND",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::SignInFailed
            | Self::TooManyAttempts { .. }
            | Self::OwnAccount
            | Self::AccountClosed
            | Self::InvitationInvalid
            | Self::TotpNotBegun => None,
            Self::RefreshTokenInvalid => Some("refreshToken"),
            Self::LoginInvalid | Self::LoginTaken => Some("login"),
            Self::PasswordInvalid => Some("password"),
            Self::PersonNotFound => Some("personId"),
            Self::AccountNotFound
            | Self::InvitationNotFound
            | Self::AccountActive
            | Self::TotpNotEnrolled => Some("accountId"),
            Self::SamePerson => Some("toAccountId"),
            Self::TotpCodeRequired | Self::TotpTwoCodesRequired | Self::TotpCodeInvalid => {
                Some("totpCode")
            }
            Self::SessionNotFound => Some("sessionId"),
            Self::ClientNameInvalid => Some("clientName"),
            Self::HandoverTimeInvalid => Some("at"),
            Self::NoteInvalid => Some("note"),
            Self::AgencyNotFound => Some("agencyId"),
            Self::RoleInvalid | Self::RoleNotHeld | Self::RoleIsLent | Self::RoleNotLendable => {
                Some("role")
            }
            Self::DelegationTimeInvalid { .. } => Some("until"),
            Self::DelegationOverlaps | Self::ColleagueNotFound => Some("toLogin"),
            Self::DelegationNotFound => Some("delegationId"),
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooManyAttempts { retry_after } => vec![("seconds", retry_after.to_string())],
            Self::DelegationTimeInvalid { most } => vec![("most", most.to_string())],
            _ => Vec::new(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let args = self.args();
        let args: Vec<(&str, &str)> = args.iter().map(|(name, v)| (*name, v.as_str())).collect();
        TEXTS.text(locale, self.code(), &args)
    }
}

/// What a use-case of this capability answers.
pub type Result<T> = std::result::Result<T, Failure<AuthRefusal>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_text_in_every_language() {
        for refusal in ALL {
            for locale in Locale::ALL {
                // A text that lacks an argument would be shown as its bare code.
                let message = refusal.message(locale);
                assert_ne!(message, refusal.code(), "{refusal:?} {locale:?}");
            }
        }
    }
}
