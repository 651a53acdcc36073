//! Limits on a request, each with a code. Depth, complexity, recursion and directives are the
//! library's; what it lacks is counted here after parsing: aliases, root fields and size.

use std::sync::Arc;

use super::user_error::face;
use crate::platform::failure::Fault;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextParseQuery};
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{ErrorExtensionValues, Response, ServerError, ServerResult, Variables};

/// Nesting of fields.
pub const DEPTH: usize = 12;
/// Sum of the cost of fields; a connection costs its `first` times what it holds.
pub const COMPLEXITY: usize = 10_000;
/// Nesting while parsing.
pub const RECURSION: usize = 32;
/// Directives on a field.
pub const DIRECTIVES: usize = 8;
/// Aliases in a document.
pub const ALIASES: usize = 15;
/// Fields of the root in a document.
pub const ROOT_FIELDS: usize = 20;
/// Bytes of a document.
pub const DOCUMENT: usize = 20_000;

/// Counts what the library does not.
pub struct DocumentLimits;

impl ExtensionFactory for DocumentLimits {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for DocumentLimits {
    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        if query.len() > DOCUMENT {
            return Err(refusal("DOCUMENT_TOO_LARGE", "the document is too large"));
        }
        let document =
            next.run(ctx, query, variables).await.map_err(|e| coded(e, "GRAPHQL_PARSE_FAILED"))?;
        let sets = document
            .operations
            .iter()
            .map(|(_, o)| &o.node.selection_set.node)
            .chain(document.fragments.values().map(|f| &f.node.selection_set.node));
        if sets.map(aliases).sum::<usize>() > ALIASES {
            return Err(refusal("TOO_MANY_ALIASES", "too many aliases"));
        }
        if document
            .operations
            .iter()
            .any(|(_, o)| o.node.selection_set.node.items.len() > ROOT_FIELDS)
        {
            return Err(refusal("TOO_MANY_ROOT_FIELDS", "too many fields at the root"));
        }
        Ok(document)
    }
}

fn aliases(set: &SelectionSet) -> usize {
    set.items
        .iter()
        .map(|item| match &item.node {
            Selection::Field(field) => {
                usize::from(field.node.alias.is_some()) + aliases(&field.node.selection_set.node)
            }
            Selection::InlineFragment(fragment) => aliases(&fragment.node.selection_set.node),
            Selection::FragmentSpread(_) => 0,
        })
        .sum()
}

fn refusal(code: &str, message: &str) -> ServerError {
    coded(ServerError::new(message, None), code)
}

fn coded(mut error: ServerError, code: &str) -> ServerError {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code);
    error
}

/// Gives every top-level error a code, and what broke a face that tells nothing of the inside:
/// the library turns any error type that a resolver returns into its bare text.
pub fn with_codes(mut response: Response) -> Response {
    for error in &mut response.errors {
        if error.extensions.as_ref().is_some_and(|e| e.get("code").is_some()) {
            continue;
        }
        let code = if let Some(broken) = error.source::<Fault>() {
            tracing::error!(error = %broken, path = ?error.path, "a request failed");
            let (code, text) = face(broken);
            text.clone_into(&mut error.message);
            code
        } else if error.source.is_some() {
            tracing::error!(error = %error.message, path = ?error.path, "a request failed");
            "系统故障。 / A fault on our side.".clone_into(&mut error.message);
            "INTERNAL"
        } else {
            match error.message.as_str() {
                "Query is too complex." => "QUERY_TOO_COMPLEX",
                "Query is nested too deep." => "QUERY_TOO_DEEP",
                m if m.contains("recursion depth") => "QUERY_TOO_DEEP",
                m if m.contains("directives") => "TOO_MANY_DIRECTIVES",
                _ => "GRAPHQL_VALIDATION_FAILED",
            }
        };
        *error = coded(error.clone(), code);
    }
    response
}
