//! The hours of a calendar year at a glance: a person, an agency, a region. Everything is counted from
//! `training_records`, so it is the same sum that qualifying asks for.
//!
//! Who counts: enforcement and supervision officers in post, whether they hold a certificate yet or
//! not. The duty of at least 60 hours a year is that of officers in service; candidates are trained in
//! the same year, and whoever is off post, auxiliary or clerical staff owes none. A person counts
//! where they are now.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entities::enums::{Employment, PersonKind};
use entities::ids::{AgencyId, PersonId, TrainingSessionId};
use entities::{agency, division, person, training_record};
use sea_orm::sea_query::{
    Alias, CaseStatement, Expr, ExprTrait, Func, IntoColumnRef, JoinType, Query, SelectStatement,
    SimpleExpr, SubQueryStatement,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    StatementBuilder,
};

use crate::access::{Scope, tree};
use crate::graphql::ids::decode_or_nil;
use crate::graphql::page::Page;
use crate::organisations::{self, after};
use crate::platform::failure::Fault;
use crate::policy::{self, CertificationPolicy};

/// Minutes a year asks for, by division.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Required {
    /// What holds where nothing else is said.
    usual: i64,
    /// Divisions where another number holds.
    other: BTreeMap<i64, Vec<String>>,
}

impl Required {
    /// What a year asks for: by the policy of its last day, or of today while it lasts.
    pub async fn of_year(
        db: &impl ConnectionTrait,
        year: i32,
        today: NaiveDate,
    ) -> Result<Self, Fault> {
        let last = NaiveDate::from_ymd_opt(year.clamp(1, 9999), 12, 31).unwrap_or(today);
        let entered =
            policy::in_force_where_entered::<CertificationPolicy>(db, std::cmp::min(last, today));
        let entered: HashMap<String, i64> = entered
            .await?
            .into_iter()
            .map(|(code, policy)| (code, policy.body.training_minutes_required))
            .collect();
        // In most provinces one number holds everywhere, and no division has to be read.
        let mut numbers: Vec<i64> = entered.values().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        match numbers.as_slice() {
            [one] => Ok(Self { usual: *one, other: BTreeMap::new() }),
            [] => Ok(Self {
                usual: CertificationPolicy::default().training_minutes_required,
                other: BTreeMap::new(),
            }),
            _ => Ok(Self::by_division(&organisations::divisions(db).await?, &entered)),
        }
    }

    fn by_division(divisions: &[division::Model], entered: &HashMap<String, i64>) -> Self {
        let parents = parents(divisions);
        let mut by_number: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for division in divisions {
            let nearest = upwards(&parents, &division.code).find_map(|code| entered.get(code));
            if let Some(minutes) = nearest {
                by_number.entry(*minutes).or_default().push(division.code.clone());
            }
        }
        let usual = by_number.iter().max_by_key(|(_, codes)| codes.len()).map(|(m, _)| *m);
        let usual = usual.unwrap_or_default();
        by_number.remove(&usual);
        Self { usual, other: by_number }
    }

    /// The minutes that hold where an agency is.
    fn expression(&self) -> SimpleExpr {
        if self.other.is_empty() {
            return Expr::value(self.usual);
        }
        let division = || Expr::col((agency::Entity, agency::Column::DivisionCode));
        let mut case = CaseStatement::new();
        for (minutes, codes) in &self.other {
            case = case.case(division().is_in(codes.iter().cloned()), Expr::value(*minutes));
        }
        case.finally(Expr::value(self.usual)).into()
    }
}

type Parents<'a> = HashMap<&'a str, Option<&'a str>>;

fn parents(divisions: &[division::Model]) -> Parents<'_> {
    divisions.iter().map(|d| (d.code.as_str(), d.parent_code.as_deref())).collect()
}

/// A division and those above it; there are four levels.
fn upwards<'a>(parents: &'a Parents<'a>, code: &'a str) -> impl Iterator<Item = &'a str> {
    std::iter::successors(Some(code), |code| parents.get(code).copied().flatten()).take(4)
}

/// How many have their hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Counts {
    /// Officers in post.
    pub people: i64,
    /// Those who have the hours of the year.
    pub done: i64,
    /// Minutes of all together.
    pub minutes: i64,
}

impl Counts {
    /// Those who lack some.
    pub fn behind(self) -> i64 {
        self.people - self.done
    }

    /// Minutes a person, cut; none where there is nobody.
    pub fn average(self) -> Option<i64> {
        self.minutes.checked_div(self.people)
    }

    fn add(&mut self, other: Self) {
        self.people += other.people;
        self.done += other.done;
        self.minutes += other.minutes;
    }
}

/// A person's year.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PersonYear {
    /// Who.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Minutes done.
    pub minutes: i64,
    /// Minutes the policy asks for.
    pub required: i64,
    /// Whether the person counts: an officer in post.
    pub counts: bool,
}

/// An agency's year.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AgencyYear {
    /// Which.
    pub id: AgencyId,
    /// Its name.
    pub name: String,
    /// Of its officers.
    #[sea_orm(nested)]
    pub counts: Counts,
}

/// A region's year, with everything below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionYear {
    /// Which.
    pub division: division::Model,
    /// Of the officers of its agencies and of all below.
    pub counts: Counts,
}

fn minutes_of(year: i32) -> SimpleExpr {
    use training_record::Column::{Minutes, PersonId as Person, Year};
    let sum = Query::select()
        .expr(Func::coalesce([
            Func::sum(Expr::col((training_record::Entity, Minutes))).into(),
            Expr::value(0_i64),
        ]))
        .from(training_record::Entity)
        .and_where(
            Expr::col((training_record::Entity, Person))
                .equals((person::Entity, person::Column::Id)),
        )
        .and_where(Expr::col((training_record::Entity, Year)).eq(year))
        .take();
    // The sum of big integers is a numeric on PostgreSQL.
    bigint(SimpleExpr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(sum))))
}

fn bigint(expression: impl Into<SimpleExpr>) -> SimpleExpr {
    expression.into().cast_as(Alias::new("bigint"))
}

fn officer_in_post() -> SimpleExpr {
    use person::Column::{Employment as Employed, Kind};
    let kinds = [PersonKind::EnforcementOfficer, PersonKind::SupervisionOfficer];
    let kind = Expr::col((person::Entity, Kind)).is_in(kinds.map(PersonKind::code));
    kind.and(Expr::col((person::Entity, Employed)).eq(Employment::InPost.code()))
}

fn people(scope: &Scope, required: &Required, year: i32) -> SelectStatement {
    use person::Column::{AgencyId as Unit, Id, Name};
    Query::select()
        .columns([(person::Entity, Id), (person::Entity, Name), (person::Entity, Unit)])
        .column((agency::Entity, agency::Column::DivisionCode))
        .expr_as(minutes_of(year), "minutes")
        .expr_as(required.expression(), "required")
        .from(person::Entity)
        .join(
            JoinType::InnerJoin,
            agency::Entity,
            Expr::col((agency::Entity, agency::Column::Id)).equals((person::Entity, Unit)),
        )
        .cond_where(scope.condition((person::Entity, Unit)))
        .take()
}

/// Officers in post with their minutes, as a table that is counted.
fn counted(scope: &Scope, required: &Required, year: i32) -> SelectStatement {
    people(scope, required, year).and_where(officer_in_post()).take()
}

fn count(select: &mut SelectStatement, of: &Alias) {
    let column = |name: &'static str| Expr::col((of.clone(), Alias::new(name)).into_column_ref());
    let done = CaseStatement::new()
        .case(column("minutes").gte(column("required")), Expr::value(1_i64))
        .finally(Expr::value(0_i64));
    let sum = |expression: SimpleExpr| {
        bigint(Func::coalesce([Func::sum(expression).into(), Expr::value(0_i64)]))
    };
    select
        .expr_as(bigint(Func::count(column("id"))), "people")
        .expr_as(sum(done.into()), "done")
        .expr_as(sum(column("minutes")), "minutes");
}

async fn all<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    select: &SelectStatement,
) -> Result<Vec<T>, Fault> {
    let statement = StatementBuilder::build(select, &db.get_database_backend());
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| Ok(T::from_query_result(row, "")?)).collect()
}

/// Which people a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeopleFilter {
    /// An agency and what lies under it.
    pub agency: Option<AgencyId>,
    /// Only those who lack hours, or only those who have them.
    pub behind: Option<bool>,
}

/// A page of officers in post by name, with their year; one row more than the page.
pub async fn of_people(
    db: &impl ConnectionTrait,
    scope: &Scope,
    required: &Required,
    year: i32,
    filter: PeopleFilter,
    page: &Page,
) -> Result<Vec<PersonYear>, Fault> {
    use person::Column::{AgencyId as Unit, Id, Name};
    let mut select = counted(scope, required, year);
    select.expr_as(Expr::value(true), "counts");
    if let Some(agency) = filter.agency {
        select.and_where(Expr::col((person::Entity, Unit)).in_subquery(tree::below(agency)));
    }
    if let Some(behind) = filter.behind {
        let (minutes, required) = (minutes_of(year), required.expression());
        select.and_where(if behind { minutes.lt(required) } else { minutes.gte(required) });
    }
    if let Some([name, id]) = page.after.as_deref() {
        let id = decode_or_nil::<PersonId>(id);
        select.and_where(after(Name, Id, name, id));
    }
    select
        .order_by((person::Entity, Name), sea_orm::Order::Asc)
        .order_by((person::Entity, Id), sea_orm::Order::Asc)
        .limit(page.limit());
    all(db, &select).await
}

/// One person's year, whether they count or not.
pub async fn of_person(
    db: &impl ConnectionTrait,
    scope: &Scope,
    required: &Required,
    year: i32,
    id: PersonId,
) -> Result<Option<PersonYear>, Fault> {
    let mut select = people(scope, required, year);
    let counts =
        CaseStatement::new().case(officer_in_post(), Expr::value(true)).finally(Expr::value(false));
    select.expr_as(counts, "counts");
    select.and_where(Expr::col((person::Entity, person::Column::Id)).eq(id));
    Ok(all(db, &select).await?.into_iter().next())
}

/// A page of agencies by name that exist today, with the year of their officers; one row more than
/// the page.
pub async fn of_agencies(
    db: &impl ConnectionTrait,
    scope: &Scope,
    required: &Required,
    year: i32,
    today: NaiveDate,
    page: &Page,
) -> Result<Vec<AgencyYear>, Fault> {
    use agency::Column::{AbolishedOn, Id, Name};
    let mut on_the_page = Query::select();
    on_the_page
        .columns([(agency::Entity, Id), (agency::Entity, Name)])
        .from(agency::Entity)
        .cond_where(scope.condition((agency::Entity, Id)))
        .and_where(AbolishedOn.is_null().or(AbolishedOn.gt(today)));
    if let Some([name, id]) = page.after.as_deref() {
        let id = decode_or_nil::<AgencyId>(id);
        on_the_page.and_where(after(Name, Id, name, id));
    }
    on_the_page
        .order_by((agency::Entity, Name), sea_orm::Order::Asc)
        .order_by((agency::Entity, Id), sea_orm::Order::Asc)
        .limit(page.limit());
    // Only the people of the page are added up.
    let shown = Alias::new("shown");
    let ids = Query::select()
        .column((shown.clone(), Id))
        .from_subquery(on_the_page.clone(), shown.clone())
        .take();
    let mut counted = counted(scope, required, year);
    counted.and_where(Expr::col((person::Entity, person::Column::AgencyId)).in_subquery(ids));
    let officer = Alias::new("officer");
    let mut select = Query::select();
    select
        .column((shown.clone(), Id))
        .column((shown.clone(), Name))
        .from_subquery(on_the_page, shown.clone())
        .join_subquery(
            JoinType::LeftJoin,
            counted,
            officer.clone(),
            Expr::col((officer.clone(), person::Column::AgencyId)).equals((shown.clone(), Id)),
        )
        .group_by_col((shown.clone(), Id))
        .group_by_col((shown.clone(), Name))
        .order_by((shown.clone(), Name), sea_orm::Order::Asc)
        .order_by((shown, Id), sea_orm::Order::Asc);
    count(&mut select, &officer);
    all(db, &select).await
}

#[derive(FromQueryResult)]
struct OfDivision {
    division_code: String,
    #[sea_orm(nested)]
    counts: Counts,
}

/// The regions right below a division, by code, each with everything below it; the division itself
/// where it is wanted alone. Added up in the database by division, in one statement, and rolled up
/// along the tree here.
pub async fn of_regions(
    db: &impl ConnectionTrait,
    scope: &Scope,
    required: &Required,
    year: i32,
    wanted: &[division::Model],
) -> Result<Vec<RegionYear>, Fault> {
    let officer = Alias::new("officer");
    let division = (officer.clone(), agency::Column::DivisionCode);
    let mut select = Query::select();
    select
        .column(division.clone())
        .from_subquery(counted(scope, required, year), officer.clone())
        .group_by_col(division);
    count(&mut select, &officer);
    let by_division: Vec<OfDivision> = all(db, &select).await?;
    let divisions = organisations::divisions(db).await?;
    let parents = parents(&divisions);
    let mut counts: HashMap<&str, Counts> =
        wanted.iter().map(|d| (d.code.as_str(), Counts::default())).collect();
    for row in &by_division {
        for code in upwards(&parents, &row.division_code) {
            if let Some(region) = counts.get_mut(code) {
                region.add(row.counts);
            }
        }
    }
    let of = |division: &division::Model| {
        let counts = counts.get(division.code.as_str()).copied().unwrap_or_default();
        RegionYear { division: division.clone(), counts }
    };
    Ok(wanted.iter().map(of).collect())
}

/// The divisions right below one, by code, after one; without a parent the province itself.
pub async fn divisions_below(
    db: &impl ConnectionTrait,
    parent: Option<&str>,
    page: &Page,
) -> Result<Vec<division::Model>, Fault> {
    use division::Column::{Code, ParentCode};
    use sea_orm::QuerySelect;
    let mut select = division::Entity::find();
    select = match parent {
        Some(parent) => select.filter(ParentCode.eq(parent)),
        None => select.filter(ParentCode.is_null()),
    };
    if let Some([code]) = page.after.as_deref() {
        select = select.filter(Code.gt(code));
    }
    Ok(select.order_by_asc(Code).limit(page.limit()).all(db).await?)
}

/// A part of somebody's year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Minutes.
    pub minutes: i64,
    /// The session that gave them; none for what came by a roster or by hand.
    pub session: Option<TrainingSessionId>,
}

/// The parts of people's years, in the order in which they were recorded.
pub async fn parts(
    db: &impl ConnectionTrait,
    year: i32,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Vec<Part>>, Fault> {
    use training_record::Column::{Id, PersonId as Person, RecordedAt, Year};
    let rows = training_record::Entity::find()
        .filter(Year.eq(year))
        .filter(Person.is_in(people.iter().copied()))
        .order_by_asc(RecordedAt)
        .order_by_asc(Id)
        .all(db)
        .await?;
    let mut found: HashMap<PersonId, Vec<Part>> = HashMap::new();
    for row in rows {
        let part = Part { minutes: row.minutes, session: row.session_id };
        found.entry(row.person_id).or_default().push(part);
    }
    Ok(found)
}
