//! Limits on a request, each with a code. Depth, complexity, recursion and directives are the
//! library's; what it lacks is counted here before it looks: size, aliases, fields of the root, and
//! how large a document becomes once its fragments are written out. The library walks through a
//! fragment anew wherever it is spread, so thirty short fragments would keep it busy for hours.

use std::collections::HashMap;

use super::RequestError;
use super::user_error::face;
use crate::platform::failure::Fault;
use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};
use async_graphql::{ErrorExtensionValues, Name, Request, Response, ServerError, ServerResult};

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
/// Fields of the root in an operation, with those of fragments.
pub const ROOT_FIELDS: usize = 20;
/// Fields of a document whose fragments are written out.
pub const FIELDS: usize = 2_000;
/// Bytes of a document.
pub const DOCUMENT: usize = 20_000;

/// Counts what the library does not, before it is asked.
pub fn check(request: &mut Request) -> ServerResult<()> {
    if request.query.len() > DOCUMENT {
        return Err(refusal(RequestError::DocumentTooLarge));
    }
    let document = request.parsed_query().map_err(|e| match e.message.as_str() {
        "recursion limit exceeded." => coded(e, RequestError::TooDeep),
        _ => coded(e, RequestError::ParseFailed),
    })?;
    check_document(document)
}

/// [`check`] for a connection that stays open, over which only subscriptions go.
pub fn check_subscription(request: &mut Request) -> ServerResult<()> {
    check(request)?;
    let name = request.operation_name.clone();
    let document = request.parsed_query()?;
    let mut operations = document.operations.iter().filter(|(of, _)| match &name {
        Some(name) => of.is_some_and(|of| of.as_str() == name),
        None => true,
    });
    // Which one is meant where there are several, the library refuses to guess.
    if operations.all(|(_, operation)| operation.node.ty == OperationType::Subscription) {
        Ok(())
    } else {
        Err(refusal(RequestError::SubscriptionsOnly))
    }
}

fn check_document(document: &ExecutableDocument) -> ServerResult<()> {
    let sets = document
        .operations
        .iter()
        .map(|(_, o)| &o.node.selection_set.node)
        .chain(document.fragments.values().map(|f| &f.node.selection_set.node));
    if sets.map(aliases).sum::<usize>() > ALIASES {
        return Err(refusal(RequestError::TooManyAliases));
    }
    let mut sizes = Sizes { document, depth: 0, fragments: HashMap::new() };
    let mut fields = 0_usize;
    for (_, operation) in document.operations.iter() {
        let size = sizes.of(&operation.node.selection_set.node)?;
        if size.top > ROOT_FIELDS {
            return Err(refusal(RequestError::TooManyRootFields));
        }
        fields = fields.saturating_add(size.all);
    }
    if fields > FIELDS {
        return Err(refusal(RequestError::TooComplex));
    }
    Ok(())
}

/// How large a selection is once its fragments are written out.
#[derive(Clone, Copy, Default)]
struct Size {
    /// Fields of the selection itself.
    top: usize,
    /// With all that is nested, fragments counted as fields.
    all: usize,
}

/// Measures each fragment once, however often it is spread.
struct Sizes<'a> {
    document: &'a ExecutableDocument,
    depth: usize,
    /// `None` while it is being measured: whoever meets it then has gone round in a circle.
    fragments: HashMap<&'a Name, Option<Size>>,
}

impl<'a> Sizes<'a> {
    fn of(&mut self, set: &'a SelectionSet) -> ServerResult<Size> {
        if self.depth > RECURSION {
            return Err(refusal(RequestError::TooDeep));
        }
        self.depth += 1;
        let mut sum = Size::default();
        for item in &set.items {
            let size = match &item.node {
                Selection::Field(field) => {
                    Size { top: 1, all: self.of(&field.node.selection_set.node)?.all }
                }
                Selection::InlineFragment(inline) => self.of(&inline.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => {
                    self.of_fragment(&spread.node.fragment_name.node)?
                }
            };
            sum.top = sum.top.saturating_add(size.top);
            sum.all = sum.all.saturating_add(size.all).saturating_add(1);
        }
        self.depth -= 1;
        Ok(sum)
    }

    fn of_fragment(&mut self, name: &'a Name) -> ServerResult<Size> {
        match self.fragments.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => {
                return Err(coded(
                    ServerError::new("a fragment contains itself", None),
                    RequestError::ValidationFailed,
                ));
            }
            None => {}
        }
        // An unknown fragment is left to the library's own validation.
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Size::default()) };
        self.fragments.insert(name, None);
        let size = self.of(&fragment.node.selection_set.node)?;
        self.fragments.insert(name, Some(size));
        Ok(size)
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

fn refusal(error: RequestError) -> ServerError {
    coded(ServerError::new(error.texts(), None), error)
}

fn coded(mut error: ServerError, as_what: RequestError) -> ServerError {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    extensions.set("code", as_what.code());
    error
}

/// Gives every top-level error a code, and what broke a face that tells nothing of the inside:
/// the library turns any error type that a resolver returns into its bare text.
pub fn with_codes(mut response: Response) -> Response {
    for error in &mut response.errors {
        if error.extensions.as_ref().is_some_and(|e| e.get("code").is_some()) {
            continue;
        }
        let as_what = if let Some(broken) = error.source::<Fault>() {
            tracing::error!(error = %broken, path = ?error.path, "a request failed");
            let face = face(broken);
            error.message = face.texts();
            face
        } else if error.source.is_some() {
            tracing::error!(error = %error.message, path = ?error.path, "a request failed");
            error.message = RequestError::Internal.texts();
            RequestError::Internal
        } else {
            match error.message.as_str() {
                "Query is too complex." => RequestError::TooComplex,
                "Query is nested too deep." => RequestError::TooDeep,
                m if m.contains("recursion depth") => RequestError::TooDeep,
                m if m.contains("directives") => RequestError::TooManyDirectives,
                _ => RequestError::ValidationFailed,
            }
        };
        *error = coded(error.clone(), as_what);
    }
    response
}
