//! People of the register, and what bars or burdens them.

use entities::ids::{AgencyId, PersonId};

use super::{Column, List, Piece, Reading, columns, piece};
use crate::exports::words::{day, moment};
use crate::graphql::ids::encode;
use crate::graphql::page::Page;
use crate::officers::standings::{Told, standings_of};
use crate::officers::{self, Identity, OfficerFilter, OfficerRow, Wanted, rules};
use crate::platform::failure::Fault;

/// People by name.
pub(super) struct Officers<'a>(pub &'a OfficerFilter);

/// A person, with ID number and phone as the caller may see them.
pub(super) struct Person {
    row: OfficerRow,
    identity: Identity,
}

async fn page_of(
    filter: &OfficerFilter,
    reading: &Reading<'_>,
    page: &Page,
) -> Result<Piece<OfficerRow>, Fault> {
    let (tx, today) = (reading.tx, reading.words.today);
    let rows = officers::officers(tx, reading.scope, filter, Wanted::ALL, page, today).await?;
    Ok(piece(rows, page, |row| vec![row.name.clone(), encode(row.id)]))
}

impl List for Officers<'_> {
    type Row = Person;

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

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Result<Piece<Person>, Fault> {
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
    told: Told,
}

impl List for Standings<'_> {
    type Row = StandingOf;

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

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Result<Piece<StandingOf>, Fault> {
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
