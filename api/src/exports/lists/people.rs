//! People of the register, and what bars or burdens them.

use entities::enums::{
    CertificateState, Employment, ExistingKind, ExistingState, ExportList, PersonKind,
};
use entities::ids::{AgencyId, PersonId};

use super::{Answer, Column, List, Piece, Reading, columns, piece};
use crate::exports::request::Told;
use crate::exports::words::{day, moment};
use crate::graphql::ids::encode;
use crate::graphql::page::Page;
use crate::officers::existing::rules::Exception;
use crate::officers::existing::{ExistingFilter, ExistingRow, existing_page};
use crate::officers::standings::{self, standings_of};
use crate::officers::{self, Identity, OfficerFilter, OfficerRow, Wanted, rules};

/// People by name.
pub(super) struct Officers<'a>(pub &'a OfficerFilter);

/// A person, with ID number and phone as the caller may see them.
pub(super) struct Person {
    row: OfficerRow,
    identity: Identity,
}

/// What people are narrowed by.
fn told(filter: &OfficerFilter) -> Vec<(&'static str, Option<Told>)> {
    let OfficerFilter { name, certificate_number, agency, kind, employment, certificate_state } =
        filter;
    vec![
        ("name", Told::typed(name.as_ref())),
        ("certificateNumber", Told::typed(certificate_number.as_ref())),
        ("agencyId", Told::id(*agency)),
        ("kind", Told::word(kind.map(PersonKind::code))),
        ("employment", Told::word(employment.map(Employment::code))),
        ("certificateState", Told::word(certificate_state.map(CertificateState::code))),
    ]
}

async fn page_of(filter: &OfficerFilter, reading: &Reading<'_>, page: &Page) -> Answer<OfficerRow> {
    let (tx, today) = (reading.tx, reading.words.today);
    let rows = officers::officers(tx, reading.scope, filter, Wanted::ALL, page, today).await?;
    Ok(piece(rows, page, |row| vec![row.name.clone(), encode(row.id)]))
}

impl List for Officers<'_> {
    type Row = Person;

    const LIST: ExportList = ExportList::Officers;

    const COLUMNS: &'static [Column<Person>] = columns![Person;
        "col-name" => |p, _| p.row.name.clone(),
        "col-kind" => |p, w| w.label("kind", &p.row.kind.code()),
        "col-agency" => |p, _| p.row.agency_name.clone().unwrap_or_default(),
        "col-internal-unit" => |p, _| p.row.internal_unit.clone().unwrap_or_default(),
        "col-establishment" => |p, w| w.label("establishment", &p.row.establishment.code()),
        "col-duty" => |p, w| w.label("duty", &p.row.duty.code()),
        "col-employment" => |p, w| w.label("employment", &p.row.employment.code()),
        "col-position" => |p, _| p.row.position.clone().unwrap_or_default(),
        "col-fields" => |p, w| w.fields(&p.row.field_codes),
        "col-area" => |p, _| p.row.area_name.clone().unwrap_or_default(),
        "col-id-number" => |p, _| p.identity.id_number.clone(),
        "col-phone" => |p, _| p.identity.phone.clone().unwrap_or_default(),
        "col-photo" => |p, w| w.yes(p.row.has_photo),
        "col-number" => |p, _| p.row.certificate_number.clone().unwrap_or_default(),
        "col-certificate-state" => |p, w| {
            let state = p.row.certificate_state.zip(p.row.valid_until);
            state.map_or_else(String::new, |(state, until)| {
                w.label("certificate", &rules::state_on(state, until, w.today).code())
            })
        },
        "col-valid-from" => |p, _| day(p.row.valid_from),
        "col-valid-until" => |p, _| day(p.row.valid_until),
        "col-issuer" => |p, _| p.row.issuing_authority.clone().unwrap_or_default(),
        "col-id" => |p, _| encode(p.row.id),
    ];

    fn agency(&self) -> Option<AgencyId> {
        self.0.agency
    }

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        told(self.0)
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<Person> {
        let Piece { rows, next } = page_of(self.0, reading, &page).await?;
        let ids: Vec<PersonId> = rows.iter().map(|row| row.id).collect();
        let mut identities =
            officers::identities(reading.tx, reading.platform, reading.scope, &ids).await?;
        let rows = rows.into_iter().filter_map(|row| {
            let identity = identities.remove(&row.id)?;
            let identity = if reading.whole { identity } else { identity.masked() };
            Some(Person { row, identity })
        });
        Ok(Piece { rows: rows.collect(), next })
    }

    fn shown(person: &Person) -> Option<(PersonId, AgencyId)> {
        Some((person.row.id, person.row.agency_id))
    }
}

/// Standings of people, by name and first day.
pub(super) struct Standings<'a>(pub &'a OfficerFilter);

/// A standing and whose it is.
pub(super) struct StandingOf {
    name: String,
    agency: String,
    told: standings::Told,
}

impl List for Standings<'_> {
    type Row = StandingOf;

    const LIST: ExportList = ExportList::Standings;

    const COLUMNS: &'static [Column<StandingOf>] = columns![StandingOf;
        "col-name" => |s, _| s.name.clone(),
        "col-agency" => |s, _| s.agency.clone(),
        "col-standing" => |s, w| w.label("standing", &s.told.row.kind.code()),
        "col-from" => |s, _| s.told.row.from_on.to_string(),
        "col-until" => |s, _| day(s.told.until),
        "col-in-force" => |s, w| w.yes(s.told.bars),
        "col-recorded-at" => |s, _| moment(Some(s.told.row.recorded_at)),
        "col-lifted-at" => |s, _| moment(s.told.row.lifted_at),
        "col-lift-reason" => |s, w| {
            s.told.row.lift_reason.map_or_else(String::new, |r| w.label("lift", &r.code()))
        },
        "col-person-id" => |s, _| encode(s.told.row.person_id),
        "col-id" => |s, _| encode(s.told.row.id),
    ];

    fn agency(&self) -> Option<AgencyId> {
        self.0.agency
    }

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        told(self.0)
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<StandingOf> {
        let Piece { rows: people, next } = page_of(self.0, reading, &page).await?;
        let ids: Vec<PersonId> = people.iter().map(|row| row.id).collect();
        let told = standings_of(reading.tx, reading.scope, &ids, reading.words.today).await?;
        // In the order of the people: the standings of each are in theirs.
        let mut rows = Vec::with_capacity(told.len());
        for person in people {
            let own = told.iter().filter(|told| told.row.person_id == person.id);
            rows.extend(own.map(|told| StandingOf {
                name: person.name.clone(),
                agency: person.agency_name.clone().unwrap_or_default(),
                told: told.clone(),
            }));
        }
        Ok(Piece { rows, next })
    }
}

/// Certificates that people hold from before: what is odd first, then as they were entered.
pub(super) struct Existing<'a>(pub &'a ExistingFilter);

impl List for Existing<'_> {
    type Row = ExistingRow;

    const LIST: ExportList = ExportList::ExistingCertificates;
    const COLUMNS: &'static [Column<ExistingRow>] = columns![ExistingRow;
        "col-name" => |e, _| e.person_name.clone(),
        "col-agency" => |e, _| e.unit_name.clone(),
        "col-existing-kind" => |e, w| w.label("existing", &e.existing.kind.code()),
        "col-ministry-kind" => |e, _| e.existing.ministry_kind.clone().unwrap_or_default(),
        "col-number" => |e, _| e.existing.number.clone().unwrap_or_default(),
        "col-issuer" => |e, _| e.existing.issuer.clone().unwrap_or_default(),
        "col-issued-on" => |e, _| day(e.existing.issued_on),
        "col-valid-until" => |e, _| day(e.existing.valid_until),
        "col-claimed-state" => |e, w| {
            let claimed = e.existing.claimed_state;
            claimed.map_or_else(String::new, |state| w.label("certificate", &state.code()))
        },
        "col-state" => |e, w| w.label("claim", &e.existing.state.code()),
        "col-exceptions" => |e, w| {
            let codes = e.existing.exceptions.as_array().into_iter().flatten();
            let found = codes.filter_map(|code| Exception::from_code(code.as_str()?));
            found.map(|exception| exception.message(w.locale)).collect::<Vec<_>>().join("; ")
        },
        "col-imported-at" => |e, _| moment(Some(e.existing.created_at)),
        "col-imported-by" => |e, _| e.existing.imported_by.map(encode).unwrap_or_default(),
        "col-decided-at" => |e, _| moment(e.existing.decided_at),
        "col-decided-by" => |e, _| e.existing.decided_by.map(encode).unwrap_or_default(),
        "col-reasons" => |e, _| e.existing.reason.clone().unwrap_or_default(),
        "col-import-id" => |e, _| encode(e.existing.batch_id),
        "col-person-id" => |e, _| encode(e.existing.person_id),
        "col-id" => |e, _| encode(e.existing.id),
    ];

    fn agency(&self) -> Option<AgencyId> {
        self.0.agency
    }

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        let ExistingFilter { state, kind, exceptional, agency, batch, number } = self.0;
        vec![
            ("state", Told::word(state.map(ExistingState::code))),
            ("kind", Told::word(kind.map(ExistingKind::code))),
            ("exceptional", Told::word(exceptional.map(|odd| odd.to_string()))),
            ("agencyId", Told::id(*agency)),
            ("importId", Told::id(*batch)),
            ("number", Told::typed(number.as_ref())),
        ]
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<ExistingRow> {
        let rows = existing_page(reading.tx, reading.scope, self.0, &page).await?;
        let key = |row: &ExistingRow| vec![row.existing.rank.to_string(), encode(row.existing.id)];
        Ok(piece(rows, &page, key))
    }
}
