//! Who may decide: which duties the policy keeps apart where, and whether somebody nearer may act.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use entities::division;
use entities::enums::{ApplicationStep, Role};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};

use super::sources::Asker;
use super::sql::Sql;
use crate::access::{Permission, granted_to};
use crate::certification::rules::applications::{Duty, duty, pair};
use crate::platform::failure::Fault;
use crate::policy::{self, AgencyChangePolicy, InForce, Pair, PolicyBody, ReviewPolicy};

/// In which divisions something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Where {
    Everywhere,
    ButIn(Vec<String>),
}

/// What the policies on reviews and on reforms say, division by division.
pub(super) struct Rules {
    pairs: HashMap<Pair, Where>,
    escalates: Where,
    reforms_by_two: Where,
}

impl Rules {
    /// Reads what concerns the asker: each policy in one statement, and where divisions differ in few
    /// more.
    pub async fn load(db: &impl ConnectionTrait, asker: &Asker) -> Result<Self, Fault> {
        let usual = ReviewPolicy::default();
        let as_usual = |p: &ReviewPolicy| {
            p.escalates == usual.escalates && PAIRS.iter().all(|pair| p.differ(*pair))
        };
        let reviews = unusual(db, asker.today, as_usual).await?;
        let reforms = if asker.roots(Permission::ManageOrganisations).is_empty() {
            HashMap::new()
        } else {
            unusual(db, asker.today, |p: &AgencyChangePolicy| p.two_persons).await?
        };
        let pairs = PAIRS.into_iter().map(|pair| (pair, but_in(&reviews, |p| p.differ(pair))));
        Ok(Self {
            pairs: pairs.collect(),
            escalates: but_in(&reviews, |p| p.escalates),
            reforms_by_two: but_in(&reforms, |p| p.two_persons),
        })
    }

    /// That whoever proposed a reform does not decide on it, where a column says.
    pub fn reforms_by_two(&self, column: &str, sql: &mut Sql) -> String {
        holds(&self.reforms_by_two, column, sql)
    }

    /// That different persons do two duties, where the row `w` lies.
    fn differ(&self, pair: Pair, sql: &mut Sql) -> String {
        holds(self.pairs.get(&pair).unwrap_or(&Where::Everywhere), DIVISION, sql)
    }

    /// That somebody had a part in the application `w` that keeps them from a duty; `who` gives the
    /// condition that a step `s` of this kind was theirs.
    pub fn took_part(
        &self,
        of: Duty,
        who: impl Fn(ApplicationStep, &mut Sql) -> String,
        sql: &mut Sql,
    ) -> String {
        let mut any = Vec::new();
        for step in ApplicationStep::all() {
            if let Some(pair) = pair(duty(step), of) {
                let (apart, theirs) = (self.differ(pair, sql), who(step, sql));
                any.push(format!("(s.step = '{}' AND {apart} AND ({theirs}))", step.code()));
            }
        }
        format!(
            "EXISTS (SELECT 1 FROM application_steps s WHERE s.application_id = w.id AND ({}))",
            any.join(" OR ")
        )
    }
}

/// Where a row `w` lies.
const DIVISION: &str = "w.division_code";
const PAIRS: [Pair; 3] = [Pair::ProposeReview, Pair::ProposeDecide, Pair::ReviewDecide];

fn holds(at: &Where, column: &str, sql: &mut Sql) -> String {
    match at {
        Where::Everywhere => "1 = 1".to_owned(),
        Where::ButIn(codes) => {
            format!("{column} NOT IN ({})", sql.list(codes.iter().cloned()))
        }
    }
}

/// What holds in each division, where some version is not as usual; nothing where all are.
async fn unusual<T: PolicyBody>(
    db: &impl ConnectionTrait,
    day: NaiveDate,
    as_usual: impl Fn(&T) -> bool,
) -> Result<HashMap<String, Arc<InForce<T>>>, Fault> {
    let entered = policy::in_force_where_entered::<T>(db, day).await?;
    if entered.values().all(|version| as_usual(&version.body)) {
        return Ok(HashMap::new());
    }
    let divisions: Vec<String> = division::Entity::find()
        .select_only()
        .column(division::Column::Code)
        .into_tuple()
        .all(db)
        .await?;
    policy::in_force_many(db, &divisions, day).await
}

/// Where something holds: everywhere but in the divisions whose version says otherwise.
fn but_in<T>(versions: &HashMap<String, Arc<InForce<T>>>, holds: impl Fn(&T) -> bool) -> Where {
    let mut not: Vec<String> = versions
        .iter()
        .filter(|(_, version)| !holds(&version.body))
        .map(|(division, _)| division.clone())
        .collect();
    not.sort_unstable();
    if not.is_empty() { Where::Everywhere } else { Where::ButIn(not) }
}

/// The person who holds the role, in a condition of [`nearest_desk`].
pub(super) const HOLDER: &str = "ac.person_id";

/// That the [`HOLDER`] did something with a permission: what `person` did at a moment of the row `w`,
/// while standing in for them, counts as theirs for good.
pub(super) fn did(by: Permission, (person, at): (&str, &str)) -> String {
    let roles: Vec<String> =
        granted_to(by).iter().map(|role| format!("'{}'", role.code())).collect();
    format!(
        "{HOLDER} = {person} OR EXISTS (SELECT 1 FROM delegations pd \
         JOIN grants pg ON pg.id = pd.grant_id \
         JOIN accounts pl ON pl.id = pd.from_account_id \
         JOIN accounts pt ON pt.id = pd.to_account_id \
         WHERE pl.person_id = {HOLDER} AND pt.person_id = {person} AND pg.role IN ({}) \
         AND pd.starts_at <= {at} AND pd.ends_at > {at} \
         AND (pd.ended_at IS NULL OR pd.ended_at > {at}) \
         AND (pg.ended_at IS NULL OR pg.ended_at > {at}))",
        roles.join(", ")
    )
}

/// Of the rows of `base`, each with its `desk` (the office that decides), those that come to the
/// asker: whose office is the nearest of which somebody may act. `barred` is a condition that keeps
/// the [`HOLDER`] of a role from acting on the row `w`; whoever the role is lent to or by counts as
/// one with its holder, so that what keeps the other keeps both.
pub(super) fn nearest_desk(
    base: &str,
    held: &[Role],
    roots: &[entities::ids::AgencyId],
    barred: &str,
    asker: &Asker,
    rules: &Rules,
    sql: &mut Sql,
) -> String {
    let roots = sql.list(roots.iter().copied());
    let now = sql.bind(asker.now);
    let held: Vec<String> = held.iter().map(|role| format!("'{}'", role.code())).collect();
    let nearer = format!(
        "EXISTS (SELECT 1 FROM agency_closure n \
         JOIN grants gr ON gr.agency_id = n.ancestor_id AND gr.axis = n.axis \
         JOIN accounts ac ON ac.id = gr.account_id \
         WHERE n.axis = 'TERRITORY' AND n.agency_id = w.desk AND n.depth < w.level \
         AND gr.role IN ({}) AND gr.created_at <= {now} \
         AND (gr.ended_at IS NULL OR gr.ended_at > {now}) AND ac.disabled_at IS NULL",
        held.join(", ")
    );
    let of_other = barred.replace(HOLDER, "o.person_id");
    let barred = format!(
        "({barred}) OR EXISTS (SELECT 1 FROM delegations d JOIN grants dg ON dg.id = d.grant_id \
         JOIN accounts lender ON lender.id = d.from_account_id AND lender.disabled_at IS NULL \
         JOIN accounts o ON o.id = d.from_account_id OR o.id = d.to_account_id \
         WHERE (d.from_account_id = ac.id OR d.to_account_id = ac.id) AND dg.role = gr.role \
         AND d.starts_at <= {now} AND d.ends_at > {now} AND d.ended_at IS NULL \
         AND (dg.ended_at IS NULL OR dg.ended_at > {now}) AND ({of_other}))"
    );
    let escalates = holds(&rules.escalates, DIVISION, sql);
    format!(
        "SELECT w.*, {nearer}) AS nearer FROM (\
           SELECT v.*, (SELECT MIN(n.depth) FROM agency_closure n \
             WHERE n.axis = 'TERRITORY' AND n.agency_id = v.desk \
             AND n.ancestor_id IN ({roots})) AS level FROM ({base}) v\
         ) w WHERE w.level IS NOT NULL AND NOT {nearer} AND NOT (({escalates}) AND ({barred})))"
    )
}
