//! Existing certificates (原证件): what people hold from before this system, as rosters claim it.
//!
//! A claim waits until the justice department confirms or refuses it (`certification::existing`);
//! until then nobody is authorised by it and no look-up finds it. A claim that a roster corrects
//! is replaced, one that was decided never is. A ministry's certificate (部委证件) is filed: kept on
//! record, and no more than that.

mod examine;
pub mod rules;
mod store;
mod take;
mod withdraw;

use std::sync::LazyLock;

use chrono::NaiveDate;
use entities::enums::{CertificateState, PersonKind};
use entities::ids::{AgencyId, ImportBatchId, PersonId};
use serde::{Deserialize, Serialize};

use crate::platform::texts::{Catalogue, Locale};
pub use examine::{examine, examine_due, look_again};
pub use rules::Exception;
pub use store::{
    ExistingFilter, ExistingRow, claims, existing, existing_of, existing_page, lock,
    numbers_claimed, plain_after, plain_count,
};
pub use take::{check_claims, kind_of, take_claims};
pub use withdraw::{TakenBack, withdraw_batch};

/// The texts of the exceptions.
pub static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("existing.zh-CN.ftl"), include_str!("existing.en.ftl"))
});

impl Exception {
    /// The exception in words.
    pub fn message(self, locale: Locale) -> String {
        TEXTS.text(locale, self.code(), &[])
    }
}

/// A certificate of the province that a roster says somebody holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Its number, opaque.
    pub number: String,
    /// The issuer, as written.
    pub issuer: String,
    /// The issuer in the register, where it was found.
    pub issuing_agency: Option<AgencyId>,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Last valid day; none for 长期.
    pub valid_until: Option<NaiveDate>,
    /// Active, suspended, cancelled, lost or expired.
    pub state: CertificateState,
}

/// A certificate that a ministry issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinistryCertificate {
    /// Its kind, as written.
    pub kind: String,
    /// Its number, where one is told from the kind.
    pub number: Option<String>,
}

/// What a row of a roster says that somebody brings along.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// A certificate of the province.
    pub certificate: Option<Claim>,
    /// One of a ministry.
    pub ministry: Option<MinistryCertificate>,
}

impl Brought {
    /// Whether there is nothing.
    pub fn is_nothing(&self) -> bool {
        self.certificate.is_none() && self.ministry.is_none()
    }
}

/// A row of a roster about somebody who may be in the register.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The ID number.
    pub id_number: &'a str,
    /// The unit the row names.
    pub agency: AgencyId,
    /// What the row says that the person is.
    pub kind: PersonKind,
    /// What the row says.
    pub brought: &'a Brought,
}

/// A row of a roster about somebody who is in the register.
#[derive(Clone, Debug)]
pub struct Entered {
    /// Who.
    pub person: PersonId,
    /// The row of the import.
    pub row_no: i32,
    /// What the row says.
    pub brought: Brought,
}

/// The import that claims come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The import.
    pub batch: ImportBatchId,
    /// Who imported; none for the command line.
    pub imported_by: Option<PersonId>,
}

/// What there is to say of a claim before it is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is entered, or changes nothing.
    Nothing,
    /// The certificate is on record already: the claim changes nothing of it.
    OnRecord,
    /// The very claim was refused: it is not entered again.
    RefusedBefore,
}

/// Why a claim is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimRefusal {
    /// The number is another's, on a certificate or claimed.
    NumberTaken,
    /// The number has not the form that the policy says.
    NumberForm,
}
