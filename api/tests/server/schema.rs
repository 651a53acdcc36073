//! The schema that phones and third parties are built from: committed, and described throughout.

use async_graphql::Positioned;
use async_graphql::parser::types::{InputValueDefinition, TypeKind};

use crate::sdl::Sdl;
use crate::snapshot::assert_committed;

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    assert_committed("mobile-contract/schema.graphql", &api::schema::sdl());
}

#[test]
fn every_name_of_the_schema_is_described() {
    let missing = undescribed(&Sdl::read());
    assert!(missing.is_empty(), "without a description:\n{}", missing.join("\n"));
}

#[test]
fn a_name_without_a_description_is_found() {
    let sdl = Sdl::parse(
        r#"
        "A." type Query { "a" a("x" x: Int, y: Int): E b: Int }
        "E." enum E { "one" ONE TWO }
        input I { "f" f: Int g: Int }
        union U = Query
        scalar S
        schema { query: Query }
        "#,
    );
    assert_eq!(undescribed(&sdl), ["E.TWO", "I", "I.g", "Query.a(y:)", "Query.b", "S", "U"]);
}

/// A page of a list as the library makes it (Relay's connection), which can give it no description.
fn is_connection(name: &str, kind: &TypeKind) -> bool {
    let TypeKind::Object(object) = kind else { return false };
    let fields: Vec<&str> = object.fields.iter().map(|f| f.node.name.node.as_str()).collect();
    name.ends_with("Connection") && fields == ["pageInfo", "edges", "nodes"]
}

/// Names without a description, sorted.
fn undescribed(sdl: &Sdl) -> Vec<String> {
    let mut missing = Vec::new();
    let mut look = |described: bool, name: String| {
        if !described {
            missing.push(name);
        }
    };
    let says = |text: &Option<Positioned<String>>| {
        text.as_ref().is_some_and(|text| !text.node.trim().is_empty())
    };
    for (name, ty) in &sdl.0 {
        look(says(&ty.description) || is_connection(name, &ty.kind), name.clone());
        let inputs = |fields: &[Positioned<InputValueDefinition>]| {
            let fields =
                fields.iter().map(|f| (says(&f.node.description), f.node.name.to_string()));
            fields.collect::<Vec<_>>()
        };
        match &ty.kind {
            TypeKind::Object(_) | TypeKind::Interface(_) => {
                let fields = match &ty.kind {
                    TypeKind::Interface(interface) => &interface.fields,
                    TypeKind::Object(object) => &object.fields,
                    _ => continue,
                };
                for field in fields.iter().map(|f| &f.node) {
                    let field_name = format!("{name}.{}", field.name);
                    look(says(&field.description), field_name.clone());
                    for (described, argument) in inputs(&field.arguments) {
                        look(described, format!("{field_name}({argument}:)"));
                    }
                }
            }
            TypeKind::Enum(e) => {
                for value in e.values.iter().map(|v| &v.node) {
                    look(says(&value.description), format!("{name}.{}", value.value));
                }
            }
            TypeKind::InputObject(input) => {
                for (described, field) in inputs(&input.fields) {
                    look(described, format!("{name}.{field}"));
                }
            }
            TypeKind::Scalar | TypeKind::Union(_) => {}
        }
    }
    missing.sort();
    missing
}
