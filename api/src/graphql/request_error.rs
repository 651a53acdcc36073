//! Errors of a request as a whole, told at the top level: signing in, permission, limits, faults.
//! Each has a stable code, a status and a text in every language.

use std::sync::LazyLock;

use async_graphql::{Error, ErrorExtensions};

use crate::access::Denied;
use crate::platform::texts::{Catalogue, Locale};

static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("request.zh-CN.ftl"), include_str!("request.en.ftl"))
});

macro_rules! request_errors {
    ($($(#[$doc:meta])* $name:ident $code:literal $status:literal;)*) => {
        /// Why a request as a whole is not answered.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum RequestError { $($(#[$doc])* $name,)* }

        impl RequestError {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable word.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status of an answer that is nothing but this.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }
        }
    };
}

request_errors! {
    /// Nobody is signed in.
    Unauthenticated "UNAUTHENTICATED" 401;
    /// No role of the account has the permission.
    Forbidden "FORBIDDEN" 403;
    /// The role asks for a second factor here, and the account has none.
    TotpRequired "TOTP_REQUIRED" 403;
    /// The password was given too long ago.
    ReauthenticationRequired "REAUTHENTICATION_REQUIRED" 401;
    /// A token that was sent and does not hold.
    TokenInvalid "TOKEN_INVALID" 401;
    /// The body is not declared as JSON.
    JsonRequired "JSON_REQUIRED" 415;
    /// Not one GraphQL request.
    JsonInvalid "JSON_INVALID" 400;
    /// The body is larger than allowed.
    BodyTooLarge "BODY_TOO_LARGE" 413;
    /// The body did not arrive whole.
    BodyUnreadable "BODY_UNREADABLE" 400;
    /// The document cannot be parsed.
    ParseFailed "GRAPHQL_PARSE_FAILED" 200;
    /// No operation of the manifest has this id.
    PersistedQueryNotFound "PERSISTED_QUERY_NOT_FOUND" 200;
    /// The caller runs operations of the manifest, and this is none.
    OperationNotAllowed "OPERATION_NOT_ALLOWED" 200;
    /// The document does not fit the schema.
    ValidationFailed "GRAPHQL_VALIDATION_FAILED" 200;
    /// The document is too long.
    DocumentTooLarge "DOCUMENT_TOO_LARGE" 200;
    /// Nested too deep.
    TooDeep "QUERY_TOO_DEEP" 200;
    /// Asks for too much.
    TooComplex "QUERY_TOO_COMPLEX" 200;
    /// Too many aliases.
    TooManyAliases "TOO_MANY_ALIASES" 200;
    /// Too many fields at the root.
    TooManyRootFields "TOO_MANY_ROOT_FIELDS" 200;
    /// Too many directives on a field.
    TooManyDirectives "TOO_MANY_DIRECTIVES" 200;
    /// A page of no rows or too many.
    FirstOutOfRange "FIRST_OUT_OF_RANGE" 200;
    /// `after` is no cursor of this list.
    CursorInvalid "CURSOR_INVALID" 200;
    /// The mode of an import is neither word.
    ModeUnknown "MODE_UNKNOWN" 400;
    /// The selection of cards is neither ids nor a day of issue.
    SelectionInvalid "SELECTION_INVALID" 400;
    /// What an export is narrowed by is not of the form of its list.
    FilterInvalid "FILTER_INVALID" 400;
    /// An account looks up more than callers can ask for.
    TooManyLookUps "TOO_MANY_LOOK_UPS" 429;
    /// Something other than a subscription came over a connection that stays open.
    SubscriptionsOnly "SUBSCRIPTIONS_ONLY" 200;
    /// A page of another site opens a connection that stays open.
    OriginRefused "ORIGIN_REFUSED" 403;
    /// A protocol over WebSocket that is not spoken here.
    ProtocolUnknown "PROTOCOL_UNKNOWN" 400;
    /// More subscriptions than a connection carries.
    TooManySubscriptions "TOO_MANY_SUBSCRIPTIONS" 200;
    /// Too much is asked for at once.
    Busy "BUSY" 503;
    /// A fault on our side.
    Internal "INTERNAL" 500;
}

impl RequestError {
    /// Its text.
    pub fn text(self, locale: Locale) -> String {
        TEXTS.text(locale, self.code(), &[])
    }

    /// Its text in both languages, where it is not known which is read.
    pub fn texts(self) -> String {
        TEXTS.both(self.code(), &[])
    }

    /// As an error of a resolver.
    pub fn error(self) -> Error {
        Error::new(self.texts()).extend_with(|_, e| e.set("code", self.code()))
    }
}

impl From<Denied> for RequestError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unauthenticated => Self::Unauthenticated,
            Denied::Forbidden => Self::Forbidden,
            Denied::TotpRequired => Self::TotpRequired,
            Denied::ReauthenticationRequired => Self::ReauthenticationRequired,
        }
    }
}
