//! Who may decide: which duties the policy keeps apart where, and whether somebody nearer may act.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entities::division;
use entities::enums::{ApplicationStep, Role};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};

use super::sources::Asker;
use super::sql::Sql;
use crate::certification::rules::applications::{Duty, duty, pair};
use crate::platform::failure::Fault;
use crate::policy::{self, Pair, ReviewPolicy};

/// In which divisions something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Where {
    Everywhere,
    ButIn(Vec<String>),
}

/// What the policy on reviews says, division by division.
pub(super) struct Rules {
    pairs: HashMap<Pair, Where>,
    escalates: Where,
}

impl Rules {
    /// Reads it in one statement; where divisions differ in one more.
    pub async fn load(db: &impl ConnectionTrait, day: NaiveDate) -> Result<Self, Fault> {
        let own = policy::in_force_where_entered::<ReviewPolicy>(db, day).await?;
        let own: HashMap<String, ReviewPolicy> =
            own.into_iter().map(|(division, policy)| (division, policy.body)).collect();
        let usual = ReviewPolicy::default();
        let mut parents = Vec::new();
        let as_usual = |p: &ReviewPolicy| {
            p.escalates == usual.escalates && PAIRS.iter().all(|pair| p.differ(*pair))
        };
        if !own.values().all(as_usual) {
            parents = division::Entity::find()
                .select_only()
                .columns([division::Column::Code, division::Column::ParentCode])
                .into_tuple::<(String, Option<String>)>()
                .all(db)
                .await?;
        }
        let parents: HashMap<String, Option<String>> = parents.into_iter().collect();
        let but_in = |holds: &dyn Fn(&ReviewPolicy) -> bool| {
            let mut not: Vec<String> = parents
                .keys()
                .filter(|code| nearest(code, &parents, &own).is_some_and(|p| !holds(p)))
                .cloned()
                .collect();
            not.sort_unstable();
            if not.is_empty() { Where::Everywhere } else { Where::ButIn(not) }
        };
        Ok(Self {
            pairs: PAIRS.into_iter().map(|pair| (pair, but_in(&|p| p.differ(pair)))).collect(),
            escalates: but_in(&|p| p.escalates),
        })
    }

    /// That different persons do two duties, where the column `w.division_code` says.
    fn differ(&self, pair: Pair, sql: &mut Sql) -> String {
        holds(self.pairs.get(&pair).unwrap_or(&Where::Everywhere), sql)
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

const PAIRS: [Pair; 3] = [Pair::ProposeReview, Pair::ProposeDecide, Pair::ReviewDecide];

fn holds(at: &Where, sql: &mut Sql) -> String {
    match at {
        Where::Everywhere => "1 = 1".to_owned(),
        Where::ButIn(codes) => {
            format!("w.division_code NOT IN ({})", sql.list(codes.iter().cloned()))
        }
    }
}

/// The version of the nearest division upwards.
fn nearest<'a>(
    code: &str,
    parents: &HashMap<String, Option<String>>,
    own: &'a HashMap<String, ReviewPolicy>,
) -> Option<&'a ReviewPolicy> {
    let mut seen = HashSet::new();
    let mut at = Some(code);
    while let Some(code) = at.filter(|code| seen.insert((*code).to_owned())) {
        if let Some(found) = own.get(code) {
            return Some(found);
        }
        at = parents.get(code).and_then(Option::as_deref);
    }
    None
}

/// Of the rows of `base`, each with its `desk` (the office that decides), those that come to the
/// asker: whose office is the nearest of which somebody may act. `barred` is a condition that keeps
/// the holder `ac` of a role from acting on the row `w`.
pub(super) fn nearest_desk(
    base: &str,
    role: Role,
    roots: &[entities::ids::AgencyId],
    barred: &str,
    asker: &Asker,
    rules: &Rules,
    sql: &mut Sql,
) -> String {
    let roots = sql.list(roots.iter().copied());
    let now = sql.bind(asker.now);
    let nearer = format!(
        "EXISTS (SELECT 1 FROM agency_closure n \
         JOIN grants gr ON gr.agency_id = n.ancestor_id AND gr.axis = n.axis \
         JOIN accounts ac ON ac.id = gr.account_id \
         WHERE n.axis = 'TERRITORY' AND n.agency_id = w.desk AND n.depth < w.level \
         AND gr.role = '{}' AND gr.created_at <= {now} \
         AND (gr.ended_at IS NULL OR gr.ended_at > {now}) AND ac.disabled_at IS NULL",
        role.code()
    );
    let escalates = holds(&rules.escalates, sql);
    format!(
        "SELECT w.*, {nearer}) AS nearer FROM (\
           SELECT v.*, (SELECT MIN(n.depth) FROM agency_closure n \
             WHERE n.axis = 'TERRITORY' AND n.agency_id = v.desk \
             AND n.ancestor_id IN ({roots})) AS level FROM ({base}) v\
         ) w WHERE w.level IS NOT NULL AND NOT {nearer} AND NOT (({escalates}) AND ({barred})))"
    )
}
