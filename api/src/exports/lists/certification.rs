//! Qualifications, applications and certificates.

use entities::enums::{ApplicationState, CertificateState, ExportList, QualificationState};
use entities::ids::AgencyId;

use super::{Answer, Column, List, Reading, columns, piece};
use crate::certification::rules::grounds::Ground;
use crate::certification::{
    ApplicationFilter, ApplicationRow, CertificateFilter, CertificateRow, QualificationFilter,
    QualificationRow, application_page, certificate_page, qualification_page,
};
use crate::exports::request::Told;
use crate::exports::words::{day, moment};
use crate::graphql::ids::encode;
use crate::graphql::page::Page;

/// Qualifications, oldest first.
pub(super) struct Qualifications<'a>(pub &'a QualificationFilter);

impl List for Qualifications<'_> {
    type Row = QualificationRow;

    const LIST: ExportList = ExportList::Qualifications;

    const COLUMNS: &'static [Column<QualificationRow>] = columns![QualificationRow;
        "col-name" => |q, _| q.person_name.clone(),
        "col-kind" => |q, w| w.label("kind", &q.qualification.kind.code()),
        "col-agency" => |q, _| q.agency_name.clone(),
        "col-state" => |q, w| w.label("qualification", &q.qualification.state.code()),
        "col-nominated-at" => |q, _| moment(Some(q.qualification.nominated_at)),
        "col-decided-at" => |q, _| moment(q.qualification.decided_at),
        "col-reasons" => |q, _| q.qualification.reasons.clone().unwrap_or_default(),
        "col-person-id" => |q, _| encode(q.qualification.person_id),
        "col-id" => |q, _| encode(q.qualification.id),
    ];

    fn agency(&self) -> Option<AgencyId> {
        self.0.agency
    }

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        let QualificationFilter { state, agency, person } = self.0;
        vec![
            ("state", Told::word(state.map(QualificationState::code))),
            ("agencyId", Told::id(*agency)),
            ("personId", Told::id(*person)),
        ]
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<QualificationRow> {
        let rows = qualification_page(reading.tx, reading.scope, self.0, &page).await?;
        Ok(piece(rows, &page, |row| vec![encode(row.qualification.id)]))
    }
}

/// Applications, oldest first, or the oddest first.
pub(super) struct Applications<'a>(pub &'a ApplicationFilter);

impl List for Applications<'_> {
    type Row = ApplicationRow;

    const LIST: ExportList = ExportList::Applications;

    const COLUMNS: &'static [Column<ApplicationRow>] = columns![ApplicationRow;
        "col-name" => |a, _| a.person_name.clone(),
        "col-kind" => |a, w| w.label("kind", &a.application.kind.code()),
        "col-act" => |a, w| w.label("act", &a.application.act.code()),
        "col-state" => |a, w| w.label("application", &a.application.state.code()),
        "col-agency" => |a, _| a.agency_name.clone(),
        "col-issuer" => |a, _| a.issuer_name.clone(),
        "col-submitted-at" => |a, _| moment(a.application.submitted_at),
        "col-reviewed-at" => |a, _| moment(a.application.reviewed_at),
        "col-decided-at" => |a, _| moment(a.application.decided_at),
        "col-reasons" => |a, _| a.application.reasons.clone().unwrap_or_default(),
        "col-person-id" => |a, _| encode(a.application.person_id),
        "col-id" => |a, _| encode(a.application.id),
    ];

    fn agency(&self) -> Option<AgencyId> {
        self.0.agency
    }

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        let ApplicationFilter { state, agency, person, odd_first } = self.0;
        vec![
            ("state", Told::word(state.map(ApplicationState::code))),
            ("agencyId", Told::id(*agency)),
            ("personId", Told::id(*person)),
            ("oddFirst", Told::ticked(*odd_first)),
        ]
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<ApplicationRow> {
        let rows = application_page(reading.tx, reading.scope, self.0, &page).await?;
        Ok(piece(rows, &page, |row| {
            let id = encode(row.application.id);
            if self.0.odd_first { vec![row.application.oddity.to_string(), id] } else { vec![id] }
        }))
    }
}

/// Certificates by number.
pub(super) struct Certificates<'a>(pub &'a CertificateFilter);

impl List for Certificates<'_> {
    type Row = CertificateRow;

    const LIST: ExportList = ExportList::Certificates;

    const COLUMNS: &'static [Column<CertificateRow>] = columns![CertificateRow;
        "col-number" => |c, _| c.certificate.number.clone(),
        "col-name" => |c, _| c.holder_name.clone(),
        "col-kind" => |c, w| w.label("kind", &c.certificate.kind.code()),
        "col-agency" => |c, _| c.unit.unit_name.clone(),
        "col-present-agency" => |c, _| c.agency_name.clone(),
        "col-issuer" => |c, _| c.issuer_name.clone(),
        "col-state" => |c, w| w.label("certificate", &c.state_on(w.today).code()),
        "col-issued-on" => |c, _| c.certificate.issued_on.to_string(),
        "col-valid-from" => |c, _| c.certificate.valid_from.to_string(),
        "col-valid-until" => |c, _| c.certificate.valid_until.to_string(),
        "col-exchange-due-on" => |c, w| day(c.exchange_due(w.today)),
        "col-handed-over-on" => |c, _| day(c.certificate.handed_over_on),
        "col-suspended-until" => |c, _| day(c.certificate.suspended_until),
        "col-ground" => |c, w| {
            let ground = c.certificate.ground.as_deref().and_then(Ground::from_code);
            ground.map_or_else(String::new, |ground| ground.label(w.locale))
        },
        "col-ended-at" => |c, _| moment(c.certificate.ended_at),
        "col-person-id" => |c, _| encode(c.certificate.person_id),
        "col-id" => |c, _| encode(c.certificate.id),
    ];

    fn agency(&self) -> Option<AgencyId> {
        self.0.agency
    }

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        let CertificateFilter { number, state, agency, holder, holder_name, exchange_due_by } =
            self.0;
        vec![
            ("number", Told::typed(number.as_ref())),
            ("state", Told::word(state.map(CertificateState::code))),
            ("agencyId", Told::id(*agency)),
            ("holderId", Told::id(*holder)),
            ("holderName", Told::typed(holder_name.as_ref())),
            ("exchangeDueBy", Told::word(exchange_due_by.map(|day| day.to_string()))),
        ]
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<CertificateRow> {
        let (tx, today) = (reading.tx, reading.words.today);
        let rows = certificate_page(tx, reading.scope, self.0, today, &page).await?;
        Ok(piece(rows, &page, |row| vec![row.certificate.number.clone()]))
    }
}
