//! Opaque ids of the outside: a prefix that says the type, and the id in hexadecimal.

use std::marker::PhantomData;

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use entities::ids::{
    AccountId, AgencyChangeId, AgencyId, ApplicationId, AuditEntryId, CertificateId, ChallengeId,
    CheckRecordId, ComplaintId, ComplaintQuestionId, DelegationId, DeskHandoverId, DeviceId,
    EvaluationBatchId, ExamSittingId, ExistingCertificateId, ExportId, ImportBatchId, InvitationId,
    JobId, JointAuthorisationId, PersonId, PhotoBatchId, PolicyId, QualificationId, SessionId,
    ShowingId, SigningKeyId, StandingId, TrainingSessionId, TrainingUploadId,
};
use uuid::Uuid;

/// An id that is shown outside under a prefix of its own.
pub trait NodeId: Copy + From<Uuid> {
    /// Prefix, without the underscore.
    const PREFIX: &'static str;
    /// The bare id.
    fn uuid(self) -> Uuid;
}

macro_rules! node_ids {
    ($($id:ty => $prefix:literal),* $(,)?) => {$(
        impl NodeId for $id {
            const PREFIX: &'static str = $prefix;
            fn uuid(self) -> Uuid {
                self.0
            }
        }
    )*};
}

node_ids! {
    AccountId => "acct",
    AgencyId => "agcy",
    AgencyChangeId => "agch",
    ApplicationId => "appl",
    AuditEntryId => "audt",
    CertificateId => "cert",
    ChallengeId => "chal",
    CheckRecordId => "chck",
    DelegationId => "dlgt",
    DeskHandoverId => "hand",
    DeviceId => "devc",
    ComplaintId => "cmpl",
    ComplaintQuestionId => "cmpq",
    EvaluationBatchId => "evbt",
    ExistingCertificateId => "exst",
    ExamSittingId => "sitt",
    ExportId => "expt",
    ImportBatchId => "impt",
    InvitationId => "invt",
    JobId => "job",
    JointAuthorisationId => "jaut",
    PersonId => "pers",
    PhotoBatchId => "phot",
    PolicyId => "plcy",
    QualificationId => "qual",
    SessionId => "sess",
    ShowingId => "show",
    SigningKeyId => "key",
    StandingId => "stnd",
    TrainingSessionId => "trng",
    TrainingUploadId => "trup",
}

/// An id as the outside sees it: `cert_019…`.
pub fn encode<T: NodeId>(id: T) -> String {
    format!("{}_{}", T::PREFIX, id.uuid().simple())
}

/// The id behind an outside id of this type; `None` for any other text.
pub fn decode<T: NodeId>(text: &str) -> Option<T> {
    let hex = text.strip_prefix(T::PREFIX)?.strip_prefix('_')?;
    is_canonical(hex).then(|| Uuid::try_parse(hex).ok().map(T::from)).flatten()
}

/// Whether the digits of an id are in the one form they are written in.
fn is_canonical(hex: &str) -> bool {
    hex.len() == 32 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The same as [`decode`]; for any other text one that no row has: what it names is then not found.
pub fn decode_or_nil<T: NodeId>(text: &str) -> T {
    decode(text).unwrap_or_else(|| T::from(Uuid::nil()))
}

/// Whether a text looks like an outside id of some type, known or not.
pub fn has_form_of_id(text: &str) -> bool {
    let Some((prefix, hex)) = text.split_once('_') else { return false };
    (1..=8).contains(&prefix.len())
        && prefix.bytes().all(|b| b.is_ascii_lowercase())
        && is_canonical(hex)
}

/// An `ID` argument of one type. Another type's id, or none at all, is the id of nothing: it is
/// answered like an id that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id<T>(Option<Uuid>, PhantomData<T>);

impl<T: NodeId> Id<T> {
    /// The typed id; one that no row has where the text was no id of this type.
    pub fn get(self) -> T {
        T::from(self.0.unwrap_or(Uuid::nil()))
    }
}

impl<T: NodeId> From<T> for Id<T> {
    fn from(id: T) -> Self {
        Self(Some(id.uuid()), PhantomData)
    }
}

#[Scalar(name = "ID")]
impl<T: NodeId + Send + Sync + 'static> ScalarType for Id<T> {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(decode::<T>(&text).map(NodeId::uuid), PhantomData)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(encode(self.get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_goes_out_and_comes_back() {
        let id = CertificateId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
        assert_eq!(encode(id), "cert_01900000000070008000000000000001");
        assert_eq!(decode::<CertificateId>(&encode(id)), Some(id));
    }

    #[test]
    fn anything_else_is_no_id_of_this_type() {
        for text in [
            "",
            "cert_",
            "01900000000070008000000000000001",
            "agcy_01900000000070008000000000000001",
            "cert_0190000000007000800000000000000",
            "cert_0190000000007000800000000000000G",
            "cert_0190000000007000800000000000000A",
            "cert_{0190000000007000800000000000001}",
        ] {
            assert_eq!(decode::<CertificateId>(text), None, "{text}");
        }
    }
}
