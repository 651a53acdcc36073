//! Tests of the rules of organisations.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use entities::enums::{AgencyQualification, Leadership};

/// What makes a good agency a bad one.
type Change<'a> = &'a dyn Fn(&mut NewAgency);

fn id(n: u128) -> AgencyId {
    AgencyId(Uuid::from_u128(n))
}

fn node(n: u128, division: &str, is_justice: bool) -> Node {
    Node {
        id: id(n),
        name: format!("机关{n}"),
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

/// Gansu, Lanzhou with Chengguan and Qilihe, and a township.
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

fn around(nodes: Vec<Node>) -> Surroundings {
    Surroundings {
        places: places(),
        fields: HashSet::from(["transport".to_owned()]),
        nodes: nodes.into_iter().map(|n| (n.id, n)).collect(),
    }
}

fn organ() -> NewAgency {
    NewAgency {
        id: id(9),
        name: "兰州市交通运输委员会".into(),
        aliases: vec![],
        uscc: "11620100013896434K".into(),
        kind: AgencyKind::Organ,
        leadership: Leadership::Local,
        is_justice: false,
        issues_certificates: false,
        division_code: "620100".into(),
        superior_id: None,
        entrusted_by_id: None,
        entrustment_letter: None,
        field_codes: vec!["transport".into()],
        complaint_phone: None,
        qualification: AgencyQualification::Pending,
        qualification_confirmed_on: None,
    }
}

fn with_right_code(mut agency: NewAgency) -> NewAgency {
    agency.uscc.truncate(17);
    agency.uscc.extend(uscc_check_character(&agency.uscc));
    agency
}

#[test]
fn published_codes_are_valid() {
    // The example of the standard, and two as their companies' annual reports print them.
    for code in ["91350100M000100Y43", "9144030071526726XG", "91110000802100433B"] {
        assert!(uscc_is_valid(code), "{code}");
    }
    for wrong in
        ["", "91350100M000100Y4", "91350100M000100Y44", "91350100M000100Y433", "9135010OM000100Y43"]
    {
        assert!(!uscc_is_valid(wrong), "{wrong}");
    }
}

proptest! {
    #[test]
    fn one_wrong_character_of_a_code_is_noticed(
        body in "[0-9A-HJ-NPQRTUWXY]{17}", at in 0usize..18, other in "[0-9A-HJ-NPQRTUWXY]"
    ) {
        let code = format!("{body}{}", uscc_check_character(&body).unwrap());
        prop_assert!(uscc_is_valid(&code));
        let mut altered = code.clone();
        altered.replace_range(at..=at, &other);
        prop_assert_eq!(uscc_is_valid(&altered), altered == code);
    }

    #[test]
    fn any_text_as_a_code_or_name_is_answered(text in ".{0,40}") {
        let _ = uscc_is_valid(&text);
        let _ = phone(&text);
        if let Ok(name) = name(&text) {
            prop_assert_eq!(super::name(&name), Ok(name.clone()));
        }
    }

    #[test]
    fn however_agencies_lie_each_has_a_root(parents in prop::collection::vec(0u128..12, 1..12)) {
        let nodes: HashMap<AgencyId, Node> = parents
            .iter()
            .zip(0u128..)
            .map(|(superior, n)| {
                let mut node = node(n, "620100", false);
                // Only what is entered earlier: then there is no circle.
                node.superior_id = (*superior < n).then(|| id(*superior));
                (node.id, node)
            })
            .collect();
        prop_assert_eq!(in_circle(&nodes), None);
    }
}

#[test]
fn a_circle_of_superiors_is_found() {
    let mut nodes = around(vec![node(1, "620000", false), node(2, "620100", false)]).nodes;
    nodes.get_mut(&id(1)).unwrap().superior_id = Some(id(2));
    assert_eq!(in_circle(&nodes), None);
    nodes.get_mut(&id(2)).unwrap().superior_id = Some(id(1));
    assert!(in_circle(&nodes).is_some());
}

#[test]
fn the_code_of_a_division_fits_its_level_and_parent() {
    use DivisionLevel::{County, Prefecture, Province, Township};
    let known = places();
    let check = |code: &str, level, parent: Option<&str>| {
        let new = NewDivision {
            code: code.into(),
            name: "某地".into(),
            level,
            parent_code: parent.map(str::to_owned),
        };
        division(&new, &known).map_err(|r| r.code)
    };
    for (code, level, parent) in [
        ("630000", Province, None),
        ("620200", Prefecture, Some("620000")),
        ("620104", County, Some("620100")),
        ("622901", County, Some("620000")),
        ("620103002", Township, Some("620103")),
    ] {
        assert_eq!(check(code, level, parent), Ok(()), "{code}");
    }
    for (code, level) in [
        ("62000", Province),
        ("620100", Province),
        ("620000", Prefecture),
        ("620100", County),
        ("62010x", County),
        ("620102", Township),
        ("", County),
    ] {
        assert_eq!(check(code, level, Some("620000")), Err(Code::DivisionInvalid), "{code}");
    }
    for (code, level, parent) in [
        ("620104", County, None),
        ("630000", Province, Some("620000")),
        ("620104", County, Some("620102")),
        ("630104", County, Some("620100")),
        ("620104", County, Some("999999")),
    ] {
        assert_eq!(check(code, level, parent), Err(Code::DivisionParentInvalid), "{code}");
    }
}

#[test]
fn each_kind_of_agency_has_its_rules() {
    let justice = node(1, "620100", true);
    let mut entrusted_node = node(2, "620100", false);
    entrusted_node.kind = AgencyKind::EntrustedOrganisation;
    let mut gone = node(3, "620100", false);
    gone.exists = false;
    let around = around(vec![justice, entrusted_node, gone]);
    let check = |change: &dyn Fn(&mut NewAgency)| {
        let mut new = with_right_code(organ());
        change(&mut new);
        agency(&new, &around).map_err(|r| r.code)
    };
    let entrusted = |by: Option<u128>, letter: Option<&'static str>| {
        move |a: &mut NewAgency| {
            a.kind = AgencyKind::EntrustedOrganisation;
            a.entrusted_by_id = by.map(id);
            a.entrustment_letter = letter.map(str::to_owned);
        }
    };
    assert_eq!(check(&|_| ()), Ok(()));
    assert_eq!(check(&entrusted(Some(1), Some("甘委〔2026〕1号"))), Ok(()));
    let cases: [(Code, Change<'_>); 17] = [
        (Code::UsccInvalid, &|a: &mut NewAgency| a.uscc.push('0')),
        (Code::DivisionNotFound, &|a| a.division_code = "990000".into()),
        (Code::FieldNotFound, &|a| a.field_codes = vec!["magic".into()]),
        (Code::FieldNotFound, &|a| a.field_codes.push("transport".into())),
        (Code::TooManyAliases, &|a| a.aliases = vec![String::new(); 21]),
        (Code::SuperiorNotFound, &|a| a.superior_id = Some(id(77))),
        (Code::SuperiorNotFound, &|a| a.superior_id = Some(id(3))),
        (Code::JusticeDepartmentIsOrgan, &|a| {
            a.kind = AgencyKind::AuthorisedOrganisation;
            a.is_justice = true;
        }),
        (Code::CountyLevelRequired, &|a| {
            a.division_code = "620102001".into();
            a.issues_certificates = true;
        }),
        (Code::EntrustedMayNotIssue, &|a| {
            entrusted(Some(1), Some("1"))(a);
            a.issues_certificates = true;
        }),
        (Code::EntrustingOrganInvalid, &entrusted(None, Some("1"))),
        (Code::EntrustingOrganInvalid, &entrusted(Some(2), Some("1"))),
        (Code::EntrustingOrganInvalid, &entrusted(Some(3), Some("1"))),
        (Code::EntrustmentLetterMissing, &entrusted(Some(1), None)),
        (Code::EntrustmentLetterMissing, &entrusted(Some(1), Some(" "))),
        (Code::EntrustmentNotExpected, &|a| a.entrusted_by_id = Some(id(1))),
        (Code::EntrustmentNotExpected, &|a| a.entrustment_letter = Some("1".into())),
    ];
    for (expected, change) in cases {
        assert_eq!(check(change), Err(expected));
    }
}

#[test]
fn the_trees_follow_division_line_and_entrustment() {
    let mut bureau = node(4, "620102", false);
    bureau.superior_id = Some(id(5));
    let mut station = node(6, "620102001", false);
    station.entrusted_by_id = Some(id(4));
    let nodes = [
        node(1, "620000", true),
        node(2, "620100", true),
        node(3, "620102", true),
        bureau,
        node(5, "620100", false),
        station,
        node(7, "620103", false),
    ];
    let got = trees(nodes.iter(), &places());
    let parents = |pairs: &[(u128, Option<u128>)]| -> crate::access::tree::Parents {
        pairs.iter().map(|(a, p)| (id(*a), p.map(id))).collect()
    };
    let expected = Trees {
        territory: parents(&[
            (1, None),
            (2, Some(1)),
            (3, Some(2)),
            (4, Some(3)),
            (5, Some(2)),
            (6, Some(3)),
            // Its county has no justice department: the prefecture's serves.
            (7, Some(2)),
        ]),
        line: parents(&[
            (1, None),
            (2, None),
            (3, None),
            (4, Some(5)),
            (5, None),
            (6, None),
            (7, None),
        ]),
        own: parents(&[
            (1, None),
            (2, None),
            (3, None),
            (4, None),
            (5, None),
            (6, Some(4)),
            (7, None),
        ]),
    };
    assert_eq!(got, expected);
}

#[test]
fn an_abolished_justice_department_lies_under_its_successor() {
    let mut old = node(2, "620100", true);
    old.exists = false;
    let nodes = [node(1, "620000", true), old.clone(), node(3, "620100", true)];
    assert_eq!(trees(nodes.iter(), &places()).territory[&id(2)], Some(id(3)));
    let nodes = [node(1, "620000", true), old];
    assert_eq!(trees(nodes.iter(), &places()).territory[&id(2)], Some(id(1)));
}

#[test]
fn a_division_has_one_justice_department() {
    let mut nodes = around(vec![node(1, "620100", true), node(2, "620102", true)]).nodes;
    assert_eq!(second_justice(&nodes), None);
    nodes.insert(id(3), node(3, "620102", true));
    assert!(second_justice(&nodes).is_some());
    nodes.get_mut(&id(2)).unwrap().exists = false;
    assert_eq!(second_justice(&nodes), None);
}
