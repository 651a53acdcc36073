//! Hours of training in a calendar year, of officers and of agencies.

use std::collections::HashMap;

use chrono::Datelike;
use entities::enums::ExportList;
use entities::ids::{AgencyId, PersonId};

use super::{Answer, Column, List, Piece, Reading, columns, piece};
use crate::exports::request::{Told, YearOf};
use crate::graphql::ids::encode;
use crate::graphql::page::Page;
use crate::officers;
use crate::platform::failure::Fault;
use crate::training::year::{
    AgencyYear, PeopleFilter, PersonYear, Required, of_agencies, of_people,
};

/// Which year, and what it asks for.
async fn required<'r>(
    year: Option<i32>,
    reading: &'r Reading<'_>,
) -> Result<(i32, &'r Required), Fault> {
    let today = reading.words.today;
    let read = async || {
        let year = year.unwrap_or_else(|| today.year());
        Ok::<_, Fault>((year, Required::of_year(reading.tx, year, today).await?))
    };
    let (year, required) = reading.required.get_or_try_init(read).await?;
    Ok((*year, required))
}

fn told_year(year: Option<i32>) -> (&'static str, Option<Told>) {
    ("year", Told::word(year.map(|year| year.to_string())))
}

/// Officers in post by name, with their year.
pub(super) struct Officers<'a>(pub &'a YearOf);

/// An officer's year.
pub(super) struct OfficerOf {
    year: i32,
    agency: String,
    row: PersonYear,
}

impl List for Officers<'_> {
    type Row = OfficerOf;

    const LIST: ExportList = ExportList::OfficerTrainingYears;
    const COLUMNS: &'static [Column<OfficerOf>] = columns![OfficerOf;
        "col-year" => |o, _| o.year.to_string(),
        "col-name" => |o, _| o.row.name.clone(),
        "col-agency" => |o, _| o.agency.clone(),
        "col-minutes" => |o, _| o.row.minutes.to_string(),
        "col-required-minutes" => |o, _| o.row.required.to_string(),
        "col-missing-minutes" => |o, _| (o.row.required - o.row.minutes).max(0).to_string(),
        "col-person-id" => |o, _| encode(o.row.id),
    ];

    fn agency(&self) -> Option<AgencyId> {
        self.0.people.agency
    }

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        let YearOf { year, people: PeopleFilter { agency, behind } } = self.0;
        vec![
            told_year(*year),
            ("agencyId", Told::id(*agency)),
            ("behind", Told::word(behind.map(|behind| behind.to_string()))),
        ]
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<OfficerOf> {
        let (year, required) = required(self.0.year, reading).await?;
        let (tx, scope, people) = (reading.tx, reading.scope, self.0.people);
        let rows = of_people(tx, scope, required, year, people, &page).await?;
        let key = |row: &PersonYear| vec![row.name.clone(), encode(row.id)];
        let Piece { rows, next } = piece(rows, &page, key);
        let ids: Vec<PersonId> = rows.iter().map(|row| row.id).collect();
        let people = officers::officers_among(tx, scope, &ids).await?;
        let mut agencies: HashMap<PersonId, Option<String>> =
            people.into_iter().map(|row| (row.id, row.agency_name)).collect();
        let of = |row: PersonYear| {
            let agency = agencies.remove(&row.id).flatten().unwrap_or_default();
            OfficerOf { year, agency, row }
        };
        Ok(Piece { rows: rows.into_iter().map(of).collect(), next })
    }
}

/// Agencies by name, with the year of their officers.
pub(super) struct Agencies<'a>(pub &'a Option<i32>);

/// An agency's year.
pub(super) struct AgencyOf {
    year: i32,
    row: AgencyYear,
}

impl List for Agencies<'_> {
    type Row = AgencyOf;

    const LIST: ExportList = ExportList::AgencyTrainingYears;
    const COLUMNS: &'static [Column<AgencyOf>] = columns![AgencyOf;
        "col-year" => |a, _| a.year.to_string(),
        "col-agency-name" => |a, _| a.row.name.clone(),
        "col-officers" => |a, _| a.row.counts.people.to_string(),
        "col-done" => |a, _| a.row.counts.done.to_string(),
        "col-behind" => |a, _| a.row.counts.behind().to_string(),
        "col-average-minutes" => |a, _| {
            a.row.counts.average().map(|minutes| minutes.to_string()).unwrap_or_default()
        },
        "col-id" => |a, _| encode(a.row.id),
    ];

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        vec![told_year(*self.0)]
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<AgencyOf> {
        let (year, required) = required(*self.0, reading).await?;
        let (tx, scope, today) = (reading.tx, reading.scope, reading.words.today);
        let rows = of_agencies(tx, scope, required, year, today, &page).await?;
        let key = |row: &AgencyYear| vec![row.name.clone(), encode(row.id)];
        let Piece { rows, next } = piece(rows, &page, key);
        Ok(Piece { rows: rows.into_iter().map(|row| AgencyOf { year, row }).collect(), next })
    }
}
