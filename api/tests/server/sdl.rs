//! The schema as the tests read it: parsed from its own SDL, so that nothing escapes them.

use std::collections::BTreeMap;

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind,
    TypeSystemDefinition,
};

/// Every type by its name.
pub struct Sdl(pub BTreeMap<String, TypeDefinition>);

/// A field of the root with a call of it.
pub struct Operation {
    /// `query`, `mutation` or `subscription`.
    pub kind: &'static str,
    /// Name of the field.
    pub name: String,
    /// A valid document with invented arguments and the least selection.
    pub call: String,
}

impl Sdl {
    /// The schema of this build.
    pub fn read() -> Self {
        Self::parse(&api::schema::sdl())
    }

    /// A schema from its text.
    pub fn parse(text: &str) -> Self {
        let types = parse_schema(text).unwrap().definitions.into_iter().filter_map(|d| match d {
            TypeSystemDefinition::Type(t) => Some((t.node.name.node.to_string(), t.node)),
            _ => None,
        });
        Self(types.collect())
    }

    /// Fields of an object; none where there is no such object.
    pub fn fields(&self, object: &str) -> &[Positioned<FieldDefinition>] {
        match self.0.get(object).map(|t| &t.kind) {
            Some(TypeKind::Object(object)) => &object.fields,
            _ => &[],
        }
    }

    /// Every operation, each with a call.
    pub fn operations(&self) -> Vec<Operation> {
        let roots =
            [("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription")];
        let fields = roots
            .into_iter()
            .flat_map(|(kind, root)| self.fields(root).iter().map(move |f| (kind, &f.node)));
        fields
            .map(|(kind, field)| Operation {
                kind,
                name: field.name.node.to_string(),
                call: format!("{kind} {{ {} }}", self.call(field)),
            })
            .collect()
    }

    fn call(&self, field: &FieldDefinition) -> String {
        let selection = match self.0.get(base(&field.ty.node)).map(|t| &t.kind) {
            Some(TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_)) => {
                " { __typename }"
            }
            _ => "",
        };
        let arguments = match self.arguments(&field.arguments) {
            none if none.is_empty() => String::new(),
            some => format!("({})", some.join(", ")),
        };
        format!("{}{arguments}{selection}", field.name.node)
    }

    /// `name: value` of what must be given.
    fn arguments(&self, arguments: &[Positioned<InputValueDefinition>]) -> Vec<String> {
        let needed = arguments.iter().map(|a| &a.node);
        let needed = needed.filter(|a| !a.ty.node.nullable && a.default_value.is_none());
        needed.map(|a| format!("{}: {}", a.name.node, self.value(&a.ty.node))).collect()
    }

    /// A value of a type that means nothing.
    fn value(&self, ty: &Type) -> String {
        let name = match &ty.base {
            BaseType::List(of) => return format!("[{}]", self.value(of)),
            BaseType::Named(name) => name.as_str(),
        };
        match name {
            "ID" => r#""none_00000000000000000000000000000000""#.into(),
            "String" => r#""nothing""#.into(),
            "Int" | "Float" => "1".into(),
            "Boolean" => "false".into(),
            "JSON" => "{}".into(),
            "NaiveDate" => r#""2026-03-02""#.into(),
            "DateTime" => r#""2026-03-02T02:00:00Z""#.into(),
            _ => match self.0.get(name).map(|t| &t.kind) {
                Some(TypeKind::Enum(e)) => e.values[0].node.value.node.to_string(),
                Some(TypeKind::InputObject(input)) => {
                    format!("{{ {} }}", self.arguments(&input.fields).join(", "))
                }
                _ => panic!("how is a value of `{name}` written? Tell `Sdl::value`"),
            },
        }
    }
}

/// The type inside lists.
pub fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::List(of) => base(of),
        BaseType::Named(name) => name.as_str(),
    }
}
