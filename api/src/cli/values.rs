//! Holds `mobile-contract/values/*.json` equal to the code: every value that apps meet with its
//! texts, from the texts that the server itself shows. An enumeration of the schema has them in a
//! group of a capability ([`GROUPS`]), or else in `graphql/enums/words.*.ftl` under its own name.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use mobile_contract::{Evidence, PublicVerdict, Reason, Verdict};
use serde_json::{Map, Value, json};

use super::catalogue;
use crate::platform::texts::{Catalogue, Locale};

macro_rules! texts {
    ($name:ident $path:literal) => {
        static $name: LazyLock<Catalogue> = LazyLock::new(|| {
            Catalogue::new(
                include_str!(concat!("../", $path, ".zh-CN.ftl")),
                include_str!(concat!("../", $path, ".en.ftl")),
            )
        });
    };
}

texts!(WORDS "graphql/enums/words");
texts!(LISTS "exports/exports");
texts!(CERTIFICATION "certification/certification");
texts!(PAGE "verification/verification");

/// Where an enumeration has its texts already: `GROUP-VALUE` of these files.
const GROUPS: &[(&str, &LazyLock<Catalogue>, &str)] = &[
    ("AgencyChangeKind", &LISTS, "change"),
    ("AgencyChangeState", &LISTS, "change-state"),
    ("AgencyKind", &LISTS, "agency-kind"),
    ("AgencyQualification", &LISTS, "agency-qualification"),
    ("ApplicationAct", &LISTS, "act"),
    ("ApplicationOddity", &CERTIFICATION, "oddity"),
    ("ApplicationState", &LISTS, "application"),
    ("ApplicationStep", &LISTS, "step"),
    ("CertificateAct", &LISTS, "event"),
    ("CertificateGround", &CERTIFICATION, "ground"),
    ("CertificateState", &LISTS, "certificate"),
    ("DutyStatus", &LISTS, "duty"),
    ("Employment", &LISTS, "employment"),
    ("Establishment", &LISTS, "establishment"),
    ("ExamOutcome", &LISTS, "outcome"),
    ("ExamSubject", &LISTS, "exam"),
    ("ExistingKind", &LISTS, "existing"),
    ("ExistingState", &LISTS, "claim"),
    ("ExportList", &LISTS, "list"),
    ("Leadership", &LISTS, "leadership"),
    ("LookUpVerdict", &PAGE, "verdict"),
    ("PersonKind", &LISTS, "kind"),
    ("QualificationState", &LISTS, "qualification"),
    ("Role", &LISTS, "role"),
    ("SittingState", &LISTS, "sitting"),
    ("StandingKind", &LISTS, "standing"),
    ("StandingLift", &LISTS, "lift"),
    ("TrainingKind", &LISTS, "training-kind"),
    ("TrainingMode", &LISTS, "training-mode"),
    ("TrainingState", &LISTS, "training"),
];

/// Catalogues of codes that no app meets: those of the command line.
const NOT_FOR_APPS: &[&str] = &["app", "cli/cli", "cli/doctor", "trust/trust"];

/// Writes down which texts are missing instead of stopping at the first.
#[derive(Default)]
struct Collected {
    missing: BTreeSet<String>,
}

impl Collected {
    /// A value with its text in every language. Arguments stand as `{name}`.
    fn value(&mut self, value: &str, texts: &Catalogue, id: &str) -> Value {
        let mut entry = Map::from_iter([("value".to_owned(), json!(value))]);
        for locale in Locale::ALL {
            entry.insert(locale.tag().to_owned(), json!(self.text(texts, locale, id)));
        }
        Value::Object(entry)
    }

    fn text(&mut self, texts: &Catalogue, locale: Locale, id: &str) -> String {
        let arguments = [("asof", "{asof}"), ("date", "{date}"), ("time", "{time}")];
        texts.try_text(locale, id, &arguments).unwrap_or_else(|| {
            self.missing.insert(format!("{id} {}", locale.tag()));
            String::new()
        })
    }

    /// A verdict with its heading and advice in every language, from the page or, where an app says
    /// what the page never does, from the words.
    fn verdict(&mut self, value: &str, heading: &str, advice: &str) -> Value {
        let mut entry = Map::from_iter([("value".to_owned(), json!(value))]);
        for locale in Locale::ALL {
            let mut of = |id: String| {
                let own = WORDS.try_text(locale, &id, &[]);
                own.unwrap_or_else(|| self.text(&PAGE, locale, &id))
            };
            let texts = json!({
                "heading": of(format!("verdict-{heading}")),
                "advice": of(format!("advice-{advice}")),
            });
            entry.insert(locale.tag().to_owned(), texts);
        }
        Value::Object(entry)
    }

    fn enums(&mut self) -> Value {
        let sdl = crate::schema::sdl();
        let definitions = parse_schema(sdl).unwrap().definitions.into_iter();
        let mut enums = Map::new();
        for definition in definitions {
            let TypeSystemDefinition::Type(ty) = definition else { continue };
            let TypeKind::Enum(of) = ty.node.kind else { continue };
            let name = ty.node.name.node.as_str();
            let group = GROUPS.iter().find(|(known, ..)| *known == name);
            let (texts, group) = group.map_or((&WORDS, name), |(_, texts, group)| (*texts, *group));
            let values = of.values.iter().map(|value| {
                let word = value.node.value.node.as_str();
                self.value(word, texts, &format!("{group}-{word}"))
            });
            let values: Vec<Value> = values.collect();
            enums.insert(name.to_owned(), values.into());
        }
        let mut names: Vec<String> = enums.keys().cloned().collect();
        names.sort();
        let sorted = names.into_iter().map(|name| {
            let values = enums.remove(&name).unwrap();
            (name, values)
        });
        json!({
            "about": "Every enumeration of the schema, each value with what people read. A value that \
                      is not here is of a newer server: show it as unknown, and never as good.",
            "enums": Value::Object(sorted.collect()),
        })
    }

    fn verdicts(&mut self) -> Value {
        // To whoever is not signed in as a supervisor, a verdict is its public one.
        let verdicts = Verdict::ALL.iter().map(|verdict| {
            let (code, public) = (verdict.code(), verdict.public().code());
            let mut entry = self.verdict(code, code, public);
            entry["public"] = json!(public);
            entry
        });
        let verdicts: Vec<Value> = verdicts.collect();
        let public = PublicVerdict::ALL.iter().map(|v| self.verdict(v.code(), v.code(), v.code()));
        let public: Vec<Value> = public.collect();
        let remarks = |reason: &Reason| (reason.code(), format!("reason-{}", reason.code()));
        let reasons: Vec<Value> = (Reason::ALL.iter().map(remarks))
            .map(|(value, id)| self.value(value, &WORDS, &id))
            .collect();
        let grades = [Evidence::Printed, Evidence::Phone, Evidence::Challenged];
        let evidence = grades
            .map(|grade| self.value(grade.code(), &WORDS, &format!("evidence-{}", grade.code())));
        let notes = ["status-only", "two-officers", "printed-code", "phone-code", "name-was-cut"]
            .map(|id| self.value(id, &PAGE, id));
        json!({
            "about": "Verdicts in order of precedence, in the words of the public page. `{asof}`, \
                      `{date}` and `{time}` stand for a moment, a day and a clock time. A verdict that \
                      is not here is shown as `unknownVerdict` with nothing of what the code says, a \
                      reason that is not here reads as UNKNOWN. `phoneCodeInvalid` is for INVALID of \
                      a phone's code: its phone may have ended, and the certificate hold. In public \
                      only `publicVerdicts` are shown: a suspension and a revocation look the same \
                      there.",
            "verdicts": verdicts,
            "publicVerdicts": public,
            "reasons": reasons,
            "evidence": evidence,
            "notes": notes,
            "phoneCodeInvalid": self.verdict("INVALID", "PHONE_CODE_INVALID", "PHONE_CODE_INVALID"),
            "unknownVerdict": self.verdict("UNKNOWN", "UNKNOWN_VERDICT", "UNKNOWN_VERDICT"),
            "serviceDown": self.verdict("SERVICE_DOWN", "SERVICE_DOWN", "SERVICE_DOWN"),
        })
    }

    fn kinds(&mut self) -> Value {
        let kinds = [(1, "ENFORCEMENT"), (2, "SUPERVISION")].map(|(number, kind)| {
            let mut entry = self.value(kind, &PAGE, &format!("kind-{kind}"));
            entry["number"] = json!(number);
            entry
        });
        json!({
            "about": "Kinds of certificates by the number in a code. Another number is a kind that is \
                      not known: show the number.",
            "kinds": kinds,
        })
    }
}

fn fields() -> Value {
    let table = include_str!("../../data/enforcement-fields.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let fields = reader.records().map(|record| {
        let record = record.unwrap();
        json!({ "value": record[0], "zh-CN": record[1], "en": record[2] })
    });
    json!({
        "about": "The enforcement fields that the software ships. A deployment may have others: its \
                  trust bundle and `enforcementFields` name them.",
        "fields": fields.collect::<Vec<_>>(),
    })
}

fn errors() -> Value {
    let rows = catalogue::rows(|name| !NOT_FOR_APPS.contains(&name));
    let errors = rows.into_iter().map(|(name, [code, kind, zh_cn, en])| {
        let mut entry = json!({ "code": code, "of": name, "zh-CN": zh_cn, "en": en });
        if name == "graphql/request" {
            entry["http"] = json!(kind.parse::<u16>().unwrap());
        }
        entry
    });
    json!({
        "about": "Codes of refusals by the capability that answers them, `{name}` for an argument. The \
                  server sends the text filled in, in the language asked for: decide by the code, show \
                  the text. With `http` they stand at the top level of an answer. A code that is not \
                  here is a refusal all the same.",
        "errors": errors.collect::<Vec<_>>(),
    })
}

#[test]
fn the_value_sets_of_the_contract_are_what_the_code_says() {
    let mut collected = Collected::default();
    let files = [
        ("enums", collected.enums()),
        ("verdicts", collected.verdicts()),
        ("kinds", collected.kinds()),
        ("fields", fields()),
        ("errors", errors()),
    ];
    assert!(
        collected.missing.is_empty(),
        "without a text; a new enumeration has them in graphql/enums/words.*.ftl as NAME-VALUE: {:#?}",
        collected.missing
    );
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mobile-contract/values");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
    }
    for (name, value) in files {
        let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
        let file = folder.join(format!("{name}.json"));
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(&file, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        let differs = text.lines().zip(committed.lines()).find(|(new, old)| new != old);
        assert!(
            text == committed,
            "values/{name}.json is another, first at {differs:?}. Run the test with \
             UPDATE_SNAPSHOTS=1 and review the difference."
        );
    }
}

#[test]
fn a_word_belongs_to_an_enumeration_and_a_group_to_one_that_is() {
    let enums = Collected::default().enums();
    let enums = enums["enums"].as_object().unwrap();
    for (name, ..) in GROUPS {
        assert!(enums.contains_key(*name), "{name} is no enumeration of the schema");
    }
    for (file, source) in [
        ("zh-CN", include_str!("../graphql/enums/words.zh-CN.ftl")),
        ("en", include_str!("../graphql/enums/words.en.ftl")),
    ] {
        for line in source.lines().filter(|line| line.starts_with(|c: char| c.is_uppercase())) {
            let (name, value) = line.split_once(" = ").unwrap().0.split_once('-').unwrap();
            let values = enums.get(name).and_then(Value::as_array);
            let known = values.is_some_and(|all| all.iter().any(|v| v["value"] == *value));
            assert!(known, "{file}: {name} has no value {value}");
        }
    }
}
