//! `node`: any thing of the schema by its opaque id (Relay object identification).

use async_graphql::{Context, ID, Interface, Object, Result};
use entities::ids::{
    AgencyChangeId, AgencyId, ApplicationId, CertificateId, CheckRecordId, ComplaintId,
    ExamSittingId, ExistingCertificateId, ImportBatchId, JointAuthorisationId, PersonId,
    PhotoBatchId, QualificationId, ShowingId, TrainingSessionId, TrainingUploadId,
};

use crate::access::Permission;
use crate::certification::graphql::{
    Application, Certificate, Qualification, find_application, find_certificate, find_qualification,
};
use crate::checks::graphql::{CheckRecord, find_check_record};
use crate::complaints::graphql::{Complaint, find_complaint};
use crate::graphql::guard;
use crate::graphql::guard::SignedIn;
use crate::graphql::ids::decode;
use crate::imports::graphql::{ImportBatch, find_import};
use crate::officers::graphql::{ExistingCertificate, Officer, find_existing, find_officer};
use crate::organisations::graphql::{Agency, find_agency};
use crate::photos::graphql::{PhotoBatch, find_photo_batch};
use crate::reorganisation::graphql::{AgencyChange, find_agency_change};
use crate::showings::graphql::{
    JointAuthorisation, Showing, find_joint_authorisation, find_showing,
};
use crate::training::graphql::{
    ExamSitting, TrainingSession, TrainingUpload, find_session, find_sitting, find_upload,
};

/// A thing with an id of its own.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque id, with a prefix that says the type."))]
pub enum Node {
    /// An agency.
    Agency(Agency),
    /// A reform of agencies.
    AgencyChange(AgencyChange),
    /// A person of the register.
    Officer(Officer),
    /// A qualification.
    Qualification(Qualification),
    /// An application.
    Application(Application),
    /// A certificate.
    Certificate(Certificate),
    /// A certificate that somebody brought along.
    ExistingCertificate(ExistingCertificate),
    /// A record of a check.
    CheckRecord(CheckRecord),
    /// A roster import.
    ImportBatch(ImportBatch),
    /// Photos that were sent in one ZIP.
    PhotoBatch(PhotoBatch),
    /// A training session.
    TrainingSession(TrainingSession),
    /// A sitting of an exam.
    ExamSitting(ExamSitting),
    /// A workbook of the training desk.
    TrainingUpload(TrainingUpload),
    /// A complaint of a citizen.
    Complaint(Complaint),
    /// A certificate that is shown.
    Showing(Showing),
    /// A joint authorisation.
    JointAuthorisation(JointAuthorisation),
}

/// The query `node`.
#[derive(Default)]
pub struct NodeQuery;

/// Things by their opaque id.
#[Object]
impl NodeQuery {
    /// A thing by its id; nothing where it does not exist, lies outside of what the account
    /// reaches, or is of a type the account may not read.
    #[graphql(guard = "SignedIn")]
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
    ) -> Result<Option<Node>> {
        let may = |permission| guard::may(ctx, permission);
        let found = match id.split('_').next().unwrap_or_default() {
            "agcy" if may(Permission::ReadOrganisations)? => match decode::<AgencyId>(&id) {
                Some(id) => find_agency(ctx, id).await?.map(Node::Agency),
                None => None,
            },
            "agch" if may(Permission::ReadOrganisations)? => match decode::<AgencyChangeId>(&id) {
                Some(id) => find_agency_change(ctx, id).await?.map(Node::AgencyChange),
                None => None,
            },
            "pers" if may(Permission::ReadOfficers)? => match decode::<PersonId>(&id) {
                Some(id) => find_officer(ctx, id).await?.map(Node::Officer),
                None => None,
            },
            "qual" if may(Permission::ReadOfficers)? => match decode::<QualificationId>(&id) {
                Some(id) => find_qualification(ctx, id).await?.map(Node::Qualification),
                None => None,
            },
            "appl" if may(Permission::ReadOfficers)? => match decode::<ApplicationId>(&id) {
                Some(id) => find_application(ctx, id).await?.map(Node::Application),
                None => None,
            },
            "cert" if may(Permission::ReadOfficers)? => match decode::<CertificateId>(&id) {
                Some(id) => find_certificate(ctx, id).await?.map(Node::Certificate),
                None => None,
            },
            "exst" if may(Permission::ReadOfficers)? => {
                match decode::<ExistingCertificateId>(&id) {
                    Some(id) => find_existing(ctx, id).await?.map(Node::ExistingCertificate),
                    None => None,
                }
            }
            "chck" if may(Permission::ReadCheckRecords)? => match decode::<CheckRecordId>(&id) {
                Some(id) => find_check_record(ctx, id).await?.map(Node::CheckRecord),
                None => None,
            },
            "cmpl" if may(Permission::HandleComplaints)? => match decode::<ComplaintId>(&id) {
                Some(id) => find_complaint(ctx, id).await?.map(Node::Complaint),
                None => None,
            },
            "impt" if may(Permission::ImportRoster)? => match decode::<ImportBatchId>(&id) {
                Some(id) => find_import(ctx, id).await?.map(Node::ImportBatch),
                None => None,
            },
            "phot" if may(Permission::UploadPhotos)? => match decode::<PhotoBatchId>(&id) {
                Some(id) => find_photo_batch(ctx, id).await?.map(Node::PhotoBatch),
                None => None,
            },
            "trng" if may(Permission::ReadOfficers)? => match decode::<TrainingSessionId>(&id) {
                Some(id) => find_session(ctx, id).await?.map(Node::TrainingSession),
                None => None,
            },
            "sitt" if may(Permission::ReadOfficers)? => match decode::<ExamSittingId>(&id) {
                Some(id) => find_sitting(ctx, id).await?.map(Node::ExamSitting),
                None => None,
            },
            "trup" if may(Permission::RecordTraining)? => match decode::<TrainingUploadId>(&id) {
                Some(id) => find_upload(ctx, id).await?.map(Node::TrainingUpload),
                None => None,
            },
            "show" if may(Permission::ShowCertificates)? || may(Permission::ReadShowings)? => {
                match decode::<ShowingId>(&id) {
                    Some(id) => find_showing(ctx, id).await?.map(Node::Showing),
                    None => None,
                }
            }
            "jaut" if may(Permission::ReadOrganisations)? => {
                match decode::<JointAuthorisationId>(&id) {
                    Some(id) => {
                        find_joint_authorisation(ctx, id).await?.map(Node::JointAuthorisation)
                    }
                    None => None,
                }
            }
            _ => None,
        };
        Ok(found)
    }
}
