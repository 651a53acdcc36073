//! The agencies of the demo province: a justice department and the usual enforcement agencies at
//! each level, with who leads, entrusts and stands above whom. A function of nothing but its
//! extent; the usual agencies come first in a whole province too and keep their numbers there.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use entities::enums::{AgencyKind, DivisionLevel, Leadership};

use super::divisions::{Division, divisions};
use super::lines::{JUSTICE, LINES, Line};
use super::numbers::{complaint_phone, credit_code};
use super::townships::townships;

/// How much of a province there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// The usual agencies, about 1,200: for a demo.
    Usual,
    /// Every agency down to the towns, about 5,000: for a province's worth of officers.
    Whole,
}

impl Extent {
    /// The extent that goes with so many officers.
    pub const fn for_officers(count: usize) -> Self {
        if count < 20_000 { Self::Usual } else { Self::Whole }
    }
}

/// An agency of the demo. Indexes are into the list it stands in, and point to earlier entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAgency {
    /// The official name, unique.
    pub name: String,
    /// The name people use, unique.
    pub short_name: String,
    /// Names before the reform of 2018, when they still stand in old files.
    pub former_names: Vec<String>,
    /// 统一社会信用代码, in a division nobody has.
    pub credit_code: String,
    /// Organ, authorised or entrusted.
    pub kind: AgencyKind,
    /// Who leads it.
    pub leadership: Leadership,
    /// The code of its division (GB/T 2260); that of the county for a town's.
    pub division: &'static str,
    /// Its level; `Township` for a town's.
    pub level: DivisionLevel,
    /// The superior of its line; for an entrusted organisation the organ that entrusts it.
    pub parent: Option<usize>,
    /// The organ that entrusts it.
    pub entrusted_by: Option<usize>,
    /// The number of the entrustment letter (委托书), where there is one.
    pub entrustment_letter: Option<String>,
    /// Whether it is the justice department of its division.
    pub is_justice: bool,
    /// Codes of the dictionary of enforcement fields.
    pub fields: &'static [&'static str],
    /// 投诉电话 that cannot be dialled.
    pub complaint_phone: String,
    /// When its own enforcement qualification was confirmed: in the year after the reform.
    pub confirmed_on: NaiveDate,
    /// A unique word in lowercase ASCII, digits and `-`: `lanzhou-market`.
    pub slug: String,
    /// How many officers it has, compared with others.
    pub weight: u32,
}

/// The agencies of the demo province.
pub fn agencies(extent: Extent) -> Vec<DemoAgency> {
    let mut province = Province::default();
    let divisions = divisions();
    for pass in [Extent::Usual, Extent::Whole] {
        if pass > extent {
            break;
        }
        for line in LINES {
            for division in &divisions {
                if belongs_to(line, division.level) == pass {
                    province.found(line, division, &divisions);
                }
            }
        }
    }
    if extent == Extent::Whole {
        for division in divisions.iter().filter(|d| d.level == DivisionLevel::County) {
            province.found_townships(division, &divisions);
        }
    }
    province.agencies
}

/// From which extent on a line's agencies of a level are there.
fn belongs_to(line: &Line, level: DivisionLevel) -> Extent {
    if level == DivisionLevel::County && !line.usual_in_counties {
        Extent::Whole
    } else {
        Extent::Usual
    }
}

#[derive(Default)]
struct Province {
    agencies: Vec<DemoAgency>,
    /// By line and division.
    places: HashMap<(&'static str, &'static str), usize>,
}

/// What an agency has beside its line and division.
struct Naming {
    name: String,
    short_name: String,
    slug: String,
}

impl Province {
    fn at(&self, line: &'static str, division: &'static str) -> Option<usize> {
        self.places.get(&(line, division)).copied()
    }

    /// Adds the agency of a line in a division, if the line has one at that level.
    fn found(&mut self, line: &Line, division: &Division, divisions: &[Division]) {
        let Some(pattern) = line.name(division.level) else { return };
        let place = place(division, divisions);
        let mut naming = Naming {
            name: pattern.replace("{}", &place),
            short_name: shorten(&pattern.replace("{}", division.name), line.short),
            slug: format!("{}-{}", division.slug, line.key),
        };
        let superior = division.parent.and_then(|above| self.superior(line.key, above, divisions));
        if line.key == "ecology"
            && division.level == DivisionLevel::County
            && let Some(bureau) = superior.and_then(|index| self.agencies.get(index))
        {
            // An outpost bears the name of its bureau: 兰州市生态环境局城关分局.
            let branch = format!("{}分局", branch_place(division));
            naming.name = format!("{}{branch}", bureau.name);
            naming.short_name = format!("{}{branch}", bureau.short_name);
        }
        let leadership = match (line.key, division.level) {
            ("ecology", DivisionLevel::County) => Leadership::Vertical,
            (_, DivisionLevel::Province) if line.leadership == Leadership::Dual => {
                if line.key == "weather" { Leadership::Dual } else { Leadership::Local }
            }
            _ => line.leadership,
        };
        let entrusted_by = line.entrusted_by.and_then(|organ| self.at(organ, division.code));
        let former = match division.level {
            DivisionLevel::Province => &[],
            _ => line.former,
        };
        self.places.insert((line.key, division.code), self.agencies.len());
        self.push(DemoAgency {
            former_names: former.iter().map(|old| old.replace("{}", &place)).collect(),
            kind: line.kind,
            leadership,
            parent: if entrusted_by.is_some() { entrusted_by } else { superior },
            entrusted_by,
            is_justice: line.key == JUSTICE,
            fields: line.fields,
            weight: line.weight * level_weight(division),
            ..blank(naming, division, division.level)
        });
    }

    /// Adds the two organisations of each town: its brigade, entrusted by the county's urban
    /// management, and its market regulation office, which may fine on its own in small matters.
    fn found_townships(&mut self, county: &Division, divisions: &[Division]) {
        let (Some(urban), Some(market)) =
            (self.at("urban", county.code), self.at("market", county.code))
        else {
            return;
        };
        let place = place(county, divisions);
        for (number, town) in (1..).zip(townships(county.name)) {
            let brigade = Naming {
                name: format!("{place}{town}综合行政执法队"),
                short_name: format!("{}{town}执法队", county.name),
                slug: format!("{}-town{number:02}-urban", county.slug),
            };
            self.push(DemoAgency {
                kind: AgencyKind::EntrustedOrganisation,
                parent: Some(urban),
                entrusted_by: Some(urban),
                fields: &["urban"],
                weight: 12,
                ..blank(brigade, county, DivisionLevel::Township)
            });
            let stem = town.trim_end_matches("街道").trim_end_matches(['镇', '乡']);
            let office = Naming {
                name: format!("{place}市场监督管理局{stem}市场监督管理所"),
                short_name: format!("{}{stem}市场监管所", county.name),
                slug: format!("{}-town{number:02}-market", county.slug),
            };
            self.push(DemoAgency {
                kind: AgencyKind::AuthorisedOrganisation,
                leadership: Leadership::Vertical,
                parent: Some(market),
                fields: &["market"],
                weight: 12,
                ..blank(office, county, DivisionLevel::Township)
            });
        }
    }

    /// Adds an agency with the numbers that follow from its place in the list.
    fn push(&mut self, agency: DemoAgency) {
        let ordinal = self.agencies.len();
        let days = u64::try_from(ordinal % 240).unwrap_or_default();
        let entrusting = agency.entrusted_by.and_then(|index| self.agencies.get(index));
        self.agencies.push(DemoAgency {
            credit_code: credit_code(agency.kind != AgencyKind::Organ, ordinal),
            complaint_phone: complaint_phone(agency.division, ordinal),
            confirmed_on: REFORM + Days::new(days),
            entrustment_letter: entrusting
                .map(|organ| format!("{}委托〔2019〕{ordinal:04}号", organ.short_name)),
            ..agency
        });
    }

    /// The agency of the line in the division above, or in the one above that.
    fn superior(
        &self,
        line: &'static str,
        above: &'static str,
        divisions: &[Division],
    ) -> Option<usize> {
        // Urban management has no department of its own at the province: housing guides it.
        self.at(line, above)
            .or_else(|| (line == "urban").then(|| self.at("housing", above)).flatten())
            .or_else(|| {
                let next = divisions.iter().find(|d| d.code == above)?.parent?;
                self.superior(line, next, divisions)
            })
    }
}

/// The day from which the agencies of the reform confirmed their qualification.
const REFORM: NaiveDate = match NaiveDate::from_ymd_opt(2019, 3, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// A local organ without superior and without numbers.
fn blank(naming: Naming, division: &Division, level: DivisionLevel) -> DemoAgency {
    DemoAgency {
        name: naming.name,
        short_name: naming.short_name,
        former_names: Vec::new(),
        credit_code: String::new(),
        kind: AgencyKind::Organ,
        leadership: Leadership::Local,
        division: division.code,
        level,
        parent: None,
        entrusted_by: None,
        entrustment_letter: None,
        is_justice: false,
        fields: &[],
        complaint_phone: String::new(),
        confirmed_on: REFORM,
        slug: naming.slug,
        weight: 0,
    }
}

/// The place as official names have it: a district's bears the city's, a county's stands alone.
fn place(division: &Division, divisions: &[Division]) -> String {
    let city = division
        .parent
        .filter(|_| division.level == DivisionLevel::County && division.name.ends_with('区'))
        .and_then(|parent| divisions.iter().find(|d| d.code == parent));
    format!("{}{}", city.map_or("", |c| c.name), division.name)
}

/// The place as a branch's name has it: without its kind, unless too little would be left.
fn branch_place(division: &Division) -> &'static str {
    /// The autonomous counties, and the two that share a name.
    const SPECIAL: [(&str, &str); 9] = [
        ("620525", "张家川"),
        ("620623", "天祝"),
        ("620721", "肃南"),
        ("620923", "肃北"),
        ("620924", "阿克塞"),
        ("622901", "临夏市"),
        ("622921", "临夏县"),
        ("622926", "东乡"),
        ("622927", "积石山"),
    ];
    let special = SPECIAL.iter().find(|(code, _)| *code == division.code).map(|(_, name)| *name);
    let stem = division.name.trim_end_matches(['区', '县', '市']);
    special.unwrap_or(if stem.chars().count() < 2 { division.name } else { stem })
}

/// The name people use: the words of the line abbreviated.
fn shorten(name: &str, (words, abbreviation): (&str, &str)) -> String {
    if words.is_empty() { name.to_owned() } else { name.replace(words, abbreviation) }
}

/// Cities have more officers than counties, the capital most.
fn level_weight(division: &Division) -> u32 {
    match (division.level, division.code) {
        (_, "620100") => 12,
        (DivisionLevel::Prefecture, _) => 6,
        (DivisionLevel::Province, _) => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn named<'a>(agencies: &'a [DemoAgency], name: &str) -> &'a DemoAgency {
        agencies.iter().find(|a| a.name == name).unwrap_or_else(|| panic!("no {name}"))
    }

    #[test]
    fn the_extents_have_the_size_of_a_demo_and_of_a_province() {
        let usual = agencies(Extent::Usual);
        let whole = agencies(Extent::Whole);
        assert!((600..=1_300).contains(&usual.len()), "{}", usual.len());
        assert!((4_500..=5_500).contains(&whole.len()), "{}", whole.len());
        assert_eq!(usual.as_slice(), &whole[..usual.len()]);
        assert_eq!(Extent::for_officers(2_000), Extent::Usual);
        assert_eq!(Extent::for_officers(100_000), Extent::Whole);
    }

    #[test]
    fn every_division_has_one_justice_department() {
        let agencies = agencies(Extent::Whole);
        let justice: HashSet<_> =
            agencies.iter().filter(|a| a.is_justice).map(|a| a.division).collect();
        assert_eq!(justice.len(), 101);
        assert_eq!(agencies.iter().filter(|a| a.is_justice).count(), 101);
    }

    #[test]
    fn nothing_that_tells_agencies_apart_is_repeated() {
        let agencies = agencies(Extent::Whole);
        let mut names = HashSet::new();
        let mut codes = HashSet::new();
        let mut slugs = HashSet::new();
        let mut phones = HashSet::new();
        let mut short = HashSet::new();
        for agency in &agencies {
            assert!(names.insert(&agency.name), "{agency:?}");
            assert!(short.insert(&agency.short_name), "{agency:?}");
            assert!(codes.insert(&agency.credit_code), "{agency:?}");
            assert!(slugs.insert(&agency.slug), "{agency:?}");
            assert!(phones.insert(&agency.complaint_phone), "{agency:?}");
        }
        for former in agencies.iter().flat_map(|a| &a.former_names) {
            assert!(names.insert(former) && !short.contains(former), "{former}");
        }
    }

    #[test]
    fn superiors_stand_above_and_entrusted_organisations_under_their_organ() {
        let agencies = agencies(Extent::Whole);
        for (index, agency) in agencies.iter().enumerate() {
            let entrusted = agency.kind == AgencyKind::EntrustedOrganisation;
            assert_eq!(agency.entrusted_by.is_some(), entrusted, "{agency:?}");
            assert_eq!(agency.entrustment_letter.is_some(), entrusted, "{agency:?}");
            assert_eq!(
                agency.parent.is_none(),
                agency.level == DivisionLevel::Province,
                "{agency:?}"
            );
            let Some(parent) = agency.parent else { continue };
            assert!(parent < index);
            let parent = &agencies[parent];
            assert!(parent.level < agency.level || entrusted, "{agency:?} under {parent:?}");
            if entrusted {
                assert_eq!(agency.parent, agency.entrusted_by);
                assert_eq!(parent.division, agency.division);
                // 行政处罚法 §20: no delegation beyond the organ.
                assert_eq!(parent.kind, AgencyKind::Organ, "{agency:?}");
            }
        }
    }

    #[test]
    fn names_are_as_the_official_pattern_has_them() {
        let agencies = agencies(Extent::Usual);
        let justice = named(&agencies, "甘肃省司法厅");
        assert_eq!(
            (justice.slug.as_str(), justice.level),
            ("gansu-justice", DivisionLevel::Province)
        );

        let market = named(&agencies, "兰州市城关区市场监督管理局");
        assert_eq!(market.short_name, "城关区市场监管局");
        assert_eq!(agencies[market.parent.unwrap()].name, "兰州市市场监督管理局");
        assert!(market.former_names.contains(&"兰州市城关区工商行政管理局".to_owned()));

        let branch = named(&agencies, "兰州市生态环境局城关分局");
        assert_eq!(branch.leadership, Leadership::Vertical);
        assert_eq!(agencies[branch.parent.unwrap()].name, "兰州市生态环境局");
        named(&agencies, "庆阳市生态环境局环县分局");
        named(&agencies, "临夏回族自治州生态环境局积石山分局");

        let urban = named(&agencies, "兰州市城市管理综合行政执法局");
        assert_eq!(agencies[urban.parent.unwrap()].name, "甘肃省住房和城乡建设厅");

        let team = named(&agencies, "永登县农业综合行政执法大队");
        assert_eq!(agencies[team.entrusted_by.unwrap()].name, "永登县农业农村局");
        assert_eq!(named(&agencies, "国家税务总局天水市税务局").leadership, Leadership::Vertical);
    }

    #[test]
    fn fields_are_in_the_dictionary_and_all_codes_are_used_or_explained() {
        let known: HashSet<_> = super::super::divisions::fields().iter().map(|f| f.code).collect();
        let used: HashSet<_> =
            agencies(Extent::Whole).iter().flat_map(|a| a.fields).copied().collect();
        assert_eq!(used, known);
    }
}
