//! Tests of the rules of reforms.

use entities::enums::{AgencyKind, AgencyQualification, DivisionLevel, Leadership};
use entities::ids::PersonId;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::access::tree;
use crate::organisations::rules::{Place, Places, Trees, trees, uscc_check_character};
use crate::platform::failure::Refusal as _;

const PROVINCE: u128 = 1;
const CITY: u128 = 2;
const COUNTY: u128 = 3;
const MARKET: u128 = 4;
const PRICES: u128 = 5;
const OTHER_COUNTY: u128 = 6;
const BRIGADE: u128 = 7;

fn id(n: u128) -> AgencyId {
    AgencyId(Uuid::from_u128(n))
}

fn node(n: u128, name: &str, division: &str, is_justice: bool) -> Node {
    Node {
        id: id(n),
        name: name.to_owned(),
        kind: AgencyKind::Organ,
        leadership: Leadership::Local,
        is_justice,
        issues_certificates: is_justice,
        division_code: division.to_owned(),
        superior_id: None,
        entrusted_by_id: None,
        exists: true,
    }
}

fn places() -> Places {
    use DivisionLevel::{County, Prefecture, Province, Township};
    [
        ("620000", Province, None),
        ("620100", Prefecture, Some("620000")),
        ("620102", County, Some("620100")),
        ("620103", County, Some("620100")),
        ("620102001", Township, Some("620102")),
    ]
    .into_iter()
    .map(|(code, level, parent): (&str, _, Option<&str>)| {
        (code.to_owned(), Place { level, parent_code: parent.map(str::to_owned) })
    })
    .collect()
}

/// A county with a market bureau, which entrusts a brigade, and a bureau of prices.
fn around() -> Surroundings {
    let mut brigade = node(BRIGADE, "执法队", "620102", false);
    brigade.kind = AgencyKind::EntrustedOrganisation;
    brigade.superior_id = Some(id(MARKET));
    brigade.entrusted_by_id = Some(id(MARKET));
    Surroundings {
        places: places(),
        fields: HashSet::from(["market".to_owned()]),
        nodes: [
            node(PROVINCE, "省司法厅", "620000", true),
            node(CITY, "市司法局", "620100", true),
            node(COUNTY, "城关区司法局", "620102", true),
            node(MARKET, "城关区市场监管局", "620102", false),
            node(PRICES, "城关区物价局", "620102", false),
            node(OTHER_COUNTY, "七里河区司法局", "620103", true),
            brigade,
        ]
        .into_iter()
        .map(|n| (n.id, n))
        .collect(),
    }
}

fn new(n: u128, name: &str) -> NewAgency {
    let body = format!("11620102MB{n:07}");
    NewAgency {
        id: id(n),
        name: name.into(),
        aliases: vec![],
        uscc: format!("{body}{}", uscc_check_character(&body).unwrap()),
        kind: AgencyKind::Organ,
        leadership: Leadership::Local,
        is_justice: false,
        issues_certificates: false,
        division_code: "620102".into(),
        superior_id: None,
        entrusted_by_id: None,
        entrustment_letter: None,
        field_codes: vec!["market".into()],
        complaint_phone: None,
        qualification: AgencyQualification::Pending,
        qualification_confirmed_on: None,
    }
}

fn founded(n: u128, name: &str) -> Target {
    Target::New(Box::new(new(n, name)))
}

fn rename(n: u128, name: &str) -> Plan {
    Plan::Rename { agency: id(n), name: name.into() }
}

fn merge(from: &[u128], into: Target) -> Plan {
    Plan::Merge { from: from.iter().map(|n| id(*n)).collect(), into }
}

fn moved(n: u128, superior: Superior, division: Option<&str>) -> Plan {
    Plan::Move { agency: id(n), superior, division: division.map(Into::into), leadership: None }
}

fn abolish(n: u128, successor: Option<u128>) -> Plan {
    Plan::Abolish { agency: id(n), successor: successor.map(id) }
}

fn part(to: Target, people: &[u128], units: &[&str], rest: bool) -> Part {
    Part {
        to,
        people: people.iter().map(|n| PersonId(Uuid::from_u128(*n))).collect(),
        units: units.iter().map(|u| (*u).to_owned()).collect(),
        rest,
    }
}

fn split(n: u128, parts: Vec<Part>, ends: bool) -> Plan {
    Plan::Split { from: id(n), parts, ends }
}

/// The word of the refusal and what it is about.
fn refused(plan: &Plan) -> (&'static str, String) {
    let refusal = reformed(plan, &around()).unwrap_err();
    (refusal.code(), refusal.args().remove(0).1)
}

#[test]
fn whatever_cannot_be_is_refused_by_its_own_code() {
    let market = || Target::Existing(id(MARKET));
    let prices = || Target::Existing(id(PRICES));
    for (plan, code, about) in [
        (rename(99, "新名称"), "AGENCY_NOT_FOUND", ""),
        (rename(MARKET, "局"), "AGENCY_NAME_INVALID", "局"),
        (rename(MARKET, "城关区物价局"), "AGENCY_NAME_TAKEN", "城关区物价局"),
        (rename(MARKET, "城关区市场监管局"), "NOTHING_CHANGES", "城关区市场监管局"),
        (merge(&[], market()), "NOTHING_SELECTED", ""),
        (merge(&[MARKET, PRICES], prices()), "INTO_ITSELF", "城关区物价局"),
        (merge(&[PRICES, PRICES], market()), "AGENCY_NAMED_TWICE", "城关区物价局"),
        (merge(&[PRICES], Target::Existing(id(99))), "SUCCESSOR_NOT_FOUND", ""),
        (
            merge(&[PRICES], founded(10, "城关区市场监管局")),
            "AGENCY_NAME_TAKEN",
            "城关区市场监管局",
        ),
        // What the market bureau entrusts cannot be entrusted by an organisation that is none.
        (merge(&[MARKET], Target::Existing(id(BRIGADE))), "ENTRUSTING_ORGAN_INVALID", "执法队"),
        (abolish(MARKET, Some(MARKET)), "INTO_ITSELF", "城关区市场监管局"),
        (abolish(MARKET, None), "AGENCY_HAS_SUBORDINATES", "城关区市场监管局"),
        (moved(MARKET, Superior::Stays, None), "NOTHING_CHANGES", "城关区市场监管局"),
        (moved(MARKET, Superior::Nobody, Some("620102")), "NOTHING_CHANGES", "城关区市场监管局"),
        (moved(MARKET, Superior::Under(id(MARKET)), None), "SUPERIOR_CIRCLE", "城关区市场监管局"),
        (moved(MARKET, Superior::Under(id(BRIGADE)), None), "SUPERIOR_CIRCLE", "城关区市场监管局"),
        (moved(MARKET, Superior::Under(id(99)), None), "SUPERIOR_NOT_FOUND", "城关区市场监管局"),
        (moved(MARKET, Superior::Stays, Some("990000")), "DIVISION_NOT_FOUND", "990000"),
        (
            moved(COUNTY, Superior::Stays, Some("620102001")),
            "COUNTY_LEVEL_REQUIRED",
            "城关区司法局",
        ),
        (split(PRICES, vec![], false), "NOTHING_SELECTED", ""),
        (
            split(PRICES, vec![part(market(), &[], &[], false)], false),
            "PART_EMPTY",
            "城关区市场监管局",
        ),
        (
            split(PRICES, vec![part(prices(), &[1], &[], false)], false),
            "INTO_ITSELF",
            "城关区物价局",
        ),
        (
            split(
                PRICES,
                vec![part(market(), &[1], &[], false), part(market(), &[2], &[], false)],
                false,
            ),
            "AGENCY_NAMED_TWICE",
            "城关区市场监管局",
        ),
        (
            split(
                PRICES,
                vec![part(market(), &[1], &[], false), part(founded(10, "新局"), &[1], &[], false)],
                false,
            ),
            "PERSON_NAMED_TWICE",
            "",
        ),
        (
            split(
                PRICES,
                vec![
                    part(market(), &[], &["一科"], false),
                    part(founded(10, "新局"), &[], &["一科"], false),
                ],
                false,
            ),
            "UNIT_NAMED_TWICE",
            "一科",
        ),
        (
            split(
                PRICES,
                vec![part(market(), &[], &[], true), part(founded(10, "新局"), &[], &[], true)],
                false,
            ),
            "TWO_RESTS",
            "",
        ),
        (
            split(MARKET, vec![part(prices(), &[], &[], true)], true),
            "AGENCY_HAS_SUBORDINATES",
            "城关区市场监管局",
        ),
    ] {
        assert_eq!(refused(&plan), (code, about.to_owned()), "{plan:?}");
    }
    let second = moved(OTHER_COUNTY, Superior::Stays, Some("620102"));
    assert_eq!(refused(&second).0, "JUSTICE_DEPARTMENT_TAKEN");
}

#[test]
fn agencies_and_whom_a_split_names_are_bounded() {
    let market = || Target::Existing(id(MARKET));
    let many = vec![PRICES; MOST_AGENCIES + 1];
    assert_eq!(refused(&merge(&many, market())), ("TOO_MANY", "50".to_owned()));
    let named: Vec<u128> = (0..=500).collect();
    let crowd = split(PRICES, vec![part(market(), &named, &[], false)], false);
    assert_eq!(refused(&crowd), ("TOO_MANY", "500".to_owned()));
    let parts = |count: u128, units: bool| {
        let named = |n: u128| {
            let named: Vec<u128> = (n * 500..(n + 1) * 500).collect();
            let people = if units { Vec::new() } else { named.clone() };
            let words: Vec<String> = named.iter().map(|n| format!("{n}科")).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let name = format!("城关区第{n}局");
            part(founded(100 + n, &name), &people, if units { &words } else { &[] }, false)
        };
        split(PRICES, (0..count).map(named).collect(), false)
    };
    for units in [false, true] {
        assert_eq!(refused(&parts(11, units)), ("TOO_MANY", "5000".to_owned()));
        assert!(reformed(&parts(10, units), &around()).is_ok());
    }
}

#[test]
fn what_has_ended_neither_changes_nor_takes_over() {
    let mut around = around();
    around.nodes.get_mut(&id(PRICES)).unwrap().exists = false;
    let code = |plan: &Plan| reformed(plan, &around).unwrap_err().code();
    assert_eq!(code(&rename(PRICES, "新物价局")), "AGENCY_ABOLISHED");
    assert_eq!(code(&abolish(PRICES, None)), "AGENCY_ABOLISHED");
    assert_eq!(code(&abolish(MARKET, Some(PRICES))), "SUCCESSOR_ABOLISHED");
    assert_eq!(code(&merge(&[MARKET], Target::Existing(id(PRICES)))), "SUCCESSOR_ABOLISHED");
    let under = moved(MARKET, Superior::Under(id(PRICES)), None);
    assert_eq!(code(&under), "SUPERIOR_NOT_FOUND");
    // Its name is free again.
    assert!(reformed(&rename(MARKET, "城关区物价局"), &around).is_ok());
}

#[test]
fn what_lies_under_an_agency_that_ends_comes_under_its_successor() {
    let plan = merge(&[MARKET, PRICES], founded(10, "城关区市场监管局"));
    let after = reformed(&plan, &around()).unwrap();
    let brigade = &after.nodes[&id(BRIGADE)];
    assert_eq!((brigade.superior_id, brigade.entrusted_by_id), (Some(id(10)), Some(id(10))));
    assert!(!after.nodes[&id(MARKET)].exists && !after.nodes[&id(PRICES)].exists);
    // The name of one that ends may be borne on.
    assert_eq!(after.nodes[&id(10)].name, "城关区市场监管局");
    assert_eq!(after.heirs, [(id(MARKET), id(10)), (id(PRICES), id(10))]);
    assert_eq!(after.founded, [new(10, "城关区市场监管局")]);

    // A bureau takes over its own superior, and comes under the superior of that.
    let mut around = around();
    around.nodes.get_mut(&id(PRICES)).unwrap().superior_id = Some(id(MARKET));
    around.nodes.get_mut(&id(MARKET)).unwrap().superior_id = Some(id(CITY));
    let plan = abolish(MARKET, Some(PRICES));
    let after = reformed(&plan, &around).unwrap();
    assert_eq!(after.nodes[&id(PRICES)].superior_id, Some(id(CITY)));
    assert_eq!(after.nodes[&id(BRIGADE)].superior_id, Some(id(PRICES)));
}

#[test]
fn a_day_is_bounded_and_in_order() {
    let policy = AgencyChangePolicy::default();
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    let today = date("2026-03-02");
    let at = |on: &str, last: Option<&str>| {
        day(date(on), today, last.map(date), &policy).map_err(|r| (r.code(), r.args().remove(0).1))
    };
    assert_eq!(at("2025-12-02", None), Ok(()));
    assert_eq!(at("2025-12-01", None), Err(("EFFECTIVE_TOO_EARLY", "2025-12-02".into())));
    assert_eq!(at("2027-03-03", None), Ok(()));
    assert_eq!(at("2027-03-04", None), Err(("EFFECTIVE_TOO_LATE", "2027-03-03".into())));
    assert_eq!(at("2026-03-01", Some("2026-03-01")), Ok(()));
    assert_eq!(
        at("2026-02-28", Some("2026-03-01")),
        Err(("REFORM_OUT_OF_ORDER", "2026-03-01".into()))
    );
}

#[test]
fn a_document_has_a_number() {
    assert_eq!(document(" 甘编发〔2025〕3号 "), Ok("甘编发〔2025〕3号".into()));
    for wrong in ["", " 号 ", "一\n二", &"长".repeat(101)] {
        assert_eq!(document(wrong).unwrap_err().code(), "DOCUMENT_INVALID", "{wrong:?}");
    }
}

#[test]
fn a_plan_is_kept_as_it_was_proposed() {
    for plan in [
        rename(MARKET, "新名称"),
        merge(&[MARKET, PRICES], founded(10, "新局")),
        merge(&[PRICES], Target::Existing(id(MARKET))),
        split(PRICES, vec![part(Target::Existing(id(MARKET)), &[1], &["一科"], true)], true),
        moved(MARKET, Superior::Under(id(CITY)), Some("620103")),
        moved(MARKET, Superior::Nobody, None),
        abolish(PRICES, None),
        abolish(PRICES, Some(MARKET)),
    ] {
        let stored = serde_json::to_value(&plan).unwrap();
        assert_eq!(serde_json::from_value::<Plan>(stored.clone()).unwrap(), plan, "{stored}");
    }
}

/// The trees as a reader of the rules would work them out, agency by agency, without the code that
/// builds them.
fn by_hand(around: &Surroundings) -> [HashMap<AgencyId, Option<AgencyId>>; 3] {
    let justice_in = |code: &str| {
        around.nodes.values().find(|n| n.exists && n.is_justice && n.division_code == code)
    };
    let territory = |node: &Node| {
        let mut code = Some(node.division_code.clone());
        while let Some(at) = code {
            match justice_in(&at) {
                Some(found) if found.id != node.id => return Some(found.id),
                _ => code = around.places.get(&at).and_then(|p| p.parent_code.clone()),
            }
        }
        None
    };
    let map = |parent: &dyn Fn(&Node) -> Option<AgencyId>| {
        around.nodes.values().map(|n| (n.id, parent(n))).collect()
    };
    [map(&territory), map(&|n| n.superior_id), map(&|n| n.entrusted_by_id)]
}

proptest! {
    /// However agencies are moved about, merged and abolished, nobody stands in a circle, nobody
    /// that is there lies under somebody who is not, and the trees are those of the register.
    #[test]
    fn any_sequence_of_reforms_leaves_a_register_that_stands(
        steps in prop::collection::vec((0_u8..5, 1_u128..8, 0_u128..8, 0_usize..5), 0..40)
    ) {
        let codes = ["620000", "620100", "620102", "620103", "620102001"];
        let mut around = around();
        for (kind, a, b, at) in steps {
            let superior = if b == 0 { Superior::Nobody } else { Superior::Under(id(b)) };
            let plan = match kind {
                0 => moved(a, superior, None),
                1 => moved(a, Superior::Stays, Some(codes[at])),
                2 => merge(&[a], Target::Existing(id(b))),
                3 => abolish(a, None),
                _ => moved(a, superior, Some(codes[at])),
            };
            if let Ok(after) = reformed(&plan, &around) {
                around.nodes = after.nodes;
            }
            prop_assert_eq!(register::in_circle(&around.nodes), None);
            prop_assert_eq!(register::second_justice(&around.nodes), None);
            for node in around.nodes.values().filter(|n| n.exists) {
                prop_assert!(register::stands(node, &around).is_ok(), "{:?}", node);
            }
        }
        let Trees { territory, line, own } = trees(around.nodes.values(), &around.places);
        for (tree, expected) in [territory, line, own].iter().zip(by_hand(&around)) {
            let mut pairs = tree::closure(tree);
            pairs.sort_unstable();
            let mut by_hand: Vec<_> = expected
                .keys()
                .flat_map(|&agency| {
                    let above = std::iter::successors(Some(agency), |id| expected[id]);
                    above.zip(0..).map(move |(ancestor, depth)| (ancestor, agency, depth))
                })
                .collect();
            by_hand.sort_unstable();
            prop_assert_eq!(pairs, by_hand);
        }
    }
}
