//! Scopes follow a reform at once on every axis, and after any sequence of reforms the closure is
//! the one that the register gives from scratch.

use std::collections::{BTreeMap, BTreeSet};

use entities::enums::ScopeAxis;
use entities::ids::AgencyId;
use entities::{agency, agency_closure, division};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::EntityTrait;

use api::access::Scope;
use api::audit::UnitOfWork;
use api::organisations::{self, NewAgency};
use api::platform::actor::Actor;
use api::platform::clock::local_date;
use api::platform::failure::Failure;
use api::policy;
use api::reorganisation::{self, NewChange, Part, Plan, Superior, Target};

use crate::harness::TestApp;
use crate::province::Province;

async fn reached(app: &TestApp, axis: ScopeAxis, root: AgencyId) -> BTreeSet<AgencyId> {
    let scope = Scope::Under(vec![(axis, root)]);
    scope.agencies(app.platform.db.read()).await.unwrap().unwrap().into_iter().collect()
}

async fn province() -> (TestApp, Province) {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let mut uow = UnitOfWork::begin(&app.platform, &Actor::System).await.unwrap();
    policy::enter_defaults(&mut uow, "620000").await.unwrap();
    uow.commit().await.unwrap();
    (app, p)
}

/// Does a reform today; `false` where it is refused.
async fn reform(app: &TestApp, plan: Plan) -> bool {
    let new = NewChange {
        plan,
        effective_on: local_date(app.now()),
        document: "甘编发〔2026〕1号".into(),
    };
    let id = match reorganisation::propose(&app.platform, &Actor::System, new).await {
        Ok(id) => id,
        Err(Failure::Refused(_)) => return false,
        Err(Failure::Fault(fault)) => panic!("{fault}"),
    };
    match reorganisation::approve(&app.platform, &Actor::System, id).await {
        Ok(_) => true,
        Err(Failure::Refused(_)) => false,
        Err(Failure::Fault(fault)) => panic!("{fault}"),
    }
}

/// A brigade that a bureau entrusts.
fn brigade(app: &TestApp, by: AgencyId) -> NewAgency {
    let body = "12620102MB0000009";
    let check = organisations::rules::uscc_check_character(body).unwrap();
    NewAgency {
        id: app.platform.new_id(),
        name: "城关区市场监管综合执法队".into(),
        aliases: Vec::new(),
        uscc: format!("{body}{check}"),
        kind: entities::enums::AgencyKind::EntrustedOrganisation,
        leadership: entities::enums::Leadership::Local,
        is_justice: false,
        issues_certificates: false,
        division_code: "620102".into(),
        superior_id: Some(by),
        entrusted_by_id: Some(by),
        entrustment_letter: Some("城市监委〔2026〕1号".into()),
        field_codes: vec!["market".into()],
        complaint_phone: None,
        qualification: entities::enums::AgencyQualification::Pending,
        qualification_confirmed_on: None,
    }
}

#[tokio::test]
async fn scopes_follow_at_once_on_every_axis() {
    let (app, p) = province().await;
    let new = brigade(&app, p.county_market);
    let brigade = new.id;
    organisations::enter_agency(&app.platform, &Actor::System, new).await.unwrap();
    let (here, there) = (p.county_market, p.other_county_market);

    // Under another superior: the line follows, the territory does not.
    let plan = Plan::Move {
        agency: here,
        superior: Superior::Under(there),
        division: None,
        leadership: None,
    };
    assert!(reform(&app, plan).await);
    assert_eq!(reached(&app, ScopeAxis::Line, there).await, [there, here, brigade].into());
    assert_eq!(reached(&app, ScopeAxis::Own, there).await, [there].into());
    assert_eq!(
        reached(&app, ScopeAxis::Territory, p.county_justice).await,
        [p.county_justice, here, brigade].into()
    );

    // Into another division: right under the city, as that county's justice department is not there.
    let plan = Plan::Move {
        agency: here,
        superior: Superior::Nobody,
        division: Some("620103".into()),
        leadership: None,
    };
    assert!(reform(&app, plan).await);
    assert_eq!(reached(&app, ScopeAxis::Line, there).await, [there].into());
    assert_eq!(
        reached(&app, ScopeAxis::Territory, p.county_justice).await,
        [p.county_justice, brigade].into()
    );
    let under_city = reached(&app, ScopeAxis::Territory, p.prefecture_justice).await;
    assert!(under_city.contains(&here));

    // What a bureau entrusts goes with who takes its place.
    let plan = Plan::Merge { from: vec![here], into: Target::Existing(there) };
    assert!(reform(&app, plan).await);
    assert_eq!(reached(&app, ScopeAxis::Own, there).await, [there, brigade].into());
    assert_eq!(reached(&app, ScopeAxis::Line, there).await, [there, brigade].into());
    assert_eq!(reached(&app, ScopeAxis::Own, here).await, [here].into());

    // A justice department that ends leaves its territory to the next above.
    let plan = Plan::Abolish { agency: p.county_justice, successor: None };
    assert!(reform(&app, plan).await);
    let county = reached(&app, ScopeAxis::Territory, p.county_justice).await;
    assert_eq!(county, [p.county_justice].into());
    let under_city = reached(&app, ScopeAxis::Territory, p.prefecture_justice).await;
    assert!(under_city.contains(&brigade) && under_city.contains(&p.county_justice));
}

/// The closure as the table has it.
async fn stored(app: &TestApp) -> BTreeSet<(ScopeAxis, AgencyId, AgencyId, i32)> {
    let rows = agency_closure::Entity::find().all(app.platform.db.read()).await.unwrap();
    rows.into_iter().map(|row| (row.axis, row.ancestor_id, row.agency_id, row.depth)).collect()
}

/// The closure from scratch: from the rows of agencies and divisions, without the code that keeps
/// the table.
async fn from_scratch(app: &TestApp) -> BTreeSet<(ScopeAxis, AgencyId, AgencyId, i32)> {
    let db = app.platform.db.read();
    let agencies = agency::Entity::find().all(db).await.unwrap();
    let above: BTreeMap<String, Option<String>> = division::Entity::find()
        .all(db)
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.code, row.parent_code))
        .collect();
    let justice: BTreeMap<&str, AgencyId> = agencies
        .iter()
        .filter(|a| a.is_justice && a.abolished_on.is_none())
        .map(|a| (a.division_code.as_str(), a.id))
        .collect();
    let territory = |a: &agency::Model| {
        let mut code = Some(a.division_code.clone());
        while let Some(at) = code {
            match justice.get(at.as_str()) {
                Some(id) if *id != a.id => return Some(*id),
                _ => code = above[&at].clone(),
            }
        }
        None
    };
    let mut closure = BTreeSet::new();
    for axis in [ScopeAxis::Territory, ScopeAxis::Line, ScopeAxis::Own] {
        let parent: BTreeMap<AgencyId, Option<AgencyId>> = agencies
            .iter()
            .map(|a| {
                let parent = match axis {
                    ScopeAxis::Territory => territory(a),
                    ScopeAxis::Line => a.superior_id,
                    ScopeAxis::Own => a.entrusted_by_id,
                };
                (a.id, parent)
            })
            .collect();
        for &agency in parent.keys() {
            let line = std::iter::successors(Some(agency), |id| parent[id]);
            closure.extend(line.zip(0..).map(|(up, depth)| (axis, up, agency, depth)));
        }
    }
    closure
}

/// A step: what kind of reform, of which agency, with which other, in which division.
type Step = (u8, usize, usize, usize);

async fn walk(steps: Vec<Step>) -> Result<usize, TestCaseError> {
    let (app, p) = province().await;
    let mut ids = vec![
        p.justice,
        p.prefecture_justice,
        p.county_justice,
        p.county_market,
        p.other_county_market,
    ];
    let new = brigade(&app, p.county_market);
    ids.push(new.id);
    organisations::enter_agency(&app.platform, &Actor::System, new).await.unwrap();
    let divisions = ["620000", "620100", "620102", "620103"];
    let mut done = 0;
    for (kind, a, b, at) in steps {
        let (agency, other) = (ids[a % ids.len()], ids[b % ids.len()]);
        let division = Some(divisions[at % divisions.len()].to_owned());
        let placed =
            |superior, division| Plan::Move { agency, superior, division, leadership: None };
        let body = format!("11620102MB{:07}", 100 + ids.len());
        let founded = NewAgency {
            kind: entities::enums::AgencyKind::Organ,
            name: format!("新设的机关{}", ids.len()),
            uscc: format!("{body}{}", organisations::rules::uscc_check_character(&body).unwrap()),
            superior_id: Some(other),
            entrusted_by_id: None,
            entrustment_letter: None,
            ..brigade(&app, other)
        };
        let new = founded.id;
        let founded = Target::New(Box::new(founded));
        let part = |to, rest| Part { to, people: Vec::new(), units: Vec::new(), rest };
        let plan = match kind % 8 {
            0 => placed(Superior::Under(other), None),
            1 => placed(Superior::Nobody, division),
            2 => placed(Superior::Under(other), division),
            3 => Plan::Abolish { agency, successor: None },
            4 => Plan::Merge { from: vec![agency], into: Target::Existing(other) },
            5 => Plan::Merge { from: vec![agency], into: founded },
            6 => Plan::Split { from: agency, parts: vec![part(founded, true)], ends: b % 2 == 0 },
            _ => Plan::Rename { agency, name: format!("改名后的机关{done}") },
        };
        let founds = matches!(kind % 8, 5 | 6);
        let passed = reform(&app, plan).await;
        done += usize::from(passed);
        if founds && passed {
            ids.push(new);
        }
        prop_assert_eq!(stored(&app).await, from_scratch(&app).await);
    }
    Ok(done)
}

#[test]
fn after_any_sequence_of_reforms_the_closure_is_the_one_from_scratch() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config { cases: 6, ..Config::default() });
    let steps = prop::collection::vec((any::<u8>(), 0_usize..12, 0_usize..12, 0_usize..4), 8..16);
    let done = std::cell::Cell::new(0);
    runner
        .run(&steps, |steps| {
            done.set(done.get() + runtime.block_on(walk(steps))?);
            Ok(())
        })
        .unwrap();
    assert!(done.get() > 6, "only {} reforms passed the rules", done.get());
}
